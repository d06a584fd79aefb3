"""Incidents that are one, and one that is two."""

from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from lastgood.errors import NoIncidentError, UsageError
from lastgood.incidents.state import incident_of
from lastgood.model.entry import Noted
from lastgood.model.signal import Signal
from lastgood.workbench.deliveries import deliver
from lastgood.workbench.joining import merge, split
from lastgood.workbench.paging import page
from lastgood.workbench.service import Service
from lastgood.workbench.store import Store
from records import START
from senders import alert
from services import service_over


@pytest.fixture
def service(store: Store, tmp_path: Path) -> Iterator[Service]:
    with service_over(store, tmp_path) as opened:
        yield opened


def paged(service: Service, of: str, fingerprint: str, group: str = "") -> int:
    body = orjson.dumps(alert("ErrorRate", of, START, fingerprint=fingerprint))
    (one,) = page(service, deliver(service, Signal.ALERTS, body), group)
    return one.number


def notes(service: Service, number: int) -> str:
    return "; ".join(e.payload.text for e in service.record.entries(number) if isinstance(e.payload, Noted))


def test_a_merged_incident_ends_and_its_alerts_go_on_in_the_other(service: Service) -> None:
    """Also those that come later; both say so."""
    assert (1, 2) == (paged(service, "checkout", "a"), paged(service, "payments", "b"))

    merge(service, 2, 1, "payments is called by checkout", actor="kim")

    assert incident_of(service.record.entries(2)).status.over
    assert not incident_of(service.record.entries(1)).status.over
    assert "incident 2 was merged into this one: payments is called by checkout" in notes(service, 1)
    assert (1, 1) == (paged(service, "payments", "b"), paged(service, "payments", "c"))
    assert ("checkout", "payments") == service.arrivals.services(1)


def test_alerts_of_a_service_are_split_off(service: Service) -> None:
    """Later ones of that service come to the new incident, although they are of the same group."""
    assert (1, 1) == (paged(service, "checkout", "a", "g"), paged(service, "payments", "b", "g"))

    assert 2 == split(service, 1, "payments", "another cause", actor="kim")

    assert (
        "payments: from incident 1, ErrorRate: checkouts fail" == incident_of(service.record.entries(2)).title
    )
    assert "split off as incident 2: another cause" in notes(service, 1)
    assert "split from incident 1: another cause" in notes(service, 2)
    assert (2, 2) == (paged(service, "payments", "b", "g"), paged(service, "payments", "c", "g"))
    assert (1, 1) == (paged(service, "checkout", "a", "g"), paged(service, "checkout", "d", "g"))


def test_what_makes_no_sense_is_refused(service: Service) -> None:
    """Nothing is written, and no alert moves."""
    paged(service, "checkout", "a")
    paged(service, "payments", "b")
    merge(service, 2, 1, "same", actor="kim")
    before = service.record.entries(1)

    for number, into, because in ((1, 1, "same"), (1, 2, "same"), (2, 1, "same"), (1, 2, "")):
        with pytest.raises(UsageError):
            merge(service, number, into, because, actor="kim")
    for of, because in (("search", "other"), ("payments", "")):
        with pytest.raises(UsageError):
            split(service, 1, of, because, actor="kim")
    with pytest.raises(NoIncidentError):
        merge(service, 1, 9, "same", actor="kim")
    assert before == service.record.entries(1)
    split(service, 1, "payments", "other", actor="kim")
    with pytest.raises(UsageError):
        split(service, 1, "checkout", "all of it", actor="kim")
