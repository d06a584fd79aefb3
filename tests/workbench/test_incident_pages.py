"""What the record holds, as pages and API show it."""

from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from lastgood.errors import NoIncidentError, UsageError
from lastgood.model.entry import Noted, Opened, Triaged
from lastgood.model.finding import Verdict
from lastgood.workbench import incident_pages
from lastgood.workbench.service import Service
from lastgood.workbench.store import Store
from services import service_over


@pytest.fixture
def service(store: Store, tmp_path: Path) -> Iterator[Service]:
    with service_over(store, tmp_path) as opened:
        yield opened


def test_every_incident_is_listed_the_last_one_first(service: Service) -> None:
    """With what is owed about each."""
    for title in ("first", "second"):
        service.record.open(Opened(title), actor="kim")

    found = incident_pages.every(service)
    assert ["second", "first"] == [incident.title for incident, _ in found]
    assert all(owed for _, owed in found)


def test_an_incident_has_the_last_answer_when_there_is_one(service: Service) -> None:
    """Before, none."""
    service.record.open(Opened("checkout fails"), actor="kim")
    assert incident_pages.seen(service, 1).document is None
    name = service.record.keep(orjson.dumps({"say": "hello"}))
    service.record.append(1, Triaged(name, Verdict.YES, "it is"), actor="lastgood")

    assert {"say": "hello"} == incident_pages.seen(service, 1).document


def test_what_is_not_there_is_said(service: Service) -> None:
    """An incident, and a piece of evidence."""
    with pytest.raises(NoIncidentError):
        incident_pages.seen(service, 1)
    service.record.open(Opened("checkout fails"), actor="kim")
    service.record.append(1, Noted("hello"), actor="kim")
    with pytest.raises(UsageError, match="is not evidence"):
        incident_pages.evidence(service, 1, 2)
