"""Times in addresses."""

from datetime import timedelta

import pytest
from starlette.requests import Request

from lastgood.errors import UsageError
from lastgood.model.window import Window
from lastgood.surfaces.web.times import absolute, address, span, window_in
from records import START

WINDOW = Window(START, START + timedelta(hours=1))


def request(query: str) -> Request:
    return Request(
        {"type": "http", "method": "GET", "path": "/logs", "query_string": query.encode(), "headers": [], "server": ("h", 80), "scheme": "http"}
    )  # fmt: skip


def test_a_window_is_read_as_it_is_written() -> None:
    """And relative times become absolute ones."""
    assert window_in(request(address("/logs", **span(WINDOW)).partition("?")[2]), START) == WINDOW
    assert window_in(request("from=now-1h&to=now"), WINDOW.end) == WINDOW
    assert window_in(request("from=now-1h"), WINDOW.end) is None
    assert "q=a&from=" in absolute(request("q=a"), **span(WINDOW)).headers["location"]
    assert "/logs" == address("/logs", q="")


@pytest.mark.parametrize(
    "query",
    [
        "from=soon&to=now",
        "from=now&to=now-1h",
        "from=0001-01-01T00:00:00Z&to=now",
        "from=now&to=9999-12-31T23:59:59Z",
    ],
)
def test_a_time_that_is_none_is_refused(query: str) -> None:
    """Also a window that ends before it starts."""
    with pytest.raises(UsageError):
        window_in(request(query), START)
