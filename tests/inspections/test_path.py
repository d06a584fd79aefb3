"""The last good and the first bad hop, from errors, from time, and from log lines without spans."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cases import case_of
from lastgood.algorithms.counts import VERY_CLEAR, wilson
from lastgood.algorithms.steps import Step, breaks
from lastgood.inspections.path import _agreed, _by_errors, _by_time, path
from lastgood.inspections.path.weights import (
    AGREE_LEAST,
    CALLERS_SEVERAL,
    ERRORS_AGREE,
    ERRORS_BASE,
    ERRORS_MOST_SURE,
    HOPS_SHOWN,
    LINES_SURE,
    PROXY_SURE,
    STEPS_LEAST,
    TIME_MIDDLE,
    TIME_SHARE,
    TIME_SURE,
    TIMES_SHOWN,
)
from lastgood.model.evidence import Table, TraceExcerpt
from lastgood.model.failure import Broken, FailurePath
from lastgood.model.finding import Finding, Verdict
from lastgood.model.window import Comparison, Window
from lastgood.readings.case import Case
from lastgood.readings.suspicions import break_strength
from lastgood.telemetry.tables import LOGS, SPANS
from lastgood.workbench.store import Store
from reported import asked
from worlds import START, nanoseconds, put

CHAIN = """
scenario  a chain
seed      5
time      2026-11-20 10:00 .. 10:06
spans     web "POST /pay"  rate=2/s latency=8ms
call      web "POST /pay" -> payments Charge  latency=10ms {payments}
call      payments Charge -> bank.example "POST /charge"  external status=402 latency=9ms {bank}
"""
LINES = """
scenario  only lines
seed      5
time      2026-11-20 10:00 .. 10:06
logs      web info "GET /cart"  rate=2/s
logs      web error "cart failed"  rate=1/min
"""


def answered(finding: Finding) -> FailurePath:
    """The path, which must be there."""
    assert isinstance(finding.answer, FailurePath), finding
    return finding.answer


def test_errors_that_begin_outside(store: Store, tmp_path: Path) -> None:
    """The bank refuses: payments is the last good hop, the bank the first bad one."""
    finding = asked(store, tmp_path, CHAIN.format(payments="", bank="then errors=30% at 10:03"), "path", 3)
    found = answered(finding)

    assert ("payments", "bank.example", True) == (found.last_good, found.first_bad, found.external)
    assert 0 < found.agree <= found.traces
    (example,) = (e for e in finding.evidence if isinstance(e, TraceExcerpt))
    assert any(service == "payments" and failed for _, service, _, _, failed in example.spans)


def test_errors_that_begin_inside(store: Store, tmp_path: Path) -> None:
    """Payments fails by itself: web is the last good hop."""
    found = answered(
        asked(store, tmp_path, CHAIN.format(payments="then errors=30% at 10:03", bank=""), "path", 3)
    )

    assert ("web", "payments", False) == (found.last_good, found.first_bad, found.external)


def test_slowness_without_errors(store: Store, tmp_path: Path) -> None:
    """Payments takes its time; every trace of the bad window agrees."""
    found = answered(
        asked(store, tmp_path, CHAIN.format(payments="then latency=500ms at 10:03", bank=""), "path", 3)
    )

    assert ("web", "payments") == (found.last_good, found.first_bad)
    assert found.agree > 0.9 * found.traces
    assert Broken.SLOW is found.how


def test_lines_that_nothing_ties_together_give_no_path(store: Store, tmp_path: Path) -> None:
    """Without spans and request ids it is not known, and it says why."""
    finding = asked(store, tmp_path, LINES, "path", 3)

    assert Verdict.UNKNOWN is finding.verdict
    assert "request ids" in finding.because


MIDDLE = START + timedelta(minutes=10)
GIVEN = Comparison(Window(START, MIDDLE), Window(MIDDLE, MIDDLE + timedelta(minutes=10)), given=True)
BAD = 600.0  # seconds after the start


@dataclass(frozen=True)
class Hop:
    """A call that a request makes."""

    service: str = "payments"
    ms: float = 5.0
    failed: bool = False
    name: str = "handle"


@dataclass(frozen=True)
class Request:
    """One request: its calls one after the other, and the time of its own."""

    hops: tuple[Hop, ...] = (Hop(),)
    own_ms: float = 5.0
    service: str = "web"


def case_with(store: Store, good: Sequence[Request], bad: Sequence[Request]) -> Case:
    """The case of these requests, one a second in each window."""
    rows = list[tuple[Any, ...]]()
    for first, requests in ((0.0, good), (BAD, bad)):
        for n, request in enumerate(requests):
            trace, start = f"{int(first):08x}{n:024x}", first + n
            whole = request.own_ms + sum(hop.ms for hop in request.hops)
            rows.append((start, trace, f"{trace[:8]}{n:06x}ff", "", request.service, "GET /", whole, False))
            for place, hop in enumerate(request.hops):
                span = f"{trace[:8]}{n:06x}{place:02x}"
                rows.append((start, trace, span, rows[-1 - place][2], hop.service, hop.name, hop.ms, hop.failed))  # fmt: skip
                start += hop.ms / 1000
    at, traces, spans, parents, services, names, ms, failed = zip(*rows, strict=True)
    put(
        store, SPANS,
        {
            "Timestamp": nanoseconds(np.array(at)), "TraceId": traces, "SpanId": spans, "ParentSpanId": parents,
            "SpanName": names, "SpanKind": ["Server"] * len(rows), "ServiceName": services,
            "Duration": [int(n * 1e6) for n in ms], "StatusCode": ["Error" if one else "Unset" for one in failed],
        },
        "path",
    )  # fmt: skip
    return case_of(store, GIVEN)


def traced(store: Store, good: Sequence[Request], bad: Sequence[Request]) -> Finding:
    """What is said of these requests."""
    (finding,) = path.run(case_with(store, good, bad))
    return finding


def failing(*begins: int, of: int = 100) -> list[Request]:
    """So many requests, of which so many fail in payments, in the mail and in the cart."""
    where = [name for name, n in zip(("payments", "mail", "cart"), begins, strict=False) for _ in range(n)]
    where += [""] * (of - len(where))
    return [
        Request(tuple(Hop(name, failed=name == ill) for name in ("payments", "mail", "cart")))
        for ill in where
    ]


def test_half_of_the_failing_traces_must_agree(store: Store) -> None:
    """AGREE_LEAST of them; then its confidence is made of the lift and of how many agree."""
    agree = ceil(AGREE_LEAST * 50)
    half = (50 - agree) // 2
    lift = wilson(agree, 100, VERY_CLEAR)[0] - wilson(0, 100, VERY_CLEAR)[1]

    finding = traced(store, failing(), failing(agree, half, 50 - agree - half))

    assert "payments" == answered(finding).first_bad
    assert pytest.approx(ERRORS_BASE + lift + ERRORS_AGREE * agree / 50) == finding.confidence


def test_fewer_than_half_of_the_failing_traces_are_several_paths(store: Store) -> None:
    """One trace fewer than AGREE_LEAST."""
    agree = ceil(AGREE_LEAST * 50) - 1
    half = (50 - agree) // 2

    found = _by_errors(case_with(store, failing(), failing(agree, half, 50 - agree - half)), VERY_CLEAR)

    assert found is not None
    assert _agreed(found) is None


def test_requests_that_fail_in_several_places_take_no_other_path(store: Store) -> None:
    """What fails is not called a change of the way."""
    agree = ceil(AGREE_LEAST * 50) - 1
    half = (50 - agree) // 2

    finding = traced(store, failing(), failing(agree, half, 50 - agree - half))

    assert "another path" not in finding.because or finding.verdict is Verdict.UNKNOWN


def test_where_all_failing_traces_agree_it_is_as_sure_as_samples_allow(store: Store) -> None:
    """ERRORS_MOST_SURE."""
    assert ERRORS_MOST_SURE == traced(store, failing(), failing(60)).confidence


@pytest.mark.parametrize(("near", "breaks_there"), [(0.9, True), (1.1, False)])
def test_more_time_at_a_hop_is_the_break_where_users_feel_it(
    store: Store, near: float, *, breaks_there: bool
) -> None:
    """From TIME_SHARE of all time on; all that is slower is there, so it is sure by TIME_SURE."""
    more = 25.0
    own = more / TIME_SHARE * near - more - 5
    slow = (Hop(ms=5 + more),)
    found = _by_time(case_with(store, [Request(own_ms=own)] * 20, [Request(slow, own_ms=own)] * 20))

    assert (TIME_SURE if breaks_there else None) == (found and found.confidence)


def test_a_call_is_slow_from_the_middle_between_past_and_present_on(store: Store) -> None:
    """TIME_MIDDLE of the way: of eleven those that are slower agree."""
    more = [100.0] * 7 + [100 * TIME_MIDDLE * near for near in (0.8, 0.9, 1.1, 1.2)]
    bad = [Request((Hop(ms=5 + ms),)) for ms in more]

    assert 9 == answered(traced(store, [Request()] * 11, bad)).agree


def test_the_table_of_times_has_a_bound(store: Store) -> None:
    """TIMES_SHOWN of the operations that are slower."""
    names = [f"step {n}" for n in range(TIMES_SHOWN + 1)]
    good, bad = ([Request((Hop(ms=ms, name=name),)) for name in names] for ms in (5.0, 500.0))
    (table,) = (one for one in traced(store, good, bad).evidence if isinstance(one, Table))

    assert TIMES_SHOWN == len(table.rows)


def silent(count: int, service: str = "web") -> list[Request]:
    """A hundred requests, of which so many call no one."""
    return [Request((), service=service)] * count + [Request(service=service)] * (100 - count)


def _strength(count: int) -> float:
    """Of the break where so many of a hundred call no one."""
    (found,) = breaks(
        [Step(("web",), "", "", 0, count), Step(("web",), "", "payments → handle", 100, 100 - count)]
    )
    return break_strength(found)


@pytest.mark.parametrize("fewer", [0, 1])
def test_another_way_is_the_break_where_it_is_strong(store: Store, fewer: int) -> None:
    """Above STEPS_LEAST; one request fewer is not."""
    fewest = next(n for n in range(10, 100) if _strength(n) > STEPS_LEAST)

    assert (None if fewer else round(_strength(fewest), 3)) == traced(store, silent(0), silent(fewest - fewer)).confidence  # fmt: skip


@pytest.mark.parametrize("fewer", [0, 1])
def test_the_last_good_hop_is_open_with_several_callers(store: Store, fewer: int) -> None:
    """CALLERS_SEVERAL of them."""
    callers = [f"web-{n}" for n in range(CALLERS_SEVERAL - fewer)]
    good, bad = ([one for name in callers for one in silent(n, name)] for n in (0, 90))
    finding = traced(store, good, bad)

    assert "payments" == answered(finding).first_bad
    assert ([f"payments is called by {', '.join(callers)}"], [])[fewer] == [*finding.limits]


def told(store: Store, lines: Sequence[tuple[float, str, str, int, dict[str, str]]]) -> Finding:
    """What is said of lines: time, trace, service, severity and attributes."""
    at, trace, service, severity, attributes = zip(*lines, strict=True)
    columns = {
        "Timestamp": nanoseconds(np.array(at)), "TraceId": trace, "ServiceName": service, "SeverityNumber": severity,
        "LogAttributes": attributes, "Body": ["said"] * len(lines),
    }  # fmt: skip
    put(store, LOGS, columns, "path")
    (finding,) = path.run(case_of(store, GIVEN))
    return finding


def first_errors(*services: str) -> list[tuple[float, str, str, int, dict[str, str]]]:
    """The lines of a request for each of them, whose first error it tells."""
    return [
        (BAD + n + late, f"{n + 1:032x}", who, level, {})
        for n, service in enumerate(services)
        for late, who, level in ((0.0, "web", 9), (0.1, service, 17))
    ]


def test_lines_that_all_agree_are_as_sure_as_their_clocks(store: Store) -> None:
    """LINES_SURE."""
    assert LINES_SURE == told(store, first_errors(*["cart"] * 5)).confidence


def test_the_table_of_first_errors_has_a_bound(store: Store) -> None:
    """HOPS_SHOWN of the services."""
    (table,) = told(store, first_errors(*(f"part-{n:02}" for n in range(HOPS_SHOWN + 1)))).evidence

    assert isinstance(table, Table)
    assert HOPS_SHOWN == len(table.rows)


def test_requests_of_a_proxy_that_all_agree_are_as_sure_as_a_first_hop(store: Store) -> None:
    """PROXY_SURE."""
    lines = [
        (first + n, "", "door", 9, {"service.peer.name": name, "http.response.status_code": status, "url.path": f"/{name}"})
        for first, ill in ((0.0, "200"), (BAD, "502"))
        for name, status in (("cart", ill), ("mail", "200"), ("till", "200"))
        for n in range(40)
    ]  # fmt: skip
    finding = told(store, lines)

    assert "cart" == answered(finding).first_bad
    assert answered(finding).by_requests
    assert PROXY_SURE == finding.confidence
