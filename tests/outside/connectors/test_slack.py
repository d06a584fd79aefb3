"""Slack: a thread page by page, with the names of its authors; what it refuses is said though it answers 200."""

from datetime import timedelta
from typing import Any

import orjson
import pytest

from lastgood.errors import NotFetchedError, UsageError
from lastgood.model.window import Window
from lastgood.outside.connectors._registry import Asking, Document, Limit
from lastgood.outside.connectors.slack import fetch, holds
from lastgood.outside.connectors.wire import Access, Wire
from records import START
from systems import Given, System, running

FIRST = {"type": "message", "user": "U1", "text": "checkout fails", "ts": "1763822700.000100", "thread_ts": "1763822700.000100"}  # fmt: skip
SECOND = {"type": "message", "user": "U2", "text": "flag off", "ts": "1763822760.000200", "thread_ts": "1763822700.000100"}  # fmt: skip
WINDOW = Window(START - timedelta(hours=1), START + timedelta(hours=1))


def replies(given: Given) -> dict[str, Any]:
    """Two pages."""
    if given.get("cursor") == "next":
        return {"ok": True, "messages": [SECOND], "response_metadata": {"next_cursor": ""}}
    return {"ok": True, "messages": [FIRST], "response_metadata": {"next_cursor": "next"}}


def users(given: Given) -> dict[str, Any]:
    """One is known."""
    if given["user"] == "U1":
        return {"ok": True, "user": {"id": "U1", "real_name": "Kim"}}
    return {"ok": False, "error": "missing_scope"}


def slack(**more: Any) -> System:
    """A workspace with one thread."""
    return System({"/conversations.replies": replies, "/users.info": users, **more})


def test_a_thread_comes_with_its_authors() -> None:
    """Every page, in order; who is not known keeps the id, and that is said."""
    system = slack()
    with running(system) as url, Wire(url, Access(token="xoxb-1")) as wire:  # noqa: S106 - made up
        limit, document = fetch(wire, Asking(WINDOW, select="1763822700.000100", target="C1"))

    assert isinstance(document, Document)
    assert isinstance(limit, Limit)
    assert "1 authors" in limit.sentence
    found = orjson.loads(document.content)
    assert ["checkout fails", "flag off"] == [one["text"] for one in found]
    assert ["Kim", None] == [one.get("user_profile", {}).get("real_name") for one in found]
    assert ("/conversations.replies", "C1", "1763822700.000100") == (
        system.asked[0][0],
        system.asked[0][1]["channel"],
        system.asked[0][1]["ts"],
    )
    assert {"Bearer xoxb-1"} == {one["Authorization"] for one in system.headers}


def test_without_a_thread_it_is_what_the_channel_said() -> None:
    """Within the window."""
    history = {"/conversations.history": lambda _: {"ok": True, "messages": [SECOND, FIRST]}}
    system = slack(**history)
    with running(system) as url, Wire(url) as wire:
        *_, document = fetch(wire, Asking(WINDOW, target="C1"))

    assert isinstance(document, Document)
    assert ["checkout fails", "flag off"] == [one["text"] for one in orjson.loads(document.content)]
    assert str(WINDOW.start.timestamp()) == system.asked[0][1]["oldest"]


def test_what_it_refuses_is_said() -> None:
    """By its own word; a page that fails later leaves what came before."""
    refusing = System({"/conversations.replies": lambda _: {"ok": False, "error": "not_in_channel"}})
    with running(refusing) as url, Wire(url) as wire, pytest.raises(NotFetchedError, match="not_in_channel"):
        list(fetch(wire, Asking(WINDOW, select="1.1", target="C1")))
    with running(System({})) as url, Wire(url) as wire, pytest.raises(UsageError, match="target"):
        list(fetch(wire, Asking(WINDOW)))

    def half(given: Given) -> dict[str, Any]:
        return {"ok": False, "error": "ratelimited"} if given.get("cursor") else replies(given)

    with running(slack(**{"/conversations.replies": half})) as url, Wire(url) as wire:
        found = list(fetch(wire, Asking(WINDOW, select="1.1", target="C1")))
    assert any(isinstance(one, Limit) and "ratelimited" in one.sentence for one in found)
    assert isinstance(found[-1], Document)


def test_its_doctor_reads_one_message() -> None:
    """After it has asked whether the token is good."""
    system = System(
        {
            "/auth.test": lambda _: {"ok": True},
            "/conversations.history": lambda _: {"ok": True, "messages": [FIRST]},
        }
    )
    with running(system) as url, Wire(url) as wire:
        assert not holds(wire, Asking(WINDOW, target="C1")).empty
    assert ["/auth.test", "/conversations.history"] == [path for path, _ in system.asked]
