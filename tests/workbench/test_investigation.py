"""The answer about one incident, asked again while data arrive."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

import orjson
import pytest
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans

from lastgood.errors import NoDataError
from lastgood.model.entry import Opened, Resolved, Triaged
from lastgood.model.signal import Signal
from lastgood.model.sitrep import Sitrep
from lastgood.workbench.deliveries import deliver
from lastgood.workbench.investigation import (
    ASKED_AGAIN,
    Investigated,
    Watermark,
    investigate_room,
    unfinished,
)
from lastgood.workbench.receive import Body, receive
from lastgood.workbench.service import Service
from lastgood.workbench.store import Store
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


def fill(service: Service, start: datetime, end: datetime) -> None:
    spans = shop(start, end, NOW - timedelta(minutes=5), every=2.0)
    receive(service.intake, [Body(Signal.SPANS, encode_spans(spans).SerializeToString())])


def asked(
    service: Service, since: Watermark | None = None, before: datetime | None = None, *, stop: bool = False
) -> Investigated:
    reported = list[tuple[int, int]]()
    ended = Event()
    if stop:
        ended.set()

    def document(sitrep: Sitrep) -> bytes:
        assert sitrep.findings
        return b"{}"

    def progress(answered: int, questions: int) -> None:
        reported.append((answered, questions))

    found = investigate_room(
        service, service.store, 1, document, since=since, asked=before, progress=progress, stop=ended
    )
    if found.sitrep is not None:
        assert [(n + 1, len(reported)) for n in range(len(reported))] == reported
    return found


@pytest.mark.slow
def test_an_answer_is_recorded_and_asked_again_only_with_new_data(service: Service) -> None:
    """And recorded again only where it says something else."""
    fill(service, START, NOW - timedelta(seconds=30))
    first = asked(service)
    assert first.recorded
    assert first.sitrep is not None
    assert "yes" == first.sitrep.is_real.value

    assert Investigated(first.watermark, None, recorded=False) == asked(service, first.watermark)
    fill(service, NOW - timedelta(seconds=30), NOW)
    again = asked(service, first.watermark)
    assert again.sitrep is not None
    assert not again.recorded
    assert 1 == sum(isinstance(entry.payload, Triaged) for entry in service.record.entries(1))


@pytest.mark.slow
def test_a_sure_answer_stands_while_the_newest_data_are_like_those_before(service: Service) -> None:
    """Other data, a change, or some minutes later, every question is asked again."""
    before = NOW - timedelta(minutes=2)
    fill(service, START, before)
    first = asked(service)
    assert first.sitrep is not None
    assert first.sitrep.culprits

    fill(service, before, NOW - timedelta(minutes=1))
    stands = asked(service, first.watermark, before)
    assert stands.sitrep is None
    assert stands.watermark != first.watermark
    assert asked(service, first.watermark, NOW - ASKED_AGAIN).sitrep is not None
    change = orjson.dumps({"time": NOW.isoformat(), "kind": "deploy", "service": "payments"})
    deliver(service, Signal.CHANGES, change)
    assert asked(service, stands.watermark, before).sitrep is not None


@pytest.mark.slow
def test_data_that_differ_are_asked_about(service: Service) -> None:
    """Three times as much traffic is news, though as large a share of it fails."""
    before = NOW - timedelta(minutes=2)
    fill(service, START, before)
    first = asked(service)
    for _ in range(3):
        fill(service, before, NOW)

    assert asked(service, first.watermark, before).sitrep is not None


def test_without_telemetry_there_is_no_answer(service: Service) -> None:
    """The incident is open all the same."""
    with pytest.raises(NoDataError):
        asked(service)


@pytest.mark.slow
def test_one_that_is_stopped_records_nothing(service: Service) -> None:
    """It ends early, and the next one starts anew."""
    fill(service, NOW - timedelta(minutes=10), NOW)

    assert not asked(service, stop=True).recorded
    assert [Opened] == [type(entry.payload) for entry in service.record.entries(1)]


def test_what_is_over_or_about_files_is_not_looked_after(service: Service) -> None:
    """Only the incidents that are about the kept store."""
    service.record.open(Opened("of files", ("app.log",)), actor="kim")
    service.record.open(Opened("over"), actor="kim")
    service.record.append(3, Resolved("fixed"), actor="kim")

    assert (1,) == unfinished(service)
