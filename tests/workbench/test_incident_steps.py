"""What a person does on the page of an incident."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lastgood.errors import UsageError
from lastgood.incidents.state import incident_of
from lastgood.model.incident import Incident, Status
from lastgood.workbench import incident_steps
from lastgood.workbench.service import Service
from lastgood.workbench.store import Store
from services import service_over


@pytest.fixture
def service(store: Store, tmp_path: Path) -> Iterator[Service]:
    with service_over(store, tmp_path) as opened:
        incident_steps.open_incident(opened, "checkout fails", actor="kim")
        yield opened


def incident(service: Service) -> Incident:
    return incident_of(service.record.entries(1))


def test_every_step_is_on_the_record_with_who_took_it(service: Service) -> None:
    """Note, acknowledgement, mitigated, resolved."""
    incident_steps.note(service, 1, "restarted it", actor="lee")
    incident_steps.acknowledge(service, 1, actor="lee")
    assert "lee" == incident(service).acknowledged_by
    incident_steps.move(service, 1, "mitigated", "flag off", actor="lee")
    assert Status.MITIGATED is incident(service).status
    incident_steps.move(service, 1, "resolved", "fixed", actor="lee")
    assert Status.RESOLVED is incident(service).status
    assert ["kim", *["lee"] * 4] == [entry.actor for entry in service.record.entries(1)]


@pytest.mark.parametrize(("to", "because"), [("closed", "x"), ("mitigated", ""), ("", "")])
def test_a_step_that_is_none_or_without_a_reason_is_refused(service: Service, to: str, because: str) -> None:
    """Nothing is written."""
    with pytest.raises(UsageError):
        incident_steps.move(service, 1, to, because, actor="lee")
    assert 1 == incident(service).entries
