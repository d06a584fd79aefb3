"""What was recorded of requests."""

import json
from typing import Any

from buggy import FAILING, WORKING, put_requests
from lastgood.model.window import Window
from lastgood.readings.views.captured import (
    backends,
    failing_route,
    mix,
    of_trace,
    on_route,
    stack_traces,
    whole,
)
from lastgood.telemetry.tables import SPANS
from lastgood.workbench.store import Store
from records import START
from telemetry.rows import put_lines
from worlds import put

DAY = Window(START.replace(hour=0), START.replace(hour=23))


def test_failing_and_working_requests_of_the_route_with_most_failures(store: Store) -> None:
    """With what spans have of them, and what they lack; the stack trace of the own trace comes first."""
    put_requests(store)
    _, reader = store.survey()
    route = failing_route(reader, DAY)
    assert ("orders", "/orders") == route
    failing, working = (on_route(reader, DAY, route, failed=failed) for failed in (True, False))
    seen = of_trace(reader, DAY, f"{28:032x}")
    assert seen
    service, text, own = next(stack_traces(reader, DAY, seen, ("orders",)))

    assert (10, 20) == (len(failing), len(working))
    assert () == failing[0].missing
    assert ("orders", True) == (service, own)
    assert "AttributeError" in text
    mixed = mix(reader, DAY, "orders")
    assert [(20, False), (10, True)] == [(one.requests, one.failed) for one in mixed]
    assert [WORKING, FAILING] == [json.loads(one.request.body or "") for one in mixed]
    assert () == mix(reader, DAY, "other")
    assert None is failing_route(reader, DAY, "other")
    assert None is of_trace(reader, DAY, "f" * 32)


def test_stack_traces_recorded_on_spans(store: Store) -> None:
    """An event of the request's own span; else of another one of its service."""
    put_requests(store, on_spans=True)
    _, reader = store.survey()
    for trace, own in ((28, True), (1, False)):
        seen = of_trace(reader, DAY, f"{trace:032x}")
        assert seen
        service, text, found = next(stack_traces(reader, DAY, seen, ("orders",)))
        assert ("orders", own) == (service, found)
        assert "AttributeError" in text


def test_access_lines_alone(store: Store) -> None:
    """Method and path are there, headers and body are not; an address is parted."""
    put_lines(
        store, 3, "web", **{"http.request.method": "POST", "url.full": "https://u:p@h:8/a?b=1", "http.response.status_code": "502"}
    )  # fmt: skip
    _, reader = store.survey()
    route = failing_route(reader, DAY)
    assert route
    one = whole(reader, DAY, on_route(reader, DAY, route, failed=True)[0])

    assert ("POST", "h:8", "/a?b=1", 502, None) == (one.method, one.host, one.path, one.status, one.body)
    assert 2 == len(one.missing)


def test_databases_and_queues_that_a_service_names(store: Store) -> None:
    """By either name of the attribute; each once."""
    names = [
        ("db.system.name", "postgresql"),
        ("db.system", "redis"),
        ("messaging.system", "kafka"),
        ("db.system", "redis"),
    ]
    rows: dict[str, list[Any]] = {
        "Timestamp": [START] * 4, "TraceId": ["t"] * 4, "SpanId": [*"abcd"], "ServiceName": ["orders"] * 3 + ["web"],
        "SpanKind": ["Client"] * 4, "Duration": [1] * 4, "SpanAttributes": [[one] for one in names],
    }  # fmt: skip
    put(store, SPANS, rows, "of spans")
    _, reader = store.survey()

    assert ("kafka", "postgresql", "redis") == backends(reader, DAY, "orders")
    assert ("redis",) == backends(reader, DAY, "web")
