"""Lists of deploys without a header, as scripts and consoles write them."""

from datetime import UTC, datetime
from time import process_time

import pytest

from lastgood.decoding.input import Claim, Input
from lastgood.intake import change_lists
from lastgood.intake._registry import best_claim
from lastgood.model.attributes import CHANGE_ZONE
from outcomes import outcome

SHA = "4fa0183c33572c8bb4af65e43b03ab0ad6360c87"
CONSOLE = f"""# history of the console, times Asia/Tokyo
2026-11-12 10:20  seats   v7.8.0  000d42e2a4  seats-1,seats-2  lia
2026-11-22 15:31  seats   v7.9.0  {SHA}  seats-1  ken

2026-11-22 16:36  fares  (table of winter, 214 rows)  all  ops
""".encode()
SCRIPT = f"2026-11-19 13:48:33 +0000 2026.21 {SHA} web-1 web-2 ann ok\n".encode()


def test_a_line_is_a_deploy_with_its_revision_and_hosts() -> None:
    """In the zone that a comment names; a line without a version is what its words say."""
    found = outcome(CONSOLE, "deploys.txt")

    assert "list of deploys" == found.claim.format
    assert found.balanced
    first, second, other = found.rows["lg_changes"]
    assert ("deploy", "seats", "v7.8.0", "lia") == (
        first["Kind"],
        first["Service"],
        first["Version"],
        first["Actor"],
    )
    assert datetime(2026, 11, 22, 6, 31, tzinfo=UTC) == second["Timestamp"].to_pydatetime()
    assert {"vcs.ref.head.revision": SHA, "hosts": "seats-1"} == dict(second["Attributes"])
    assert ("config", "fares") == (other["Kind"], other["Service"])


def test_a_script_of_one_service_does_not_name_it() -> None:
    """Its hosts, who ran it, and how it ended follow the revision."""
    (read,) = outcome(SCRIPT, "deploys.txt").rows["lg_changes"]

    assert ("deploy", "", "2026.21", "ann", "ok") == tuple(
        read[name] for name in ("Kind", "Service", "Version", "Actor", "State")
    )
    assert "web-1 web-2" == dict(read["Attributes"])["hosts"]


def test_a_line_without_a_time_is_rejected() -> None:
    """The others are kept."""
    found = outcome(
        SCRIPT * 3 + b"see the wiki\n", by=(change_lists.SOURCE, Claim("list of deploys", 0.9, ""))
    )

    assert (3, 1) == (len(found.rows["lg_changes"]), len(found.rejects))


@pytest.mark.parametrize(
    "content",
    [
        f"2026-11-22 15:31:00 INFO seats v7.9.0 {SHA} started\n",  # it has a level
        "2026-11-22 15:31:00 nginx 1.25.3 started\n",  # no revision
        "".join(
            f"2026-11-22 15:31:{n:02} seats v7.9.0 {SHA[:9]} served\n" for n in range(30)
        ),  # as often as a log
        f"deployed seats v7.9.0 {SHA}\n",  # no time
    ],
)
def test_logs_are_no_lists_of_deploys(content: str) -> None:
    """What has a level, comes every second, or names no revision."""
    claimed = best_claim(Input(None, "deploys.txt", content=content.encode()))

    assert claimed is None or "list of deploys" != claimed[1].format


@pytest.mark.slow
@pytest.mark.parametrize("rest", ["x ok gate-1 " * 20_000, "a" + "1" * 200_000 + ","])
def test_a_hostile_line_takes_no_time(rest: str) -> None:
    """Many words, and a word of many digits, took the square of their number."""
    usual = "".join(f"2026-11-{day:02} 10:00 shop v1.2.{day} abc12{day:02}\n" for day in range(1, 29)) * 2
    started = process_time()
    found = outcome(f"{usual}2026-11-29 10:00 shop v1.2 abc1234 {rest}\n".encode(), "deploys.log")

    assert process_time() - started < 4
    assert found.balanced


def test_a_list_that_goes_on_after_now_is_of_a_zone_ahead() -> None:
    """Unless a comment names its zone."""
    text = b"2026-11-22 14:00 pay 2.45.0 4fa0183c ann\n2026-11-22 15:41 pay 2.46.0 1f3c9a7d ann\n"
    first, second = outcome(text, "what.txt").rows["lg_changes"]
    (_, zoned) = outcome(b"# Europe/Berlin\n" + text, "what.txt").rows["lg_changes"]

    assert [13, 14, 14] == [one["Timestamp"].hour for one in (first, second, zoned)]
    assert (True, False) == tuple(CHANGE_ZONE in dict(one["Attributes"]) for one in (first, zoned))
