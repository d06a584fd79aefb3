"""`lastgood incident notify` and `told`: by the commands that call for it, shown first, with what failed said."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import apis
from apis import KEY, Reply, api
from lastgood.errors import UsageError
from lastgood.surfaces.cli.app import command_line
from rooms import room_in

NOW = ("--now", "2026-11-22T15:00Z", "--as", "lee")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a record, an incident, and the settings read from there."""
    monkeypatch.setenv("LASTGOOD_RECORD", f"sqlite:///{tmp_path / 'record.db'}")
    monkeypatch.setenv("DUTY", KEY)
    with room_in(tmp_path):
        pass
    monkeypatch.setenv("LASTGOOD_CONFIG", str(tmp_path / "lastgood.toml"))  # is written before it is read
    return tmp_path


def configure(folder: Path, url: str) -> None:
    """A sink that pages, and a recipient of it."""
    (folder / "lastgood.toml").write_text(
        f'[[sink]]\nkind = "pagerduty"\nname = "duty"\nkey = "$DUTY"\nurl = "{url}"\nallow = ["127.0.0.1"]\n'
        '[[recipient]]\nname = "engineering lead"\nsinks = ["duty"]\n[[recipient]]\nname = "CTO"\n'
    )


def run(*arguments: str) -> Result:
    """A command of an incident."""
    return CliRunner().invoke(command_line("incident"), ["incident", *arguments, *NOW])


def test_a_severity_pages_whom_it_concerns(home: Path) -> None:
    """Once; the page shows who was notified, and the handover too."""
    with api(apis.pagerduty) as duty:
        configure(home, duty.url)
        shown = run("severity", "SEV1", "--because", "all")
        assert 0 == shown.exit_code, shown.output
        assert "page sent to duty: answered 202; severity SEV1" in shown.stderr
        assert "✓ 15:00:00 by duty" in shown.stdout
        assert 0 == run("severity", "SEV1", "--because", "all").exit_code
        assert 1 == len(duty.got)
        assert "nothing is owed" in run("notify").stderr
        assert "engineering lead: ✓ 15:00:00 by duty" in run("handover").stdout

        ended = run("mitigated", "flag off")
        assert "end of the page sent to duty" in ended.stderr
    assert ["trigger", "resolve"] == [got.body["event_action"] for got in duty.got]


def test_a_page_that_fails_is_said(home: Path) -> None:
    """With 4; the severity is on the record, and it can be sent again."""
    with api(apis.pagerduty, *[Reply(403)] * 5) as duty:
        configure(home, duty.url)
        failed = run("severity", "SEV1", "--because", "all")
        assert 4 == failed.exit_code
        assert "page not sent to duty: it answered 403" in failed.stderr
        assert "SEV1" in failed.stdout
        for _ in range(4):
            assert 4 == run("notify").exit_code
        assert "nothing is owed" in run("notify").stderr
        assert 0 == run("notify", "--again").exit_code
    assert KEY not in failed.output


def test_what_would_be_sent_is_shown(home: Path) -> None:
    """And is not."""
    with api(apis.pagerduty, Reply(403)) as duty:
        configure(home, duty.url)
        run("severity", "SEV2", "--because", "some")
        before = len(duty.got)
        shown = run("notify", "--dry-run")
    assert before == len(duty.got)
    assert f"--- duty: page, because severity SEV2; not sent\nPOST {duty.url}/enqueue" in shown.stdout
    assert '"routing_key": "$DUTY"' in shown.stdout
    assert KEY not in shown.output


def test_a_dry_run_says_that_nothing_is_owed(home: Path) -> None:
    """Rather than nothing at all."""
    configure(home, "https://events.pagerduty.com/v2")
    assert "nothing is owed" in run("notify", "--dry-run").stderr


def test_a_person_can_be_told_otherwise(home: Path) -> None:
    """By a name of the settings."""
    configure(home, "https://events.pagerduty.com/v2")
    assert "✓ 14:50:00 by phone, by lee" in run("told", "cto", "--how", "by phone", "--at", "now-10m").stdout
    refused = run("told", "CEO")
    assert isinstance(refused.exception, UsageError)
