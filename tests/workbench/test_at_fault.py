"""The change whose undoing ended an incident, and the service that it is remembered by."""

from dataclasses import replace
from pathlib import Path

import pytest

from lastgood.model.answers import ChangeVerdict, Culprit, WeighedChange
from lastgood.model.change import ChangeKind
from lastgood.workbench.at_fault import service_at_fault, undone
from own_drills import CHANGE, SEEN_THEN, own_incident
from rooms import room_in

STOCK = Culprit("stock", None, None, "code", 0.8, "logs errors")


@pytest.mark.parametrize(
    ("change", "service"),
    [
        (replace(CHANGE, verdict=ChangeVerdict.POSSIBLE), "checkout"),
        (replace(CHANGE, verdict=ChangeVerdict.UNLIKELY), "stock"),  # rolled back, and not suspected
        (replace(CHANGE, service="mail"), "stock"),  # another was rolled back
        (replace(CHANGE, kind=ChangeKind.FLAG), "stock"),  # a roll-back undoes no flag
    ],
)
def test_the_change_that_was_undone_goes_before_the_suspect(
    tmp_path: Path, change: WeighedChange, service: str
) -> None:
    """The suspect may be its victim. Without a measured effect, nothing is known to be undone."""
    seen = replace(SEEN_THEN, culprits=(STOCK,), changes=(change,))
    with own_incident(tmp_path / "a", seen=seen) as room:
        assert (service == "checkout") is bool([*undone(room.incident)])
        assert service == service_at_fault(room.incident)
    with own_incident(tmp_path / "b", seen=seen, fixed=False) as room:
        assert "stock" == service_at_fault(room.incident)


def test_without_a_suspect_it_is_the_first_with_symptoms(tmp_path: Path) -> None:
    """Nothing where no telemetry was seen."""
    with own_incident(tmp_path / "a", seen=replace(SEEN_THEN, culprits=(), changes=())) as room:
        assert "checkout" == service_at_fault(room.incident)
    with room_in(tmp_path / "b") as room:
        assert "" == service_at_fault(room.incident)
