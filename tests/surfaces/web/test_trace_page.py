"""One request's life as a waterfall."""

from datetime import timedelta

from lastgood.readings.views.life import Life, LifeLine, LifeSpan
from lastgood.surfaces.web.trace_page import steps
from lastgood.workbench.service import Service
from records import START
from surfaces.server.test_app import service
from surfaces.web.test_incident import called

__all__ = ["service"]  # a fixture


def test_a_bar_stands_where_its_time_is() -> None:
    """A span of half the time in the middle; a line has no length."""
    whole, ms = timedelta(milliseconds=100), 1_000_000
    life = Life(
        "a", "spans",
        (
            LifeSpan(START, 0, "web", "GET /", "SERVER", 100 * ms, False, "", "", False),
            LifeSpan(START + whole / 4, 1, "shop", "pay", "CLIENT", 50 * ms, True, "402", "", True),
            LifeLine(START + whole / 2, 2, "shop", "error", "Charge\nfailed", ""),
        ),
        START, START + whole, ("web", "shop"), False, (),
    )  # fmt: skip
    root, call, line = steps(life)

    assert (0.0, 100.0, "") == (root.left, root.width, root.tone)
    assert (25.0, 50.0, "bad", "402 (its parent is missing)") == (call.left, call.width, call.tone, call.what)
    assert (50.0, 0.0, "error: Charge failed", True) == (line.left, line.width, line.text, line.line)


def test_an_id_that_nothing_has_is_not_found(service: Service) -> None:
    """404, in words."""
    assert 404 == called(service, "GET", "/traces/{request_id}", request_id="abc").status_code
