"""What came in from outside, in both kinds of database."""

from datetime import timedelta

import pytest

from lastgood.incidents.arrivals import Arrivals
from lastgood.incidents.database import Database
from records import START

HALF_AN_HOUR = timedelta(minutes=30)


@pytest.fixture
def arrivals(kept: Database) -> Arrivals:
    return Arrivals(kept)


def test_a_delivery_comes_once(arrivals: Arrivals) -> None:
    """Another source may use the same name, and what was not stored may come again."""
    assert arrivals.first("github", "1", START)
    assert not arrivals.first("github", "1", START)
    assert arrivals.first("webhook", "1", START)
    arrivals.forget("github", "1")
    assert arrivals.first("github", "1", START)


def test_alerts_are_found_by_group_or_service_not_long_ago(arrivals: Arrivals) -> None:
    """The latest incident first; an empty group or service is nothing in common."""
    arrivals.put("a", 1, "g", "checkout", "firing", START)
    arrivals.put("b", 2, "", "payments", "firing", START + timedelta(minutes=1))

    assert (1,) == arrivals.near("g", "", START, HALF_AN_HOUR)
    assert (2,) == arrivals.near("", "payments", START, HALF_AN_HOUR)
    assert () == arrivals.near("", "", START, HALF_AN_HOUR)
    assert () == arrivals.near("g", "", START + timedelta(hours=1), HALF_AN_HOUR)
    assert () == arrivals.near("g", "", START - timedelta(hours=1), HALF_AN_HOUR)


def test_an_alert_keeps_its_incident_and_last_state(arrivals: Arrivals) -> None:
    """Coming again it has another state and the same incident."""
    arrivals.put("a", 1, "g", "checkout", "firing", START)
    arrivals.put("a", 1, "g", "checkout", "resolved", START)

    assert 1 == arrivals.incident_of("a")
    assert "resolved" == arrivals.state_of("a")
    assert arrivals.incident_of("b") is None
    assert arrivals.state_of("b") is None
