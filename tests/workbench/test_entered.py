"""The room of an incident as the server has it open."""

from pathlib import Path

import pytest

from lastgood.errors import NoIncidentError, UsageError
from lastgood.model.entry import Opened
from lastgood.workbench.entered import entered, telemetry_of
from lastgood.workbench.store import Store
from services import service_over


def test_a_room_is_entered_by_its_number(store: Store, tmp_path: Path) -> None:
    """One that was opened on files has no telemetry here; one that is not there is an error."""
    with service_over(store, tmp_path) as service:
        service.record.open(Opened("slow"), actor="kim")
        service.record.open(Opened("old", ("shop.log",)), actor="kim")
        with telemetry_of(service, entered(service, 1, "lee")) as found:
            assert found.survey()[0].items is not None
        with (
            pytest.raises(UsageError, match="opened on files"),
            telemetry_of(service, entered(service, 2, "lee")),
        ):
            pass
        with pytest.raises(NoIncidentError):
            entered(service, 3, "lee")
