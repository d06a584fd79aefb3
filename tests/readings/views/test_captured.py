"""What was recorded of requests."""

import json
from datetime import timedelta
from typing import Any

import pytest

from buggy import FAILING, WORKING, put_requests
from lastgood.model.window import Window
from lastgood.readings.views.captured import (
    CANDIDATES,
    backends,
    failing_route,
    mix,
    of_trace,
    on_route,
    route_of,
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
    assert ("orders", "/orders", "POST") == route
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


def test_one_address_is_a_route_for_each_method(store: Store) -> None:
    """Of `/orders` GET works and POST fails: they are apart, in a mix too."""
    put_requests(store)
    times = [START + timedelta(seconds=n) for n in range(50)]
    reads: dict[str, Any] = {
        "Timestamp": times, "TraceId": [f"{n + 100:032x}" for n in range(50)], "SpanId": [f"{n + 100:016x}" for n in range(50)],
        "ServiceName": ["orders"] * 50, "SpanName": ["GET /orders"] * 50, "SpanKind": ["Server"] * 50, "StatusCode": ["Ok"] * 50,
        "SpanAttributes": [{"http.request.method": "GET", "http.route": "/orders", "url.path": "/orders"}] * 50,
    }  # fmt: skip
    put(store, SPANS, reads, "reads")
    _, reader = store.survey()
    route = failing_route(reader, DAY)
    assert route
    working = on_route(reader, DAY, route, failed=False)

    assert {"POST"} == {one.method for one in working}
    assert route == route_of(working[0])
    shares = [(one.request.method, one.requests, one.failed) for one in mix(reader, DAY, "orders")]
    assert [("GET", 50, False), ("POST", 20, False), ("POST", 10, True)] == shares


def test_working_requests_of_the_version_that_fails_come_first(store: Store) -> None:
    """However many a newer one has answered since."""
    many = int(CANDIDATES)
    versions = ["v1"] * 2 + ["v2"] * many
    spans: dict[str, Any] = {
        "Timestamp": [START + timedelta(seconds=n) for n in range(many + 2)],
        "TraceId": [f"{n:032x}" for n in range(many + 2)], "SpanId": [f"{n:016x}" for n in range(many + 2)],
        "ServiceName": ["shop"] * (many + 2), "SpanName": ["GET /"] * (many + 2), "SpanKind": ["Server"] * (many + 2),
        "StatusCode": ["Error", *["Ok"] * (many + 1)],
        "ResourceAttributes": [{"service.version": version} for version in versions],
    }  # fmt: skip
    put(store, SPANS, spans, "versions")
    _, reader = store.survey()
    route = failing_route(reader, DAY)
    assert route

    assert "v1" == on_route(reader, DAY, route, failed=False, version="v1")[0].version
    assert {"v2"} == {one.version for one in on_route(reader, DAY, route, failed=False)}


@pytest.mark.parametrize(
    ("body", "size", "cut"),
    [
        ('{"a": {"b": 1}}', "", False),
        ('{"a": {"b": "', "", True),
        ("[1, 2", "", True),
        ("a=1", "3", False),
        ("a=1", "4", True),
        ("email:0123456789abcdef", "400", False),
    ],
)
def test_a_body_that_was_cut_off_is_missing_its_end(store: Store, body: str, size: str, *, cut: bool) -> None:
    """JSON without an end, or fewer bytes than the request had; a token may be shorter than its value."""
    named = {"http.request.method": "POST", "url.path": "/a", "http.response.status_code": "500"}
    put_lines(store, 1, "web", **named, **{"http.request.body.content": body, "http.request.body.size": size})
    _, reader = store.survey()
    route = failing_route(reader, DAY)
    assert route
    (one,) = on_route(reader, DAY, route, failed=True)

    assert cut == ("the end of the body was not captured" in one.missing)


def test_stack_traces_under_the_id_of_the_request_come_first(store: Store) -> None:
    """Without traces an id that services pass on ties another service's stack trace to the request."""
    access = {"http.request.method": "GET", "url.path": "/a", "http.response.status_code": "500"}
    put_lines(store, 1, "web", **{**access, "request.id": "9f55"})
    put_lines(store, 1, "stock", **{"request.id": "9f55", "exception.stacktrace": "Traceback: own"})
    put_lines(store, 1, "stock", **{"request.id": "other", "exception.stacktrace": "Traceback: other"})
    _, reader = store.survey()
    route = failing_route(reader, DAY, "web")
    assert route
    one = on_route(reader, DAY, route, failed=True)[0]

    found = list(stack_traces(reader, DAY, one, ("web",)))
    assert ("stock", "Traceback: own", True) in found
    assert not any("other" in text for _, text, _ in found)
