"""Comparing requests, asking for a window, and finding."""

import asyncio

import pytest
from starlette.requests import Request

from lastgood.errors import CannotRunError
from lastgood.readings.views.values import ByValue, Side
from lastgood.surfaces.web.compare_page import ask, rows
from lastgood.workbench.service import Service
from surfaces.server.test_app import desk_over, service
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


def test_without_a_window_there_is_nothing_to_ask(service: Service) -> None:
    """It leads to where one can be marked; without data it says so."""
    assert "/logs" == called(service, "GET", "/ask").headers["location"]
    assert 404 == called(service, "GET", "/compare").status_code


def test_no_more_questions_at_once_than_are_answered(service: Service) -> None:
    """The next one is refused: each takes seconds, and the threads are needed for everything else."""
    desk = desk_over(service)
    desk.asking = asyncio.Semaphore(0)
    query = b"from=2026-11-20T14:00:00Z&to=2026-11-20T15:00:00Z"

    with pytest.raises(CannotRunError, match="Other questions"):
        asyncio.run(ask(Request({"type": "http", "query_string": query, "headers": []}), desk))
