"""Metrics confirm that it is real, with the effect, its interval, and what could not be counted."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from lastgood.inspections.confirm.affected import (
    _answer,
    _still_rises,
    _table,
    _worse,
    by_backlog,
    by_metrics,
)
from lastgood.inspections.confirm.weights import (
    METRICS_INNER,
    METRICS_SHOWN,
    METRICS_USER_VISIBLE,
    NOTICED,
    NOTICED_TIMES,
    PILES_UP,
)
from lastgood.model.answers import Confirmation, ImpactKind
from lastgood.model.finding import Finding, Verdict
from lastgood.model.window import Comparison, Window
from lastgood.readings.levels import changes
from lastgood.telemetry.tables import SPANS
from lastgood.workbench.investigate import investigate
from lastgood.workbench.store import Store
from worlds import START, World, nanoseconds, put, store_counter, store_gauge

GIVEN = Comparison(
    Window(START, START + timedelta(seconds=2400)),
    Window(START + timedelta(seconds=2400), START + timedelta(seconds=3600)),
    given=True,
)


def gauge(store: Store, metric: str, unit: str, usual: float, now: float) -> None:
    """An hour of a metric that changes when the bad window begins."""
    chance = np.random.default_rng(3)
    points = [
        (t, (usual if t < 2400 else now) * (1 + 0.02 * float(chance.normal())))
        for t in np.arange(0, 3600, 30.0)
    ]
    store_gauge(store, "shop", metric, unit, points)


def said(store: Store) -> Finding | None:
    """What metrics say about the given windows."""
    case, _ = investigate(store, now=START, only="onset", comparison=GIVEN)
    return by_metrics(case, GIVEN)


def test_slow_requests_are_confirmed(store: Store) -> None:
    """A p95 that doubles: the interval of the log of the ratio holds its logarithm."""
    gauge(store, "http.server.request.duration.p95", "s", 0.2, 0.4)

    finding = said(store)

    assert finding is not None
    assert isinstance(finding.answer, Confirmation)
    assert (ImpactKind.LATENCY, METRICS_USER_VISIBLE) == (finding.answer.impact.kind, finding.confidence)
    assert 0 < finding.answer.low < np.log(2) < finding.answer.high
    assert finding.answer.impact.requests is None
    assert any("could not be counted" in limit for limit in finding.limits)
    assert "so do" not in finding.because


def test_lost_success_is_a_failure_share(store: Store) -> None:
    """Success that falls from everything to four in five: one in five fails."""
    gauge(store, "http.server.request.success_ratio", "1", 1.0, 0.8)

    finding = said(store)

    assert finding is not None
    assert isinstance(finding.answer, Confirmation)
    assert ImpactKind.ERRORS is finding.answer.impact.kind
    assert abs((finding.answer.impact.failure_share or 0) - 0.2) < 0.02
    assert finding.answer.low < 0.2 < finding.answer.high


def test_a_resource_alone_is_not_yet_user_visible(store: Store) -> None:
    """It is real, but no one is known to be affected."""
    gauge(store, "process.cpu.utilization", "1", 0.3, 0.95)

    finding = said(store)

    assert finding is not None
    assert isinstance(finding.answer, Confirmation)
    assert (None, METRICS_INNER) == (finding.answer.impact.kind, finding.confidence)
    assert any("user impact" in limit for limit in finding.limits)


@pytest.mark.parametrize(("now", "verdict"), [(0.5, Verdict.NO), (0.99, Verdict.YES)])
def test_a_resource_with_some_left_is_no_incident_where_requests_are_well(
    store: Store, now: float, verdict: Verdict
) -> None:
    """Failures and latency are measured and as before: a busier processor does no harm, a full one will."""
    gauge(store, "process.cpu.utilization", "1", 0.3, now)
    gauge(store, "HTTPCode_Target_5XX_Count", "", 2.0, 2.0)
    gauge(store, "RequestCount", "", 600.0, 600.0)
    gauge(store, "TargetResponseTime", "s", 0.12, 0.12)

    finding = said(store)

    assert finding is not None
    assert verdict is finding.verdict
    assert ("TargetResponseTime is as before" in finding.because) is (verdict is Verdict.NO)


def test_failures_are_weighed_against_requests_of_the_same_periods(store: Store) -> None:
    """A load balancer counts both: a share of requests fails, and it is said how many."""
    gauge(store, "HTTPCode_Target_5XX_Count", "", 2.0, 170.0)
    gauge(store, "RequestCount", "", 600.0, 600.0)

    finding = said(store)

    assert finding is not None
    assert isinstance(finding.answer, Confirmation)
    assert abs((finding.answer.impact.failure_share or 0) - 170 / 600) < 0.02
    assert "HTTPCode_Target_5XX_Count" in finding.because


def test_failures_that_grow_with_the_requests_confirm_nothing(store: Store) -> None:
    """Ten times as many of both are the same share."""
    gauge(store, "HTTPCode_Target_5XX_Count", "", 20.0, 200.0)
    gauge(store, "RequestCount", "", 600.0, 6000.0)

    assert said(store) is None


def test_quiet_metrics_confirm_nothing(store: Store) -> None:
    """There is no finding."""
    gauge(store, "http.server.request.duration.p95", "s", 0.2, 0.2)

    assert said(store) is None


def consumer(store: Store, lag: float) -> Finding:
    """What is said of requests that leave messages to a consumer, which takes ten times as long since 40 minutes."""
    requests, messages = (
        World(seed=4),
        World(seed=5, service="mailer", milliseconds=lambda t: np.where(t > 2400, 400.0, 40.0)),
    )
    requests.store_spans(store)
    n = len(messages.times)
    put(
        store, SPANS,
        {
            "Timestamp": nanoseconds(messages.times), "TraceId": [f"{4:08x}{i:024x}" for i in range(n)], "SpanId": [f"{10**6 + i:016x}" for i in range(n)],
            "ParentSpanId": [f"{i:016x}" for i in range(n)], "SpanName": ["process mail"] * n, "SpanKind": ["Consumer"] * n, "ServiceName": ["mailer"] * n,
            "Duration": messages.duration.tolist(), "StatusCode": ["Unset"] * n,
        },
        "messages",
    )  # fmt: skip
    store_gauge(
        store,
        "mailer",
        "messaging.consumer.lag",
        "{message}",
        [(t, 4.0 if t < 2400 else lag) for t in np.arange(0, 3600, 30.0)],
    )
    _, findings = investigate(store, now=START, only="confirm", comparison=GIVEN)
    return findings[-1]


def test_a_consumer_that_falls_behind_is_harm_though_requests_are_well(store: Store) -> None:
    """It is slower, and its queue grows."""
    finding = consumer(store, 900.0)

    assert Verdict.YES is finding.verdict
    assert isinstance(finding.answer, Confirmation)
    assert ImpactKind.LATENCY is finding.answer.impact.kind
    assert "messaging.consumer.lag is 900, 4 before" in finding.because


def test_a_slower_consumer_that_keeps_up_is_none(store: Store) -> None:
    """No one waits for it."""
    assert Verdict.NO is consumer(store, 4.0).verdict


def test_counters_by_status_give_the_share_that_fails(store: Store) -> None:
    """Requests and failures are those that were counted, with the interval of the rise of their share."""
    bad = [2400.0 + 1200.0 * n for n in range(1, 41)]
    store_counter(store, "shop", "http_requests_total", {"code": "200"}, [30.0 * n for n in range(80)] + bad)
    failures = [0.0] * 80 + [300.0 * n for n in range(1, 41)]
    store_counter(store, "shop", "http_requests_total", {"code": "503"}, failures)

    finding = said(store)

    assert finding is not None
    assert isinstance(finding.answer, Confirmation)
    impact = finding.answer.impact
    assert (0.2, 0.0, ImpactKind.ERRORS) == (impact.failure_share, impact.baseline_share, impact.kind)
    assert (58500, 11700) == (impact.requests, impact.failed)
    assert "other service" not in finding.because
    assert finding.answer.low < 0.2 < finding.answer.high


def test_more_failures_with_more_traffic_are_not_confirmed(store: Store) -> None:
    """Ten times the requests and ten times the failures: no larger share fails."""
    for code, often in (("200", 99.0), ("503", 1.0)):
        usual = [often * 3 * n for n in range(80)]
        more = [usual[-1] + often * 30 * n for n in range(1, 41)]
        store_counter(store, "shop", "http_requests_total", {"code": code}, usual + more)

    assert said(store) is None


def backlog(store: Store, metric: str, last: float) -> Finding | None:
    """What is said of a queue that jumps from 5 to 1000, and is `last` in the second half of the bad window."""
    points = [(t, 5.0 if t < 2400 else 1000.0 if t < 3000 else last) for t in np.arange(0, 3600, 30.0)]
    store_gauge(store, "shop", metric, "", points)
    case, _ = investigate(store, now=START, only="onset", comparison=GIVEN)
    return by_backlog(case, GIVEN)


def test_messages_that_pile_up_are_harm(store: Store) -> None:
    """Requests are well; the interval is of the messages that wait."""
    finding = backlog(store, "messaging.queue.depth", 1100 * PILES_UP)

    assert finding is not None
    assert isinstance(finding.answer, Confirmation)
    assert ImpactKind.LATENCY is finding.answer.impact.kind
    assert finding.answer.low > 0


def test_a_queue_that_rises_no_more_is_worked_off(store: Store) -> None:
    """By less than a queue that piles up."""
    assert backlog(store, "messaging.queue.depth", 950 * PILES_UP) is None


def test_queues_of_threads_are_no_messages(store: Store) -> None:
    """They are a process's own."""
    assert backlog(store, "thread_pool_queue_size", 1100 * PILES_UP) is None


def test_probes_alone_confirm_nothing_where_requests_are_well(store: Store) -> None:
    """The prober may be at fault; where no one knows how requests are, or another metric is worse too, it is confirmed."""
    store_gauge(
        store, "blackbox", "probe_success", "", [(float(t), float(t < 2400)) for t in range(0, 3600, 30)]
    )
    case, _ = investigate(store, now=START, only="onset", comparison=GIVEN)
    well = "0 of 900 requests fail"

    alone, unknown = by_metrics(case, GIVEN, well), by_metrics(case, GIVEN)

    assert alone is not None
    assert unknown is not None
    assert (Verdict.UNKNOWN, Verdict.YES) == (alone.verdict, unknown.verdict)
    assert well in alone.because
    gauge(store, "http.server.request.duration.p95", "s", 0.2, 0.4)
    case, _ = investigate(store, now=START, only="onset", comparison=GIVEN)
    both = by_metrics(case, GIVEN, well)
    assert both is not None
    assert Verdict.YES is both.verdict


@pytest.mark.parametrize(("now", "kept"), [(0.4, False), (0.99, True)])
def test_a_resource_with_room_left_tells_nothing_where_requests_are_counted(
    store: Store, now: float, *, kept: bool
) -> None:
    """A third of a processor is no trouble of users; all of it may be."""
    gauge(store, "process.cpu.utilization", "1", 0.1, now)
    case, _ = investigate(store, now=START, only="onset", comparison=GIVEN)

    assert by_metrics(case, GIVEN) is not None
    assert kept is (by_metrics(case, GIVEN, requests=True) is not None)


def test_a_queue_still_rises_where_its_second_half_is_above_its_first() -> None:
    """PILES_UP times as high, and by the floor of its kind."""
    first, floor = np.full(10, 100.0), 5.0
    least = PILES_UP * 100 + floor
    rises = [_still_rises(np.concatenate([first, np.full(10, last)]), floor) for last in (least, least - 0.1)]

    assert [True, False] == rises
    assert not _still_rises(np.full(1, 100.0), floor)  # one value has no halves


def test_the_table_of_metrics_has_a_bound(store: Store) -> None:
    """METRICS_SHOWN rows."""
    gauge(store, "http.server.request.duration.p95", "s", 0.2, 0.4)
    case, _ = investigate(store, now=START, only="onset", comparison=GIVEN)

    assert METRICS_SHOWN == len(_table(changes(case, GIVEN) * (METRICS_SHOWN + 1)).rows)


def test_a_metric_of_latency_alone_confirms_nothing_where_requests_are_as_fast(store: Store) -> None:
    """It may be recorded in another unit; beside failures that are counted it is confirmed."""
    gauge(store, "http.server.request.duration.p95", "s", 0.2, 200.0)
    case, _ = investigate(store, now=START, only="onset", comparison=GIVEN)
    alone, unknown = by_metrics(case, GIVEN, "900 requests are as fast as before"), by_metrics(case, GIVEN)
    assert alone is not None
    assert unknown is not None
    assert (Verdict.UNKNOWN, Verdict.YES) == (alone.verdict, unknown.verdict)
    assert "recorded differently" in alone.because


def test_a_latency_is_worse_where_users_notice_it(store: Store) -> None:
    """NOTICED longer, or NOTICED_TIMES as long, exactly; a little less of both is not noticed."""
    gauge(store, "http.server.request.duration.p95", "s", 0.2, 0.4)
    case, _ = investigate(store, now=START, only="onset", comparison=GIVEN)
    (change,) = changes(case, GIVEN)

    def worse(usual: float, now: float, scale: float) -> bool:
        meant = replace(change.level.meant, scale=scale, floor=0.0, ratio=1.0)
        level = replace(change.level, meant=meant)
        return _worse(replace(change, level=level, usual=usual, now=now, spread=1e-6, most=0.0))

    by_length = [worse(10.0, now, NOTICED) for now in (11.0, 10.9)]
    by_ratio = [worse(1.0, now, NOTICED / 100) for now in (NOTICED_TIMES, NOTICED_TIMES - 0.1)]
    assert [[True, False]] * 2 == [by_length, by_ratio]


def test_against_nothing_there_is_no_ratio(store: Store) -> None:
    """The interval stays that of the change."""
    gauge(store, "http.server.request.duration.p95", "s", 0.2, 0.4)
    case, _ = investigate(store, now=START, only="onset", comparison=GIVEN)
    (change,) = changes(case, GIVEN)

    found = _answer(replace(change, usual=0.0, low=0.1, high=0.3), [change])

    assert (0.1, 0.3) == (found.low, found.high)
