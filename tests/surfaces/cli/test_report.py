"""`lastgood report` reports as the kit does."""

import json
import os
from pathlib import Path

import pytest

from commands import command, lastgood

pytestmark = pytest.mark.slow
DEPLOY = ("deploy", "--service", "payments", "--version", "v2", "--previous-version", "v1", "--id", "d1")


def test_a_deploy_is_reported(tmp_path: Path) -> None:
    """With what was given, as a line of the change feed."""
    file = tmp_path / "changes.ndjson"
    done = lastgood(tmp_path, "report", *DEPLOY, "--time", "2026-12-01T10:00:00+00:00", "--file", str(file))

    assert 0 == done.returncode, done.stderr
    (line,) = file.read_text().splitlines()
    said = json.loads(line)
    assert ("deploy", "payments", "v2", "v1", "d1") == tuple(
        said[name] for name in ("kind", "service", "version", "previous_version", "id")
    )
    assert said["time"].startswith("2026-12-01T10:00:00")


@pytest.mark.parametrize(("more", "status"), [((), 0), (("--strict",), 1)])
def test_what_cannot_be_delivered_stops_no_deploy(tmp_path: Path, more: tuple[str, ...], status: int) -> None:
    """Unless it is asked for."""
    bare = {name: value for name, value in os.environ.items() if name != "LASTGOOD_URL"}
    done = command(("report", *DEPLOY, *more), {**bare, "XDG_DATA_HOME": str(tmp_path)})

    assert status == done.returncode
    assert "Set LASTGOOD_URL" in done.stderr


def test_a_kind_that_is_none_is_refused(tmp_path: Path) -> None:
    """With those that there are."""
    done = lastgood(tmp_path, "report", "rollout")

    assert 2 == done.returncode
    assert "migration" in done.stderr


def test_without_the_kit_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a distribution of its own."""
    import sys  # noqa: PLC0415 - beside its use

    from lastgood.errors import UsageError  # noqa: PLC0415
    from lastgood.surfaces.cli.report import report  # noqa: PLC0415

    monkeypatch.setitem(sys.modules, "lastgood_kit.__main__", None)
    with pytest.raises(UsageError, match="lastgood-kit is not installed"):
        report("deploy")
