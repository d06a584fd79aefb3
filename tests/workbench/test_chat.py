"""Chat: messages come into the record once, at their own times, by their authors, without secrets."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from lastgood.errors import NoDataError, UsageError
from lastgood.incidents.people import people_of
from lastgood.model.message import Quoted
from lastgood.workbench import chat
from lastgood.workbench.chat import bring_in, messages
from lastgood.workbench.room import Room
from records import START
from rooms import config_in, room_in


def said(minute: int, text: str, user: str = "kim", thread: int | None = None) -> dict[str, Any]:
    """A message of Slack so many minutes after the start."""
    stamp = f"{START.timestamp() + 60 * minute:.6f}"
    about = {"thread_ts": f"{START.timestamp() + 60 * thread:.6f}"} if thread is not None else {}
    return {
        "type": "message",
        "ts": stamp,
        "text": text,
        "user": "U1",
        "user_profile": {"real_name": user},
        **about,
    }


def exported(folder: Path, *rows: dict[str, Any]) -> Path:
    """An export."""
    path = folder / "2026-11-22.json"
    path.write_text(json.dumps(rows))
    return path


def quotes(room: Room) -> list[tuple[int, str, str]]:
    """What is on the record: minute, author and text."""
    return [
        (int((e.at - START).total_seconds() // 60), e.payload.author, e.payload.text)
        for e in room.record.entries(room.number)
        if isinstance(e.payload, Quoted)
    ]


def test_a_thread_comes_in_once(tmp_path: Path) -> None:
    """From the opening until now; the second time there is nothing new."""
    path = exported(
        tmp_path,
        said(-5, "lunch?"),
        said(3, "flag off\u202e now", "lee"),
        said(1, "ask kim@example.com"),
        said(90, "later"),
    )
    with room_in(tmp_path) as room:
        room.now = START + timedelta(minutes=30)
        found = list(messages([path], config_in(tmp_path), room.now))
        first = bring_in(room, found, start=None, end=None)
        second = bring_in(room, found, start=None, end=None)

        assert (2, 0, 2) == (first.written, first.known, first.outside)
        assert (0, 2, 2) == (second.written, second.known, second.outside)
        assert [(1, "kim", "ask [e-mail address]"), (3, "lee", "flag off now")] == quotes(room)
        assert "lee" in people_of(room.entries)


def test_one_thread_of_a_channel(tmp_path: Path) -> None:
    """By its first message."""
    path = exported(tmp_path, said(1, "a", thread=1), said(2, "b", thread=1), said(3, "c"))
    with room_in(tmp_path) as room:
        found = list(messages([tmp_path], config_in(tmp_path), room.now))
        bring_in(room, found, start=START, end=START + timedelta(hours=1), thread=found[0].thread)

        assert ["a", "b"] == [text for _, _, text in quotes(room)]
    assert path.exists()


def test_other_programs_are_read_too(tmp_path: Path) -> None:
    """As they export."""
    path = tmp_path / "teams.json"
    path.write_text(
        json.dumps(
            {
                "value": [
                    {
                        "createdDateTime": "2026-11-22T14:46:00Z",
                        "from": {"user": {"displayName": "Kim"}},
                        "body": {"content": "<p>flag off</p>"},
                        "messageType": "message",
                    }
                ]
            }
        )
    )
    (found,) = messages([path], config_in(tmp_path), START)
    assert ("Kim", "flag off", "teams") == (found.quoted.author, found.quoted.text, found.quoted.program)


def test_what_is_no_chat_is_said(tmp_path: Path) -> None:
    """And which chats are known."""
    path = tmp_path / "x.json"
    path.write_text('{"a": 1}')
    with pytest.raises(NoDataError, match="no messages of a known chat"):
        list(messages([path], config_in(tmp_path), START))


def test_too_many_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before any is written."""
    monkeypatch.setattr(chat, "MOST_QUOTED", 1)
    path = exported(tmp_path, said(1, "a"), said(2, "b"))
    with room_in(tmp_path) as room:
        found = list(messages([path], config_in(tmp_path), room.now))
        with pytest.raises(UsageError, match="2 messages; at most 1"):
            bring_in(room, found, start=START, end=START + timedelta(hours=1))
        assert [] == quotes(room)
