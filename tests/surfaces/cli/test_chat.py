"""`lastgood incident chat`: from a file, or from a source of the settings."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from lastgood.errors import UsageError
from lastgood.surfaces.cli.app import command_line
from records import START
from rooms import room_in
from systems import System, running


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a record, an incident, and the settings read from there."""
    monkeypatch.setenv("LASTGOOD_RECORD", f"sqlite:///{tmp_path / 'record.db'}")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with room_in(tmp_path):
        return tmp_path


def run(*arguments: str) -> Result:
    """A command of an incident."""
    return CliRunner().invoke(command_line("incident"), ["incident", *arguments])


def message(minute: int, text: str) -> dict[str, str]:
    """A message of Slack."""
    return {"type": "message", "ts": f"{START.timestamp() + 60 * minute:.6f}", "text": text, "user": "U1"}


NOW = ("--now", "2026-11-22T15:00Z", "--as", "lee")


def test_an_export_comes_into_the_record(home: Path) -> None:
    """With its authors and times; what is of another time is counted."""
    file = home / "channel.json"
    file.write_text(json.dumps([message(-60, "lunch"), message(5, "flag off")]))

    brought = run("chat", str(file), *NOW)
    assert 0 == brought.exit_code, brought.output
    assert "1 message brought in, 0 known, 1 of another time or thread" in brought.stderr
    assert "2026-11-22T14:50:00Z  lee: U1 in Slack: flag off" in run("timeline").stdout
    assert "0 messages brought in, 1 known" in run("chat", str(file), *NOW).stderr


def test_a_thread_is_fetched(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the source of the settings."""
    monkeypatch.setenv("SLACK", "xoxb-1")
    system = System(
        {
            "/conversations.replies": lambda _: {"ok": True, "messages": [message(1, "checkout fails")]},
            "/users.info": lambda _: {"ok": True, "user": {"real_name": "Kim"}},
        }
    )
    with running(system) as url:
        (home / "lastgood.toml").write_text(
            f'[[source]]\nname = "ops"\nkind = "slack"\nurl = "{url}"\ntoken = "$SLACK"\ntarget = "C1"\nselect = "1.1"\n'
        )
        monkeypatch.setenv("LASTGOOD_CONFIG", str(home / "lastgood.toml"))
        brought = run("chat", "--source", "ops", *NOW)

    assert 0 == brought.exit_code, brought.output
    assert "Kim in Slack: checkout fails" in run("timeline").stdout


def test_without_a_chat_it_is_said_how(home: Path) -> None:
    """And a time that ends before it begins is refused."""
    for given in ((), (str(home / "x.json"), "--from", "2026-11-22T16:00Z")):
        assert isinstance(run("chat", *given, *NOW).exception, UsageError)
