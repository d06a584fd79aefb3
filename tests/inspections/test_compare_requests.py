"""What failing requests have in common: attributes of any span, sizes, lines, things that are missing; or nothing."""

from collections.abc import Callable, Mapping
from datetime import timedelta

import numpy as np
import pytest

from lastgood.model.answers import InCommon, RequestsCompared
from lastgood.model.finding import Finding, Verdict
from lastgood.model.window import Comparison, Window
from lastgood.telemetry.tables import LOGS, SPANS
from lastgood.workbench.investigate import investigate
from lastgood.workbench.store import Store
from worlds import START, World, nanoseconds, put

MIDDLE, END = START + timedelta(seconds=1800), START + timedelta(seconds=3600)
GIVEN = Comparison(Window(START, MIDDLE), Window(MIDDLE, END), given=True)
DRAWN = np.random.default_rng(5).uniform(size=(20_000, 4))
Carries = Callable[[int, bool], Mapping[str, str]]


def asked(store: Store) -> Finding:
    """What the question answers."""
    _, findings = investigate(store, now=END, only="compare_requests", comparison=GIVEN)
    return findings[-1]


def traits(store: Store) -> list[InCommon]:
    """What is reported."""
    answer = asked(store).answer
    assert isinstance(answer, RequestsCompared), asked(store)
    return list(answer.traits)


def failing_fifth(store: Store, inner: Carries, line: Callable[[bool], str] | None = None) -> None:
    """Requests of which a fifth fail in the second half, with one call inside each, and one line."""
    one = World(rate=2, errors=lambda t: np.where(t > 1800, 0.2, 0.0))
    one.store_spans(store)
    n = len(one.times)
    traces = [f"{one.seed:08x}{i:024x}" for i in range(n)]
    put(
        store, SPANS,
        {
            "Timestamp": nanoseconds(one.times), "TraceId": traces, "SpanId": [f"{i + 2**40:016x}" for i in range(n)],
            "ParentSpanId": [f"{i:016x}" for i in range(n)], "SpanName": ["SELECT"] * n, "SpanKind": ["Client"] * n,
            "ServiceName": ["stock"] * n, "Duration": [1000] * n,
            "SpanAttributes": [list(inner(i, bool(one.failed[i])).items()) for i in range(n)],
        },
        "calls",
    )  # fmt: skip
    if line:
        put(
            store, LOGS,
            {
                "Timestamp": nanoseconds(one.times), "TraceId": traces, "ServiceName": ["stock"] * n,
                "SeverityText": ["INFO"] * n, "SeverityNumber": [9] * n, "Body": [line(bool(f)) for f in one.failed],
            },
            "told",
        )  # fmt: skip


def test_a_statement_of_an_inner_span_is_reported(store: Store) -> None:
    """97 % of what fails runs it, 3 % of what works."""

    def statement(i: int, failed: bool) -> Mapping[str, str]:
        slow = DRAWN[i, 0] < (0.97 if failed else 0.03)
        return {"db.query.text": "SELECT * FROM stock" if slow else "SELECT * FROM stock WHERE id = ?"}

    failing_fifth(store, statement)

    finding = asked(store)
    first, second = traits(store)

    assert ("stock", "db.query.text", "SELECT * FROM stock") == (first.service, first.key, first.value)
    assert 0.97 == pytest.approx(first.failing, abs=0.03)
    assert 0.03 == pytest.approx(first.working, abs=0.03)
    assert 0.8 < first.low < first.failing - first.working < first.high
    assert second.working > second.failing
    assert "db.query.text=SELECT * FROM stock" in finding.because
    assert Verdict.YES is finding.verdict


def test_a_size_is_reported_by_the_limit_that_parts_them(store: Store) -> None:
    """Bodies of four kilobytes and more fail; no two have the same size."""

    def size(i: int, failed: bool) -> Mapping[str, str]:
        return {
            "http.request.body.size": str(
                int(4200 + 9000 * DRAWN[i, 0] if failed else 100 + 3900 * DRAWN[i, 0])
            )
        }

    failing_fifth(store, size)

    first = traits(store)[0]

    assert ("http.request.body.size", "at least 4096", 1.0, 0.0) == (
        first.key,
        first.value,
        first.failing,
        first.working,
    )


def test_a_code_path_is_reported_by_its_log_line(store: Store) -> None:
    """Only failing requests take the fallback, and lines differ by their numbers."""
    failing_fifth(
        store,
        lambda *_: {},
        lambda failed: f"shard {int(failed) + 3} is full, writing elsewhere" if failed else "written",
    )

    first = traits(store)[0]

    assert "line" == first.key
    assert first.value.startswith("shard")


def test_what_is_always_together_is_reported_once(store: Store) -> None:
    """A peer and its port name the same requests."""

    def peer(i: int, failed: bool) -> Mapping[str, str]:
        return (
            {"server.address": "db-2", "db.shard": "two"}
            if failed
            else {"server.address": "db-1", "db.shard": "one"}
        )

    failing_fifth(store, peer)

    found = [one for one in traits(store) if one.failing > one.working]

    assert 1 == len(found)
    assert "db.shard=two" in " ".join((f"{found[0].key}={found[0].value}", *found[0].also))
    assert "db-2" in " ".join((found[0].value, *found[0].also))


def test_names_of_the_failure_come_last(store: Store) -> None:
    """They say how it fails; status codes are not reported at all."""

    def both(i: int, failed: bool) -> Mapping[str, str]:
        reported = (
            {"error.type": "Timeout", "http.response.status_code": "504"}
            if failed
            else {"http.response.status_code": "200"}
        )
        return {**reported, "thread.name": "pool-7" if DRAWN[i, 0] < (0.9 if failed else 0.1) else "pool-1"}

    failing_fifth(store, both)

    found = traits(store)

    assert "thread.name" == found[0].key
    assert found[-1].says_failing
    assert "status_code" not in str(found)


@pytest.mark.parametrize("seed", range(3))
def test_chance_is_nothing_in_common(store: Store, seed: int) -> None:
    """Sixty attributes with nothing in them."""
    drawn = np.random.default_rng(seed).integers(0, 4, (20_000, 60))
    failing_fifth(store, lambda i, _: {f"app.field{n}": f"v{drawn[i, n]}" for n in range(60)})

    finding = asked(store)

    assert Verdict.NO is finding.verdict
    assert RequestsCompared(()) == finding.answer


def test_too_few_are_not_compared(store: Store) -> None:
    """Nothing fails."""
    World(rate=1, errors=lambda t: np.zeros(len(t))).store_spans(store)

    assert "no failing" in asked(store).because


def test_access_lines_are_compared_without_traces(store: Store) -> None:
    """Each line is a request."""
    one = World(rate=2, errors=lambda t: np.where(t > 1800, 0.2, 0.0))
    one.attributes = lambda i, _t, failed: {
        "http.response.status_code": "500" if failed[i] else "200",
        "http.route": "/pay",
        "user_agent.name": "old app" if DRAWN[i, 0] < (0.95 if failed[i] else 0.05) else "new app",
    }
    one.store_lines(store)

    first = traits(store)[0]

    assert ("user_agent.name", "old app") == (first.key, first.value)


def test_plain_lines_are_compared_by_trace(store: Store) -> None:
    """Without spans or access lines, a request fails when one of its lines is an error."""
    one = World(rate=2, errors=lambda t: np.where(t > 1800, 0.2, 0.0))
    n = len(one.times)
    for part, (service, body) in enumerate((("web", "asked"), ("stock", "answered"))):
        bad = one.failed & (part == 1)
        put(
            store, LOGS,
            {
                "Timestamp": nanoseconds(one.times + part / 100), "TraceId": [f"{i:032x}" for i in range(n)],
                "ServiceName": [service] * n, "SeverityText": ["ERROR" if b else "INFO" for b in bad],
                "SeverityNumber": [17 if b else 9 for b in bad], "Body": [f"{body}{' with nothing' if b else ''}" for b in bad],
                "LogAttributes": [[("db.shard", "two" if f else "one")] for f in one.failed],
            },
            service,
        )  # fmt: skip

    assert "db.shard" in str(traits(store)[0])
