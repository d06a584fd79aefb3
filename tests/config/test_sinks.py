"""Sections of sinks: secrets are named, never written."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from lastgood.config import AnySink, Slack, WebhookSink, settings

SLACK: dict[str, Any] = {"kind": "slack", "name": "s", "channel": "#incidents"}


@pytest.mark.parametrize("token", ["$SLACK_TOKEN", "file:/run/secrets/slack"])
def test_a_secret_is_named(token: str) -> None:
    """As a variable, or as a file."""
    found = msgspec.convert({**SLACK, "token": token}, AnySink)

    assert isinstance(found, Slack)
    assert token == found.token


@pytest.mark.parametrize("token", ["xoxb-1", "", "$", "file:", "file:///etc/passwd", "$A B"])
def test_a_secret_is_not_written(token: str) -> None:
    """A value is refused, and is not repeated."""
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.convert({**SLACK, "token": token}, AnySink)
    assert "xoxb" not in str(caught.value)


def test_a_webhook_is_not_shown_whole() -> None:
    """Its address may hold a secret."""
    hook = WebhookSink(name="chat", url="https://h.example/hidden-2", secret="hidden-3")  # noqa: S106 - made up

    assert "WebhookSink('chat')" == repr(hook)


def test_a_drill_informs_no_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only files are left of the sinks, with the record of the drill; a real record beside it pages as ever."""
    file = tmp_path / "lastgood.toml"
    file.write_text(
        '[[sink]]\nkind = "pagerduty"\nname = "duty"\nkey = "$K"\n'
        '[[sink]]\nkind = "file"\nname = "minutes"\npath = "u.md"\n'
    )
    monkeypatch.setenv("LASTGOOD_CONFIG", str(file))
    monkeypatch.delenv("LASTGOOD_RECORD", raising=False)
    monkeypatch.setenv("LASTGOOD_DRILL", str(tmp_path))
    assert ["duty", "minutes"] == [one.name for one in settings().sink]

    monkeypatch.setenv("LASTGOOD_RECORD", "sqlite:///real.db")
    assert ["duty", "minutes"] == [one.name for one in settings().sink]

    monkeypatch.setenv("LASTGOOD_RECORD", f"sqlite:///{tmp_path}/record.db")
    assert ["minutes"] == [one.name for one in settings().sink]
