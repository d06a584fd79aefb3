"""Updates: recorded before they leave, delivered, and sent again where they have not arrived."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from lastgood.config import Config, FileSink, Settings, WebhookSink
from lastgood.errors import UsageError
from lastgood.model.entry import Mitigated, Triaged
from lastgood.model.finding import Verdict
from lastgood.model.message import Audience, Delivered, FlawKind, Message, Updated, UpdateStatus
from lastgood.outside.sinks.made import ByWebhook
from lastgood.surfaces.outgoing import outgoing
from lastgood.workbench.room import Room, owed
from lastgood.workbench.update import due_by, facts_of, flaws, may_read, plainly, resend, send, usual_status
from records import START, ticking
from rooms import config_in, room_in
from webhooks import SECRET, Receiver, receiver

MESSAGE = Message(
    UpdateStatus.INVESTIGATING,
    Audience.TEAM,
    impact="5 % of logins fail",
    next_at=START + timedelta(minutes=20),
)
UPDATE = Updated(MESSAGE, "Investigating · Checkout failing\n\nAsk kim@example.com\n")


def hooked(folder: Path, other: Receiver) -> Config:
    """Settings with a file and a webhook."""
    hook = WebhookSink(name="hook", url=other.url, secret=SECRET, allow=("127.0.0.1",))
    file = FileSink(name="file", path=str(folder / "updates.md"))
    return replace(config_in(folder), settings=Settings(sink=(hook, file)))


def recorded(room: Room) -> list[tuple[str, bool]]:
    """The deliveries on the record, as another reader finds them."""
    entries = room.record.entries(room.number)
    return [(e.payload.sink, e.payload.arrived) for e in entries if isinstance(e.payload, Delivered)]


def test_an_update_goes_to_every_sink_redacted(tmp_path: Path) -> None:
    """On the record as it was written, outside without what must not leave."""
    with receiver() as other, room_in(tmp_path) as room:
        entry, delivered = send(room, hooked(tmp_path, other), ticking(), UPDATE, outgoing)

        assert [True, True] == [one.arrived for one in delivered]
        assert ["redacted: e-mail address"] * 2 == [one.detail.split("; ")[1] for one in delivered]
        assert UPDATE == entry.payload
        assert [("hook", True), ("file", True)] == recorded(room)
    document = json.loads(other.got[0].body)
    assert "incident.update" == document["type"]
    assert "Ask [e-mail address]" in document["data"]["text"]
    assert ("5 % of logins fail", "2026-11-22T15:05:00Z") == (
        document["data"]["impact"], document["data"]["next_at"],
    )  # fmt: skip
    assert "Ask \\[e-mail address\\]" in (tmp_path / "updates.md").read_text()


def test_what_failed_is_sent_again_and_only_that(tmp_path: Path) -> None:
    """Under the same id, so that a receiver that had it after all can tell."""
    with receiver(400, 200) as other, room_in(tmp_path) as room:
        config = hooked(tmp_path, other)
        _, first = send(room, config, ticking(), UPDATE, outgoing)
        assert [False, True] == [one.arrived for one in first]
        assert "it answered 400" == first[0].detail

        _, again = resend(room, config, ticking(), outgoing)
        assert [("hook", True)] == [(one.sink, one.arrived) for one in again]
        assert ((), 2) == (resend(room, config, ticking(), outgoing)[1], len(other.got))
        assert [("hook", False), ("file", True), ("hook", True)] == recorded(room)
    assert 1 == len({got.headers["webhook-id"] for got in other.got})


def test_without_an_update_there_is_nothing_to_send_again(tmp_path: Path) -> None:
    """It is said how to write one."""
    with room_in(tmp_path) as room, pytest.raises(UsageError, match="no update yet"):
        resend(room, config_in(tmp_path), ticking(), outgoing)


def test_the_check_sees_status_fields_and_words(tmp_path: Path) -> None:
    """In that order; the headline is a title and need not say how much."""
    message = replace(MESSAGE, status=UpdateStatus.MONITORING, impact="")
    text = "Monitoring · Some users affected\n\nWe are looking into it.\n"
    with room_in(tmp_path) as room:
        found = flaws(room, config_in(tmp_path), message, text)

        assert [FlawKind.STATUS, FlawKind.NO_IMPACT, FlawKind.VAGUE] == [flaw.kind for flaw in found]
        assert () == flaws(room, config_in(tmp_path), MESSAGE, "Investigating · Some users affected\n")


def test_facts_are_those_of_the_last_sitrep(tmp_path: Path) -> None:
    """Nothing is known before it."""
    with room_in(tmp_path) as room:
        assert None is facts_of(room).since

        room.append(Triaged("", Verdict.YES, "5 % fail", since=START, services=("pay-svc", "pay-svc")))
        assert (START, ("pay-svc",)) == (facts_of(room).since, facts_of(room).internals)


def test_what_is_owed_and_usual_follows_the_record(tmp_path: Path) -> None:
    """The matrix of the settings, the cadence of the severity, the status of what was done."""
    with room_in(tmp_path) as room:
        config = config_in(tmp_path)

        assert [Audience.TEAM, Audience.STAKEHOLDERS] == [due.audience for due in owed(room.incident, config)]
        assert START + timedelta(minutes=30) == due_by(room, config)
        assert UpdateStatus.INVESTIGATING is usual_status(room)
        room.append(Mitigated("flag off"))
        assert UpdateStatus.MONITORING is usual_status(room)


def test_one_bad_sink_keeps_no_other_from_being_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever it raises is its failure, on the record; the others get the update."""
    monkeypatch.setenv("HOOK", "https://[::1/hook")
    monkeypatch.setattr(ByWebhook, "send", _broken)
    sink = (
        WebhookSink(name="odd", url="$HOOK", secret=SECRET),
        FileSink(name="nul", path=f"{tmp_path}/a\0b"),
        FileSink(name="file", path=f"{tmp_path}/updates.md"),
    )
    with room_in(tmp_path) as room:
        config = replace(config_in(tmp_path), settings=Settings(sink=sink))

        _, delivered = send(room, config, ticking(), UPDATE, outgoing)

        assert [("odd", False), ("nul", False), ("file", True)] == recorded(room)
    assert "a fault of Lastgood: ZeroDivisionError" == delivered[0].detail
    assert (tmp_path / "updates.md").exists()


def _broken(_sink: ByWebhook, _outgoing: object, _earlier: str) -> str:
    raise ZeroDivisionError


def test_a_url_that_is_none_is_the_failure_of_its_sink(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A variable may hold anything."""
    monkeypatch.setenv("HOOK", "https://[::1/hook")
    sink = (
        WebhookSink(name="odd", url="$HOOK", secret=SECRET),
        FileSink(name="file", path=f"{tmp_path}/updates.md"),
    )
    with room_in(tmp_path) as room:
        config = replace(config_in(tmp_path), settings=Settings(sink=sink))

        _, (odd, file) = send(room, config, ticking(), UPDATE, outgoing)

    assert (False, "its URL cannot be used: its host or port is invalid") == (odd.arrived, odd.detail)
    assert file.arrived


def test_words_of_a_draft_that_an_audience_must_not_read(tmp_path: Path) -> None:
    """Names of parts are kept from the public, jargon from all but the team."""
    with room_in(tmp_path) as room:
        room.append(Triaged("", Verdict.YES, "", services=("pool-payments",)))
        incident = room.incident

    assert [True, True, False] == [
        may_read("use another than pool-payments", incident, one) for one in Audience
    ]
    assert [True, False, False] == [may_read("use another replica", incident, one) for one in Audience]
    assert ("how long answers take", "cart") == (plainly("latency"), plainly("cart"))
