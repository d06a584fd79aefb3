"""Alerts and the incidents that they come to."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from lastgood.incidents.state import incident_of
from lastgood.model.entry import Noted, Resolved
from lastgood.model.signal import Signal
from lastgood.workbench.deliveries import deliver
from lastgood.workbench.paging import TOGETHER, Paged, page
from lastgood.workbench.service import Service
from lastgood.workbench.store import Store
from records import START
from senders import alert
from services import service_over


class Clock:
    """Time as it is set."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def service(store: Store, tmp_path: Path, clock: Clock) -> Iterator[Service]:
    with service_over(store, tmp_path, clock) as opened:
        yield opened


def paged(service: Service, *sent: dict[str, Any], group: str = "") -> tuple[Paged, ...]:
    whole = {**sent[0], "alerts": [one for document in sent for one in document["alerts"]]}
    return page(service, deliver(service, Signal.ALERTS, orjson.dumps(whole)), group)


def test_an_alert_opens_one_incident_however_often_it_is_sent(service: Service) -> None:
    """With a title that says what and where, and a note of the alert."""
    fired = alert("ErrorRate", "checkout", START)

    assert (Paged(1, opened=True),) == paged(service, fired)
    assert (Paged(1, opened=False),) == paged(service, fired)
    entries = service.record.entries(1)
    assert "ErrorRate: checkouts fail" == incident_of(entries).title
    assert ["alert ErrorRate (critical) of checkout fires, since 2026-11-22 14:45:00 UTC"] == [
        entry.payload.text for entry in entries if isinstance(entry.payload, Noted)
    ]


def test_alerts_of_one_service_or_one_group_share_an_incident(service: Service) -> None:
    """Another service and group is another incident."""
    paged(service, alert("ErrorRate", "checkout", START, fingerprint="a"), group="g")

    assert [1] == [one.number for one in paged(service, alert("Slow", "checkout", START, fingerprint="b"))]
    assert [1] == [
        one.number for one in paged(service, alert("E", "cart", START, fingerprint="c"), group="g")
    ]
    assert [2] == [one.number for one in paged(service, alert("E", "search", START, fingerprint="d"))]
    both = [alert("F", "search", START, fingerprint="e"), alert("F", "cart", START, fingerprint="f")]
    assert {1, 2} == {one.number for one in paged(service, *both)}


def test_an_alert_long_after_or_after_the_end_opens_another(service: Service) -> None:
    """What is over is not woken up, and half an hour later it is something else."""
    paged(service, alert("ErrorRate", "checkout", START, fingerprint="a"))
    service.record.append(1, Resolved("fixed"), actor="kim")

    assert [2] == [
        one.number for one in paged(service, alert("ErrorRate", "checkout", START, fingerprint="b"))
    ]
    later = START + TOGETHER + timedelta(seconds=1)
    assert [3] == [
        one.number for one in paged(service, alert("ErrorRate", "checkout", later, fingerprint="c"))
    ]


@pytest.mark.parametrize(
    ("before", "number"), [(TOGETHER, 1), (TOGETHER + timedelta(seconds=1), 2), (timedelta(days=2_000), 2)]
)
def test_the_time_of_the_alert_counts_and_not_that_of_its_arrival(
    service: Service, clock: Clock, before: timedelta, number: int
) -> None:
    """One that comes late joins what it is near to; an old one that is sent with today's does not."""
    paged(service, alert("ErrorRate", "checkout", START, fingerprint="a"))
    clock.now += 2 * TOGETHER
    late = alert("Slow", "checkout", START - before, fingerprint="b")

    assert [number] == [one.number for one in paged(service, late)]


def test_a_resolved_alert_is_noted_and_opens_nothing(service: Service) -> None:
    """One that was never heard of does not either."""
    paged(service, alert("ErrorRate", "checkout", START))
    paged(service, alert("ErrorRate", "checkout", START, status="resolved"))

    assert "was resolved" in str(service.record.entries(1)[-1].payload)
    assert () == paged(service, alert("Other", "cart", START, status="resolved", fingerprint="z"))
    assert (1,) == service.record.incidents()
