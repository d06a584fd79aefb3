"""Notify: what is owed is sent, recorded, and not sent again; one failure keeps no other from being sent."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

import apis
from apis import KEY, Reply, api
from lastgood.config import Config, Ntfy, Pagerduty, Settings, Team
from lastgood.model.answers import SeverityLevel
from lastgood.model.entry import SeveritySet
from lastgood.model.message import Delivered
from lastgood.surfaces.notices import notice_message
from lastgood.workbench.notify import LEFT_ALONE, notify, notify_all, planned_notices
from lastgood.workbench.store import Store
from records import START, ticking
from rooms import config_in, room_in
from services import service_over

ALLOW = ("127.0.0.1",)
SEV1 = SeveritySet(SeverityLevel.SEV1, "ask kim@example.com")


def configured(folder: Path, duty: str, push: str) -> Config:
    """Settings with two that page."""
    sinks = (
        Pagerduty(name="duty", key="$K", url=duty, allow=ALLOW),
        Ntfy(name="push", topic="$K", token="$K", url=push, allow=ALLOW),  # noqa: S106 - the name of a variable
    )
    team = Team(url="https://lastgood.example.com")
    return replace(config_in(folder), settings=Settings(sink=sinks, team=team))


def test_what_is_owed_is_sent_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was shown before; a sink that fails keeps the other from nothing."""
    monkeypatch.setenv("K", KEY)
    with (
        api(apis.pagerduty, Reply(403)) as duty,
        api(apis.ntfy) as push,
        room_in(tmp_path, "Ask kim@example.com") as room,
    ):
        config = configured(tmp_path, duty.url, push.url)
        room.append(SEV1)
        shown = [
            (notice.sink, text) for notice, text in planned_notices(room, config, ticking(), notice_message)
        ]
        assert [] == duty.got + push.got

        first = notify(room, config, ticking(), notice_message)
        second = notify(room, config, ticking(), notice_message)
        third = notify(room, config, ticking(), notice_message)
        recorded = [e.payload for e in room.record.entries(room.number) if isinstance(e.payload, Delivered)]

    assert ["duty", "push"] == [sink for sink, _ in shown]
    assert [("duty", False), ("push", True)] == [(one.sink, one.arrived) for one in first]
    assert [("duty", True)] == [(one.sink, one.arrived) for one in second]
    assert () == third
    assert [*first, *second] == recorded
    assert "answered 202; severity SEV1" == second[0].detail
    assert "kim@example.com" not in str(duty.taken[0].body) + str(push.taken[0].body)
    assert "https://lastgood.example.com/incidents/1" == push.taken[0].body["click"]


def test_the_server_sends_what_was_left(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a minute, so that two do not send the same; at once where it was decided on its own page."""
    monkeypatch.setenv("K", KEY)
    now = START

    def clock() -> object:
        return now

    with api(apis.pagerduty) as duty, api(apis.ntfy) as push, service_over(store, tmp_path, clock) as service:  # type: ignore[arg-type]
        live = replace(service, config=configured(tmp_path, duty.url, push.url))
        with room_in(tmp_path) as room:
            room.append(SEV1)
            now = room.entries[-1].written_at
        assert () == notify_all(live, notice_message)
        now += LEFT_ALONE - timedelta(seconds=1)
        assert () == notify_all(live, notice_message)
        now += timedelta(seconds=1)
        assert 2 == len(notify_all(live, notice_message))
        assert () == notify_all(live, notice_message, at_once=True)
