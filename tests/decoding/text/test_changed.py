"""Lines that tell of changes: releases and new versions are in the change feed as well as in the log."""

import pytest

from outcomes import outcome

HEROKU = b"""2026-11-22T14:41:03+00:00 heroku[web.1]: State changed from up to crashed
2026-11-22T14:41:04+00:00 app[api]: Release v42 created by user dev@shop.example
2026-11-22T14:41:05+00:00 app[api]: Set BANK_URL, TIMEOUT config vars by user dev@shop.example
"""
DOCKER = b"""2026-11-22T14:40:00+00:00 container create 29d7 (image=registry.example/checkout:v2.46.0, name=checkout)
2026-11-22T14:41:05+00:00 container oom 29d7 (image=registry.example/checkout:v2.46.0, name=checkout)
"""


@pytest.mark.parametrize("part", [b"", b".217572"])
def test_a_release_of_a_platform_is_a_deploy(part: bytes) -> None:
    """With its version and author; and it is a log line still."""
    rows = outcome(HEROKU.replace(b"+00:00", part + b"+00:00"), "heroku.log").rows
    release, config = rows["lg_changes"]

    assert 3 == len(rows["otel_logs"])
    assert ("deploy", "v42", "dev@shop.example") == (release["Kind"], release["Version"], release["Actor"])
    assert ("config", "Set BANK_URL, TIMEOUT config vars") == (config["Kind"], config["Title"])


def test_a_container_that_is_created_is_a_deploy_of_its_image() -> None:
    """Its tag is the version."""
    (created,) = outcome(DOCKER, "events.txt").rows["lg_changes"]
    assert ("checkout", "v2.46.0") == (created["Service"], created["Version"])


def test_what_puppet_changed_is_a_change_of_no_service() -> None:
    """As its agent tells syslog; what was only refreshed or checked is none."""
    head = "Nov 22 14:38:05 web-1 puppet-agent[77]: "
    content = "".join(
        f"{head}{text}\n"
        for text in (
            "Applying configuration version '1795358280'",
            "(/Stage[main]/Pay/Package[payments]/ensure) ensure changed '2.45.0' to '2.46.0'",
            "(/Stage[main]/Pay/File[/etc/pay.conf]/content) content changed '{md5}0f' to '{md5}1f'",
            "(/Stage[main]/Pay/Service[payments]) Triggered 'refresh' from 1 event",
            "Applied catalog in 9.10 seconds",
        )
    )
    package, file = outcome(content.encode(), "messages").rows["lg_changes"]
    assert ("config", "", "2.45.0", "2.46.0") == tuple(
        package[name] for name in ("Kind", "Service", "PreviousVersion", "Version")
    )
    assert ("config", "", "") == tuple(file[name] for name in ("Kind", "Service", "Version"))
