"""Announce: each change that was accepted is posted where that is wanted, once, and a flood as one line."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import apis
from apis import KEY, api
from lastgood.config import Config, FileSink, Mattermost, Settings
from lastgood.decoding.change import change
from lastgood.workbench.announce import MOST_ANNOUNCED, announce, change_message, wanted
from records import START, ticking
from rooms import config_in


def row(number: int = 1, title: str = "payments v2.46.0") -> dict[str, Any]:
    """A deploy as the store has it."""
    _, found = change(
        "deploy",
        0,
        id=f"d{number}",
        title=title,
        service="payments",
        version="v2.46.0",
        actor="kim@example.com",
    )
    return {**found, "Timestamp": START}


def configured(folder: Path, *sinks: Any) -> Config:
    """Settings with these sinks."""
    return replace(config_in(folder), settings=Settings(sink=sinks))


def test_a_change_is_posted_where_it_is_wanted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And nowhere else; without personal data."""
    with api(apis.mattermost) as server:
        monkeypatch.setenv("HOOK", f"{server.url}/hooks/{KEY}")
        chat = Mattermost(name="chat", url="$HOOK", channel="deployments", changes=True, allow=("127.0.0.1",))
        other = FileSink(name="file", path=str(tmp_path / "u.md"))
        config = configured(tmp_path, other, chat)

        assert wanted(config)
        assert not wanted(configured(tmp_path, other))
        assert [("chat", True)] == [(one.sink, one.arrived) for one in announce(config, ticking(), [row()])]

    (got,) = server.taken
    assert "deployments" == got.body["channel"]
    assert "deploy · payments v2.46.0" in got.body["text"]
    assert "kim@example.com" not in got.body["text"]
    assert not (tmp_path / "u.md").exists()


def test_a_flood_is_one_line(tmp_path: Path) -> None:
    """After the first few."""
    path = tmp_path / "u.md"
    config = configured(tmp_path, FileSink(name="file", path=str(path), changes=True))
    rows = [row(number) for number in range(MOST_ANNOUNCED + 3)]

    assert MOST_ANNOUNCED + 1 == len(list(announce(config, ticking(), rows)))
    assert path.read_text().rstrip().endswith("3 more changes came with these")


def test_a_message_is_named_by_its_change() -> None:
    """The same change twice has one id; another state of it has another."""
    assert change_message(row()).id == change_message(row()).id
    assert change_message(row()).id != change_message({**row(), "State": "failed"}).id
    assert "\u202e" not in change_message(row(title="a\u202eb")).text
