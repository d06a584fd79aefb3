"""Comparing requests, and finding."""

import pytest

from lastgood.readings.views.values import ByValue, Side
from lastgood.surfaces.web.compare_page import rows
from lastgood.workbench.service import Service
from surfaces.server.test_app import service
from surfaces.web.test_incident import called

__all__ = ["service"]  # a fixture


def test_worse_is_only_what_chance_does_not_explain() -> None:
    """Four of 771 after one of 784 is chance; 103 of 130 is not; without good requests nothing is worse."""
    usual = Side(784, 1, 3.3e8)
    values = (
        ByValue("ANZ", Side(120, 1, 3e8), Side(130, 103, None)),
        ByValue("Chase", usual, Side(771, 4, 3e8)),
        ByValue("", Side(0, 0, None), Side(10, 10, 3e8)),
    )
    found = list(rows(values))

    assert [("ANZ", True), ("Chase", False), ("not set", False)] == [(one.value, one.worse) for one in found]
    assert ("79.2\u00a0%", "103 of 130", "not known") == found[0].bad
    assert ("no requests", "", "") == found[2].good


@pytest.mark.parametrize(
    ("asked", "place"),
    [
        ("#12", "/incidents/12"),
        ("077E31F84D545D967914220A960F8F9D", "/traces/077e31f84d545d967914220a960f8f9d"),
        ("level:error", "/logs?q=level%3Aerror"),
        ("", "/logs"),
    ],
)
def test_what_is_looked_for_is_found_where_it_is(service: Service, asked: str, place: str) -> None:
    """An incident, a request, or lines."""
    assert place == called(service, "GET", "/find", q=asked).headers["location"]


def test_without_data_there_is_nothing_to_compare(service: Service) -> None:
    """It says so."""
    assert 404 == called(service, "GET", "/compare").status_code
