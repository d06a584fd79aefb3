"""What the page of an incident shows."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans

from lastgood.config import Recipient, Settings
from lastgood.model import figures
from lastgood.model.entry import Opened, Reopened, Triaged
from lastgood.model.finding import Verdict
from lastgood.model.message import Notified
from lastgood.model.signal import Signal
from lastgood.model.sitrep import Sitrep
from lastgood.surfaces.sitrep_json import sitrep_document
from lastgood.surfaces.web.view import View, view_of
from lastgood.surfaces.wording import json_text
from lastgood.workbench import incident_pages
from lastgood.workbench.assess import looked, recorded
from lastgood.workbench.receive import Body, receive
from lastgood.workbench.room import Room
from lastgood.workbench.service import Service
from lastgood.workbench.store import Store
from lastgood.workbench.update import due_by
from records import START
from senders import shop
from services import service_over

NOW = START + timedelta(minutes=30)


def clock() -> datetime:
    return NOW


@pytest.fixture
def service(store: Store, tmp_path: Path) -> Iterator[Service]:
    with service_over(store, tmp_path, clock) as opened:
        opened.record.open(Opened("checkout fails"), actor="alert")
        yield opened


def seen(service: Service) -> View:
    return view_of(incident_pages.seen(service, 1), NOW)


def answered(service: Service) -> View:
    def document(sitrep: Sitrep) -> bytes:
        return json_text(sitrep_document(sitrep)).encode()

    room = Room(service.record, service.record.entries(1), "lastgood", NOW)
    recorded(room, looked(service.store, now=NOW), document)
    return seen(service)


def test_before_the_first_answer_everything_is_unknown(service: Service) -> None:
    """Nothing is made up."""
    view = seen(service)

    assert view.answer is None
    assert ((), (), (), None) == (view.options, view.who, view.plots, view.where)
    assert (0, "not known", "Investigating") == (view.answered, view.affected, view.status)


@pytest.mark.slow
def test_an_answer_is_shown_in_numbers(service: Service) -> None:
    """Headline, who, where and the signals are those of the record."""
    spans = shop(START, NOW, NOW - timedelta(minutes=5))
    receive(service.intake, [Body(Signal.SPANS, encode_spans(spans).SerializeToString())])
    view = answered(service)

    assert view.answer is not None
    assert ("Confirmed", "yes") == (view.answer.word, view.answer.shape)
    lines = ["".join(piece.text for piece in line) for line in view.answer.headline]
    assert "of requests to web /checkout fail" in lines[0]
    assert "card.issuer=ANZ" in lines[1]
    assert [("issuer=ANZ", "card.issuer=ANZ"), ("All others", "")] == [(r.name, r.whole) for r in view.who]
    assert {"confirm", "onset", "blast_radius", "path", "pulse"} <= view.cited.keys()
    assert view.where is not None
    assert ["web", "checkout", "payments"] == [hop.name for hop in view.where.hops]
    assert [("Errors", True), ("Latency", False), ("Traffic", False)] == [(p.name, p.up) for p in view.plots]
    assert view.history.evidence
    assert view.say.startswith("Investigating: since")
    room = Room(service.record, service.record.entries(1), "kim", NOW)
    promised = figures.minute(due_by(room, service.config), NOW)
    assert view.say.endswith(f"Next update {promised}.")  # the same as a draft of now, not as of the answer
    assert "No change is recorded" in view.changed


@pytest.mark.slow
def test_when_nothing_is_wrong_nothing_is_to_be_done(service: Service) -> None:
    """The word says so, and no option is offered."""
    spans = shop(START, NOW, NOW + timedelta(minutes=5))
    receive(service.intake, [Body(Signal.SPANS, encode_spans(spans).SerializeToString())])
    view = answered(service)

    assert view.answer is not None
    assert view.answer.word in {"Not confirmed", "Inconclusive"}
    assert () == view.options
    assert not any(plot.up for plot in view.plots)


def test_what_has_ended_is_shown_as_such(service: Service) -> None:
    """By the last answer; while it lasts there is no end."""
    lasting = Triaged(service.record.keep(b"{}"), Verdict.YES, "5 % fail", since=START)
    service.record.append(1, lasting, actor="lastgood", at=START)
    before = seen(service).ended
    service.record.append(1, replace(lasting, ended=START + timedelta(minutes=3)), actor="lastgood", at=START)

    assert ("", "14:48:00 UTC") == (before, seen(service).ended)
    service.record.append(1, Reopened("it is back"), actor="kim", at=START + timedelta(minutes=9))
    assert "" == seen(service).ended


def test_it_shows_who_was_notified(service: Service) -> None:
    """As the settings name them, and whether they should have been by now."""
    recipients = (Recipient(name="CTO", within="10m"), Recipient(name="support"))
    config = replace(service.config, settings=Settings(recipient=recipients))
    with_recipients = replace(service, config=config)
    service.record.append(1, Notified("support", "by phone"), actor="kim", at=START)
    found = incident_pages.seen(with_recipients, 1)
    (cto, support), (late, _) = (
        view_of(found, NOW + timedelta(minutes=minutes)).recipients for minutes in (0, 11)
    )

    assert ("CTO", False, True) == (cto[0], cto[2], late[2])
    assert cto[1].startswith("not yet, due 15:25 UTC")
    assert ("support", "✓ 14:45:00 by phone, by kim", False) == support
