"""The first page: incidents, and what flows in."""

from datetime import timedelta

import pytest

from lastgood.model.access import Role
from lastgood.model.flow import Flow
from lastgood.model.signal import Holding, Holdings, Signal
from lastgood.model.window import Window
from lastgood.surfaces.web.listing import ago, flowing, freshness
from lastgood.surfaces.web.routes import ROUTES
from lastgood.workbench.incoming import Incoming
from lastgood.workbench.service import Service
from records import START
from surfaces.server.test_app import asked, key_of, service

__all__ = ["service"]  # a fixture
NOW = START + timedelta(hours=1)


def test_silent_flows_stand_first() -> None:
    """With how much usually comes; then each signal as a whole."""
    silent = Flow(Signal.SPANS, "email", 1800, 0, START, START + timedelta(minutes=30))
    alive = Flow(Signal.SPANS, "web", 3600, 300, START, NOW)
    holding = Holding(Signal.SPANS, 5400, Window(START, NOW), ("email", "web"))
    rows = list(flowing(Incoming(Holdings((holding,)), (silent, alive), ()), NOW))

    assert [("email", True), ("", False)] == [(row.name, row.late) for row in rows]
    assert "baseline 1\u00a0/s" in rows[0].hint
    assert ("1\u00a0/s", "now") == (rows[1].rate, rows[1].last)


@pytest.mark.parametrize(("seconds", "late"), [(12, False), (600, True)])
def test_the_newest_row_says_how_fresh_the_data_are(seconds: int, late: bool) -> None:
    """Late is said, and so is nothing at all."""
    holding = Holding(Signal.SPANS, 1, Window(START, NOW - timedelta(seconds=seconds)), ())

    assert late is freshness(Holdings((holding,)), NOW)[1]
    assert ("no data yet", True) == freshness(Holdings(()), NOW)
    assert "never" == ago(None, NOW)


def test_the_page_lists_incidents_and_offers_to_open_one_to_those_who_may(service: Service) -> None:
    """A viewer reads it without the form."""
    route = next(route for route in ROUTES if route.path == "/")
    pages = {
        role: asked(service, route, {"authorization": f"Bearer {key_of(service, role)}"}).text
        for role in (Role.VIEWER, Role.RESPONDER)
    }

    assert all("#1 checkout fails" in page for page in pages.values())
    assert "Open an incident" in pages[Role.RESPONDER]
    assert "Open an incident" not in pages[Role.VIEWER]
