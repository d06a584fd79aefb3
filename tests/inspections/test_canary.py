"""The question about a canary, over requests in a store: who is compared, and what it comes to."""

from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from lastgood.inspections.canary import canary
from lastgood.model.answers import Answer
from lastgood.model.canary import CanaryAsked, CanaryVerdict, Check, Measure, Outcome, Selector
from lastgood.model.finding import Finding, Verdict
from lastgood.model.scope import Scope
from lastgood.model.signal import Signal
from lastgood.model.window import Window
from lastgood.readings.case import Case
from lastgood.telemetry.tables import LOGS, SPANS
from lastgood.workbench.investigate import answer, case_of
from lastgood.workbench.store import Store
from worlds import START, nanoseconds, put

WHOLE = Window(START, START + timedelta(minutes=20))
ASKED = CanaryAsked()


def requests(
    store: Store, version: str, *, since: float = 0, until: float = 1200, rate: float = 10, bad: float = 0.01,
    plan_bad: float | None = None, milliseconds: float = 50, seed: int = 1, pay: float = 0.5, pay_bad: float = 0.0, key: str = "",
) -> None:  # fmt: skip
    """Spans of a service in one version: two operations, two plans."""
    chance = np.random.default_rng(seed)
    times = np.sort(chance.uniform(since, until, int(rate * (until - since))))
    size = len(times)
    free, paying = chance.uniform(size=size) < 0.2, chance.uniform(size=size) < pay
    share = np.where(free & (plan_bad is not None), plan_bad or 0, bad) + np.where(paying, pay_bad, 0)
    failed = chance.uniform(size=size) < share
    names = [f"{version}{n}" for n in range(size)]
    tags: list[dict[str, str]] = [
        {"plan": "free" if one else "paid", "user.id": f"u{n}", **({"track": key} if key else {})}
        for n, one in enumerate(free)
    ]
    columns: dict[str, Any] = {
        "Timestamp": nanoseconds(times), "TraceId": names, "SpanId": names, "ServiceName": ["shop"] * size,
        "SpanName": ["POST /pay" if one else "GET /list" for one in paying], "SpanKind": ["Server"] * size,
        "Duration": (milliseconds * 1e6 * np.exp(chance.normal(0, 0.3, size))).astype(np.uint64),
        "StatusCode": ["Error" if one else "Ok" for one in failed], "SpanAttributes": tags,
        "ResourceAttributes": [{"service.version": version}] * size,
    }  # fmt: skip
    put(store, SPANS, columns, f"{version}{seed}{since}{key}")


def lines(store: Store, version: str, body: str, many: int) -> None:
    """Error lines over the canary's time."""
    times = np.linspace(620, 1190, many)
    columns: dict[str, Any] = {
        "Timestamp": nanoseconds(times), "ServiceName": ["shop"] * many, "Body": [f"{body} {n}" for n in range(many)],
        "SeverityText": ["ERROR"] * many, "SeverityNumber": [17] * many,
        "ResourceAttributes": [{"service.version": version}] * many,
    }  # fmt: skip
    put(store, LOGS, columns, f"{version}{body}")


def asked(store: Store, what: CanaryAsked = ASKED, *handed: Answer) -> tuple[CanaryVerdict, Finding]:
    """The verdict, and the finding that holds it."""
    holdings, reader = store.survey()
    (found,) = answer(canary, case_of(reader, holdings, WHOLE, WHOLE.end, Scope(), what, *handed))
    assert isinstance(found.answer, CanaryVerdict), found
    return found.answer, found


def failed(verdict: CanaryVerdict) -> set[tuple[Measure, str]]:
    """Which checks failed."""
    return {(one.measure, one.where) for one in verdict.checks if one.failed_after is not None}


def whole(verdict: CanaryVerdict) -> Check:
    """The check of all failures."""
    return next(one for one in verdict.checks if (one.measure, one.where) == (Measure.FAILURES, ""))


def test_an_equal_canary_passes(store: Store) -> None:
    """The newest version against the other; with the evidence, and each plan looked at apart."""
    requests(store, "1.0")
    requests(store, "1.1", since=600, seed=2)
    verdict, finding = asked(store)

    assert (Outcome.PASS, Verdict.YES) == (verdict.outcome, finding.verdict)
    assert ("version=1.0", "version=1.1") == (verdict.baseline, verdict.canary)
    assert {"", "plan=free", "plan=paid"} == {one.where for one in verdict.checks}
    assert finding.evidence


@pytest.mark.parametrize(
    ("how", "check"),
    [
        ({"bad": 0.06}, (Measure.FAILURES, "")),
        ({"plan_bad": 0.2}, (Measure.FAILURES, "plan=free")),
        ({"milliseconds": 80}, (Measure.SLOW, "")),
    ],
)
def test_a_bad_canary_fails_and_what_is_bad_is_named(
    store: Store, how: dict[str, float], check: tuple[Measure, str]
) -> None:
    """More failures, for one plan only, slower."""
    requests(store, "1.0")
    requests(store, "1.1", since=600, seed=2, **how)  # type: ignore[arg-type]
    verdict, finding = asked(store)

    assert (Outcome.FAIL, Verdict.NO) == (verdict.outcome, finding.verdict)
    assert check in failed(verdict)


def test_another_mix_of_traffic_is_no_failure(store: Store) -> None:
    """The canary has ten times as many payments, which fail more often on both sides."""
    requests(store, "1.0", pay=0.05, pay_bad=0.1, rate=40)
    requests(store, "1.1", since=600, pay=0.5, pay_bad=0.1, seed=2)
    verdict, _ = asked(store)

    assert (
        whole(verdict).canary_bad / whole(verdict).canary_all
        > 2 * whole(verdict).baseline_bad / whole(verdict).baseline_all
    )
    assert set() == failed(verdict)
    assert abs(whole(verdict).canary_share - whole(verdict).baseline_share) < 0.03


def test_an_error_line_of_the_canary_alone_fails_it(store: Store) -> None:
    """One that the baseline writes too does not."""
    requests(store, "1.0")
    requests(store, "1.1", since=600, seed=2)
    lines(store, "1.0", "could not reach cache of shard", 40)
    lines(store, "1.1", "could not reach cache of shard", 40)
    before, _ = asked(store)
    lines(store, "1.1", "invoice has no currency", 40)
    after, finding = asked(store)

    assert set() == failed(before)
    assert [Measure.LOGS] == [measure for measure, _ in failed(after)]
    assert "invoice has no currency" in finding.because


def test_too_few_requests_are_inconclusive_with_how_long_to_wait(store: Store) -> None:
    """At this rate."""
    requests(store, "1.0")
    requests(store, "1.1", since=1140, rate=0.5, seed=2)
    verdict, finding = asked(store)

    assert (Outcome.INCONCLUSIVE, Verdict.UNKNOWN) == (verdict.outcome, finding.verdict)
    assert "run it for about" in finding.because
    assert (verdict.needed_seconds or 0) > 60
    assert (verdict.needed_requests or 0) > 30


def test_a_side_without_requests_is_inconclusive(store: Store) -> None:
    """Whichever it is; nothing failed, and nothing passed."""
    requests(store, "1.0")
    one, finding = asked(store)
    named = CanaryAsked(Selector("version", "0.9"), Selector("version", "1.0"))
    no_baseline, other = asked(store, named)
    no_canary, third = asked(store, CanaryAsked(named.canary, named.baseline))

    assert {Outcome.INCONCLUSIVE} == {one.outcome, no_baseline.outcome, no_canary.outcome}
    assert "no two versions" in finding.because
    assert "no requests of version=0.9" in other.because
    assert "no requests of version=0.9; about" in third.because


def test_sides_can_be_reported_by_any_attribute(store: Store) -> None:
    """Of the same version, say."""
    requests(store, "1.0", key="stable")
    requests(store, "1.0", since=600, seed=2, bad=0.08, key="canary")
    verdict, _ = asked(store, CanaryAsked(Selector("track", "stable"), Selector("track", "canary")))

    assert Outcome.FAIL is verdict.outcome


def test_a_sitrep_does_not_ask_it(store: Store) -> None:
    """No one named a canary."""
    requests(store, "1.0")
    holdings, reader = store.survey()
    (found,) = answer(canary, case_of(reader, holdings, WHOLE, WHOLE.end, Scope()))

    assert "lastgood canary" in found.because
    assert holdings.signals == {Signal.SPANS}
    assert isinstance(case_of(reader, holdings, WHOLE, WHOLE.end, Scope()), Case)


def access(store: Store, service: str, since: float, many: int, **attributes: str) -> None:
    """Lines of requests to one route."""
    columns: dict[str, Any] = {
        "Timestamp": nanoseconds(np.linspace(since, 1190, many)), "ServiceName": [service] * many, "Body": ["GET /pay"] * many,
        "LogAttributes": [{"http.request.method": "GET", "http.route": "/pay", **attributes}] * many,
    }  # fmt: skip
    put(store, LOGS, columns, f"{service}{attributes}")


def test_failures_at_a_proxy_alone_are_no_pass(store: Store) -> None:
    """Both versions answer well, as far as they write; what failed in front of them has no version."""
    access(store, "quote", 0, 20_000, **{"service.version": "1.0", "http.response.status_code": "200"})
    access(store, "quote", 600, 10_000, **{"service.version": "1.1", "http.response.status_code": "200"})
    alone, _ = asked(store, CanaryAsked(untimed=True))
    access(
        store, "haproxy", 620, 100, **{"service.peer.name": "be_quote", "http.response.status_code": "502"}
    )

    found, finding = asked(store, CanaryAsked(untimed=True))

    assert Outcome.PASS is alone.outcome
    assert Outcome.INCONCLUSIVE is found.outcome
    assert "100 of 100 requests to quote failed at haproxy" in finding.because
    assert not [one for one in found.checks if one.measure is Measure.FAILURES]


def test_a_baseline_that_stopped_is_reported(store: Store) -> None:
    """To wait is of no use then."""
    requests(store, "1.0", until=660, rate=1)
    requests(store, "1.1", since=600, rate=1, seed=2)

    found, finding = asked(store)

    assert Outcome.INCONCLUSIVE is found.outcome
    assert found.needed_seconds is None
    assert "the baseline has served nothing since" in finding.because


def test_versions_that_never_served_together_are_said_with_their_requests(store: Store) -> None:
    """Both have requests: none is missing. With a short overlap it is another answer."""
    requests(store, "1.0", until=590, rate=1)
    requests(store, "1.1", since=610, rate=1, seed=2)
    found, finding = asked(store)

    assert Outcome.INCONCLUSIVE is found.outcome
    assert "the two versions never served at the same time" in finding.because
    assert "version=1.0 served 590 requests" in finding.because
    assert "version=1.1 served 590 requests" in finding.because
    requests(store, "1.0", since=605, until=640, rate=1, seed=3)
    assert "never served" not in asked(store)[1].because


def test_versions_of_two_services_are_not_compared(store: Store) -> None:
    """One service has the newest version, another most traffic: the service has to be named."""
    requests(store, "1.0", rate=30)
    size = 100
    columns: dict[str, Any] = {
        "Timestamp": nanoseconds(np.linspace(620, 1190, size)), "TraceId": [f"m{n}" for n in range(size)],
        "SpanId": [f"m{n}" for n in range(size)], "ServiceName": ["mailer"] * size, "SpanName": ["send"] * size,
        "SpanKind": ["Server"] * size, "ResourceAttributes": [{"service.version": "7"}] * size,
    }  # fmt: skip
    put(store, SPANS, columns, "mailer")

    found, finding = asked(store)

    assert Outcome.INCONCLUSIVE is found.outcome
    assert "mailer, shop" in finding.because
    assert "--service" in finding.because
