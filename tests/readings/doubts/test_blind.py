"""Data that could not show a failure are distinguished from those that could."""

from datetime import timedelta

import numpy as np
import pytest

from lastgood.readings.case import Case
from lastgood.readings.doubts.blind import blind, unjudged
from lastgood.telemetry.tables import LOGS
from lastgood.workbench.investigate import investigate
from lastgood.workbench.store import Store
from worlds import START, World, nanoseconds, put, store_gauge


def case_of(store: Store) -> Case:
    """The case over everything that the store holds."""
    return investigate(store, now=START + timedelta(hours=1), only="onset")[0]


def spans(store: Store, **attributes: str) -> None:
    """Requests without a failure, whose spans carry these attributes and no status."""
    quiet = World(seconds=1200, rate=1.0, errors=lambda t: np.zeros(len(t)), attributes=lambda *_: attributes)
    quiet.store_spans(store)


def lines(store: Store, text: str, level: str = "INFO") -> None:
    """Twenty minutes of lines; `{n}` in them counts."""
    n = 600
    put(
        store, LOGS,
        {
            "Timestamp": nanoseconds(np.arange(n) * 2.0), "ServiceName": ["shop"] * n,
            "SeverityText": [level] * n, "SeverityNumber": [9 if level else 0] * n,
            "Body": [text.replace("{n}", str(i)) for i in range(n)],
        },
        f"lines {text}",
    )  # fmt: skip


def test_spans_without_a_status_cannot_show_failures(store: Store) -> None:
    """Unknown, with what would show them."""
    spans(store)

    case = case_of(store)
    finding = blind(case)

    assert finding is not None
    assert finding.outage is None
    assert "neither a status nor a status code" in finding.because
    assert "http.response.status_code" in finding.limits[0]
    assert unjudged(case) is not None


@pytest.mark.parametrize("name", ["http.response.status_code", "http.status_code", "rpc.grpc.status_code"])
def test_a_status_code_shows_them(store: Store, name: str) -> None:
    """None, where spans carry a code, as in the attributes of HTTP and of gRPC."""
    spans(store, **{name: "200"})

    assert blind(case_of(store)) is None


def test_a_metric_of_success_stands_in(store: Store) -> None:
    """None, but the spans are still unjudged, so that the metric is asked."""
    spans(store)
    points = [(float(t), 1.0) for t in range(0, 1200, 30)]
    store_gauge(store, "shop", "http.server.request.success_ratio", "1", points)

    case = case_of(store)

    assert blind(case) is None
    assert unjudged(case) is not None


def test_lines_with_levels_stand_in(store: Store) -> None:
    """None, where the service that requests enter logs with levels."""
    spans(store)
    lines(store, "order {n} taken")

    assert blind(case_of(store)) is None


@pytest.mark.parametrize(
    "text",
    [
        "request {n} failed status=503",
        "POST /pay took 5006 ms",
        'GET /x "HTTP/1.1" 503',
        "backend said http 502",
        "order {n} finished, exit code 3",
    ],
)
def test_outcomes_in_the_text_are_not_compared(store: Store, text: str) -> None:
    """Unknown, with an example of the lines."""
    lines(store, text)

    finding = blind(case_of(store))

    assert finding is not None
    assert finding.outage is None
    assert text.split("{n}", maxsplit=1)[0] in finding.limits[0]


@pytest.mark.parametrize("text", ["order {n} taken, 3 items", "user {n} signed in", "listening on 8080"])
def test_other_numbers_in_the_text_are_no_reason(store: Store, text: str) -> None:
    """None of counts and names."""
    lines(store, text)

    assert blind(case_of(store)) is None


def test_durations_that_are_fields_of_lines_are_not_compared_either(store: Store) -> None:
    """Statements of a slow query log have one each, and are no requests."""
    n = 600
    put(
        store, LOGS,
        {
            "Timestamp": nanoseconds(np.arange(n) * 2.0), "ServiceName": ["mysql"] * n, "SeverityText": [""] * n,
            "SeverityNumber": [0] * n, "Body": ["# User@Host: shop[shop]"] * n,
            "LogAttributes": [[("lg.duration_ns", "310000000")]] * n,
        },
        "slow statements",
    )  # fmt: skip

    finding = blind(case_of(store))
    assert finding is not None
    assert "600 of 600" in finding.because.replace("\u00a0", " ")
