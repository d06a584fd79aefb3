"""A machine that loses packets is suspected, whoever suffers from it."""

import pytest

from cases import case_of
from lastgood.inspections.culprit.lossy import lossy_suspicions
from lastgood.inspections.culprit.weights import LINK_LOSES
from lastgood.readings.lossy_links import LINK_UNPLACED
from lastgood.workbench.store import Store
from readings.test_lossy_links import METRIC, PEERS, WINDOWS, put_levels, put_writer


def test_a_machine_that_loses_packets_is_suspected(store: Store) -> None:
    """As strongly as its row says, with its numbers."""
    put_levels(store, {"db-0": (1.0, 50.0), **PEERS})
    (alone,) = lossy_suspicions(case_of(store, WINDOWS)).found
    put_writer(store, "db-0")

    read = lossy_suspicions(case_of(store, WINDOWS))

    (found,) = read.found
    assert ("db-0", "infrastructure", "db-0", 50.0) == (
        found.service,
        found.kind,
        found.component,
        found.damage,
    )
    assert pytest.approx(LINK_LOSES) == found.strength
    assert pytest.approx(LINK_LOSES * LINK_UNPLACED) == alone.strength
    assert all(part in found.because for part in (METRIC, "50", f"{len(PEERS)} other machines"))
    assert read.evidence


def test_machines_alike_are_not_suspected(store: Store) -> None:
    """All lose more than before."""
    put_levels(store, {"db-0": (1.0, 50.0), **dict.fromkeys(PEERS, (1.0, 40.0))})

    assert () == lossy_suspicions(case_of(store, WINDOWS)).found
