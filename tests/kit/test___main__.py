"""`python -m lastgood_kit report`."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from kit.conftest import Feed
from lastgood.model.change import ChangeKind
from lastgood_kit.__main__ import main
from lastgood_kit.changes import KINDS, Kind

WORDS = ["report", "deploy", "--service", "payments", "--version", "v2", "--actor", "ci"]


def clock() -> datetime:
    """A quarter to three."""
    return datetime(2026, 11, 22, 14, 45, tzinfo=UTC)


def test_a_deploy_is_reported(feed: Feed, monkeypatch: pytest.MonkeyPatch) -> None:
    """To the server that the settings name, at the time it is."""
    monkeypatch.setenv("LASTGOOD_URL", feed.url)

    assert 0 == main(WORDS, clock=clock)
    assert [{"kind": "deploy", "service": "payments", "version": "v2", "actor": "ci",
             "time": "2026-11-22T14:45:00+00:00"}] == feed.got  # fmt: skip


@pytest.mark.parametrize(("more", "status"), [([], 0), (["--strict"], 1)])
def test_a_report_does_not_stop_a_deploy(
    more: list[str], status: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Unless that was asked for."""
    monkeypatch.delenv("LASTGOOD_URL", raising=False)

    assert status == main([*WORDS, *more], clock=clock)
    assert "was not reported" in capsys.readouterr().err


def test_it_can_write_into_a_file(tmp_path: Path) -> None:
    """One line for each report."""
    file = tmp_path / "changes.ndjson"
    for _ in range(2):
        main([*WORDS, "--file", str(file)], clock=clock)

    assert 2 == len(file.read_text().splitlines())


def test_every_kind_is_one_that_lastgood_knows() -> None:
    """The kit does not import Lastgood, so a test holds them together."""
    kinds: set[Kind] = set(KINDS)

    assert kinds <= {kind.value for kind in ChangeKind}
