"""An incident is distinguished from chance and from one unlucky user, with its size."""

from datetime import timedelta

import numpy as np
import pytest

from cases import case_of
from inspections.confirm.test_counted import ROWS
from inspections.severity.test_levels import place
from lastgood.algorithms.counts import rate_ratio
from lastgood.algorithms.quantiles import BINS_PER_OCTAVE
from lastgood.inspections.confirm import _by_messages, _counts, _noticed, _real
from lastgood.inspections.confirm.lost_traffic import lost_traffic
from lastgood.inspections.confirm.weights import (
    CONFIRM_FEW_SURE,
    CONFIRM_MANY,
    CONFIRM_MANY_SURE,
    CONFIRM_SURE,
    MESSAGES_UNDONE,
    NOTICED,
    NOTICED_TIMES,
    STANDING_SURE,
    TAIL_NOTICED,
    TRAFFIC_LOST,
    UNNOTICED_SURE,
)
from lastgood.model.answers import Confirmation, Impact, ImpactKind
from lastgood.model.finding import Finding, Verdict
from lastgood.model.window import Comparison, Window
from lastgood.readings.compared import BINS, COMPARED_LEVEL, Compared, Counted
from lastgood.telemetry.tables import SPANS
from lastgood.workbench.investigate import investigate
from lastgood.workbench.store import Store
from worlds import START, World, nanoseconds, put, step, store_gauge

NOW = START + timedelta(hours=2)
GIVEN = Comparison(
    Window(START, START + timedelta(seconds=1800)),
    Window(START + timedelta(seconds=1800), START + timedelta(seconds=3600)),
    given=True,
)


def asked(store: Store, comparison: Comparison | None = None) -> Finding:
    """What the question answers."""
    _, findings = investigate(store, now=NOW, only="confirm", comparison=comparison)
    return findings[-1]


def answered(finding: Finding) -> Confirmation:
    """The confirmation, which must be there."""
    assert isinstance(finding.answer, Confirmation), finding
    return finding.answer


def users(i: int, _times: np.ndarray, _failed: np.ndarray) -> dict[str, str]:
    """A hundred users take turns."""
    return {"user.id": f"u{i * 7919 % 100}"}


def test_an_incident_is_sized(store: Store) -> None:
    """10 % fail instead of 0.5 %: real, with requests, shares and people counted."""
    world = World(errors=step(1800, 0.005, 0.10), attributes=users)
    world.store_spans(store)

    finding = asked(store, GIVEN)

    found = answered(finding)
    late = world.times >= 1800
    assert Verdict.YES is finding.verdict
    assert (int(late.sum()), int(world.failed[late].sum())) == (found.impact.requests, found.impact.failed)
    assert ImpactKind.ERRORS is found.impact.kind
    assert found.impact.users is not None
    assert 80 < found.impact.users <= 100
    assert 0.07 < found.low < 0.095 < found.high < 0.12


def test_one_unlucky_user_is_no_incident(store: Store) -> None:
    """All extra failures belong to one of a hundred users."""
    world = World(attributes=users)
    mine = np.arange(len(world.times)) * 7919 % 100 == 5
    world.failed |= mine & (world.times > 1800)
    world.store_spans(store)

    finding = asked(store, GIVEN)

    assert Verdict.NO is finding.verdict
    assert "from one user" in finding.because


def test_quiet_windows_are_not_confirmed(store: Store) -> None:
    """The same failure share in both windows is no incident."""
    World().store_spans(store)

    finding = asked(store, GIVEN)

    assert Verdict.NO is finding.verdict
    assert "no traffic loss" in finding.because


def test_slowness_alone_is_real(store: Store) -> None:
    """Three times the latency without one more failure."""
    World(milliseconds=step(1800, 50, 150)).store_spans(store)

    finding = asked(store, GIVEN)

    assert Verdict.YES is finding.verdict
    assert ImpactKind.LATENCY is answered(finding).impact.kind
    assert answered(finding).impact.slower.split()[0] in {"median", "p95", "p99"}
    assert np.log(NOTICED_TIMES) < answered(finding).low  # of the ratio


def test_lost_traffic_is_real(store: Store) -> None:
    """Nine of ten requests do not come any more."""
    World(traffic=step(1800, 1.0, 0.1)).store_spans(store)

    finding = asked(store, GIVEN)

    assert Verdict.YES is finding.verdict
    assert ImpactKind.TRAFFIC_LOSS is answered(finding).impact.kind


def test_lines_alone_give_no_requests(store: Store) -> None:
    """A folder of plain logs is judged by its error lines, and requests are not made up."""
    World(rate=2, errors=step(1800, 0.005, 0.3)).store_lines(store)

    finding = asked(store, GIVEN)

    assert Verdict.YES is finding.verdict
    assert answered(finding).impact.requests is None
    assert "no requests" in finding.limits[0]


def test_too_few_requests_do_not_decide(store: Store) -> None:
    """Two failures of six requests prove nothing."""
    World(rate=0.005, errors=step(1800, 0.0, 0.3), seed=4).store_spans(store)

    finding = asked(store, GIVEN)

    assert Verdict.UNKNOWN is finding.verdict
    assert not answered(finding).decided


def test_what_is_well_is_decided(store: Store) -> None:
    """Enough requests, as before."""
    World(rate=2.0, errors=step(1800, 0.01, 0.01)).store_spans(store)

    finding = asked(store, GIVEN)

    assert (Verdict.NO, True) == (finding.verdict, answered(finding).decided)


def test_without_a_comparison_it_says_so(store: Store) -> None:
    """Nothing departs, so there is no window to confirm."""
    World().store_spans(store)

    assert Verdict.UNKNOWN is asked(store).verdict


def test_an_outage_of_both_windows_is_real(store: Store) -> None:
    """Nine of ten requests fail while good as while bad: it is no return to the usual, and the windows stay as given."""
    World(rate=2.0, errors=lambda t: np.full(len(t), 0.9)).store_spans(store)

    case, findings = investigate(store, now=NOW, only="confirm", comparison=GIVEN)

    assert (Verdict.YES, STANDING_SURE) == (findings[-1].verdict, findings[-1].confidence)
    assert "no baseline before" in findings[-1].because
    assert case.comparison is not None
    assert (GIVEN.bad, GIVEN.good.end) == (case.comparison.bad, case.comparison.good.end)


def test_spans_without_a_status_deny_nothing(store: Store) -> None:
    """Requests get faster and none is seen to fail, for nothing could show it: unknown, and why."""
    World(errors=lambda t: np.zeros(len(t)), milliseconds=step(1800, 50.0, 10.0)).store_spans(store)

    finding = asked(store, GIVEN)

    assert Verdict.UNKNOWN is finding.verdict
    assert "neither a status nor a status code" in finding.because


def test_a_metric_of_success_is_asked_where_spans_cannot_tell(store: Store) -> None:
    """The entry succeeds in a fifth of the cases only: real, by the metric."""
    World(errors=lambda t: np.zeros(len(t)), milliseconds=step(1800, 50.0, 10.0)).store_spans(store)
    points = [(float(t), 1.0 if t < 1800 else 0.2) for t in range(0, 3600, 30)]
    store_gauge(store, "shop", "http.server.request.success_ratio", "1", points)

    finding = asked(store, GIVEN)

    assert Verdict.YES is finding.verdict
    assert "success_ratio" in finding.because


def test_a_log_that_ends_is_no_loss_of_traffic(store: Store) -> None:
    """While another service goes on: it stopped, or its log was not copied to its end."""
    World(rate=5, service="web", seconds=1900).store_spans(store)
    World(rate=1, service="pay", seed=2).store_spans(store)

    finding = asked(store, GIVEN)

    assert Verdict.UNKNOWN is finding.verdict
    assert any("check that it still writes" in limit for limit in finding.limits)


@pytest.mark.parametrize("requests", [None, 40])
def test_metrics_count_requests_or_do_not(requests: int | None) -> None:
    """Those that do are preferred to error lines."""
    impact = Impact(requests, None, 0.2, 0.0, None, ImpactKind.ERRORS)

    assert (requests is not None) == _counts(
        Finding(Verdict.UNKNOWN, "one in five fails", answer=Confirmation(impact, 0.1, 0.3))
    )


WHERE = (("shop", "GET /"),)


@pytest.mark.parametrize(("fewer", "sure"), [(0, CONFIRM_MANY_SURE), (1, CONFIRM_FEW_SURE)])
def test_many_failures_are_surer(store: Store, fewer: int, sure: float) -> None:
    """CONFIRM_MANY more than before, or one fewer."""
    affected = Compared(WHERE, Counted(1000, 0), Counted(1000, CONFIRM_MANY - fewer))

    assert sure == _real(case_of(store, GIVEN), affected, ROWS, fails=True).confidence


def later(good: int, by: int) -> Compared:
    """Latency that moved by so many bins."""
    counts = [Counted(10_000, 0, np.zeros(BINS)) for _ in range(2)]
    for counted, where in zip(counts, (good, good + by), strict=True):
        assert counted.latency is not None
        counted.latency[where] = 10_000
    return Compared(WHERE, counts[0], counts[1])


def test_users_notice_a_delay_by_its_length_or_its_ratio() -> None:
    """NOTICED more, from however much; NOTICED_TIMES as long, however short."""
    ratio = 2 ** (1 / BINS_PER_OCTAVE)
    longest = place(NOTICED * 1e9 / (ratio - 1))
    twice = round(BINS_PER_OCTAVE * np.log2(NOTICED_TIMES))
    quick = place(10e6)

    assert [True, False] == [_noticed(later(longest + n, 1)) for n in (1, -1)]
    assert [True, False] == [_noticed(later(quick, n)) for n in (twice, twice - 1)]


@pytest.mark.parametrize(("bins", "noticed"), [(1, True), (0, False)])
def test_the_slowest_alone_are_noticed_where_people_wait(bins: int, *, noticed: bool) -> None:
    """TAIL_NOTICED, though it is NOTICED more; the median is as before."""
    one = later(place(20e6), 0)
    tail = place(TAIL_NOTICED * 1e9) + bins - 1  # the bin of the slow ones, which ends below it or above
    for counted, where in ((one.good, tail - 2), (one.bad, tail)):
        assert counted.latency is not None
        counted.latency[place(20e6)] -= 1_000
        counted.latency[where] = 1_000

    assert noticed is _noticed(one)


def test_a_delay_that_nobody_notices_is_no_harm_as_far_as_is_known(store: Store) -> None:
    """UNNOTICED_SURE."""
    finding = _real(case_of(store, GIVEN), later(place(10e6), 2), ROWS, fails=False)

    assert (Verdict.NO, UNNOTICED_SURE) == (finding.verdict, finding.confidence)


def test_traffic_is_lost_below_a_share_of_the_usual(store: Store) -> None:
    """Where even the upper end is below TRAFFIC_LOST; with one request more it is not."""
    World(rate=1).store_spans(store)
    case = case_of(store, GIVEN)
    recent = case.query("SELECT count() AS n FROM lg_requests", window=GIVEN.good).dicts()[0]["n"]
    most = max(
        n for n in range(recent) if rate_ratio((n, 1800), (recent, 1800), COMPARED_LEVEL)[1] < TRAFFIC_LOST
    )
    lost = [
        lost_traffic(case, GIVEN, Compared((), Counted(recent), Counted(n))) is not None
        for n in (most - 5, most + 5)
    ]

    assert [True, False] == lost


@pytest.mark.parametrize("fewer", [0, 1])
def test_messages_that_are_not_done_are_harm(store: Store, fewer: int) -> None:
    """From MESSAGES_UNDONE of them on, though no request fails."""
    failing = round(200 * MESSAGES_UNDONE) - fewer
    times = np.concatenate([np.arange(200.0), 1800 + np.arange(200.0)])
    columns = {
        "Timestamp": nanoseconds(times), "TraceId": [f"{n:032x}" for n in range(400)], "SpanId": [f"{n:016x}" for n in range(400)],
        "ParentSpanId": ["f" * 16] * 400, "SpanName": ["process mail"] * 400, "SpanKind": ["Consumer"] * 400,
        "ServiceName": ["mailer"] * 400, "Duration": [10**6] * 400,
        "StatusCode": ["Error" if n >= 400 - failing else "Ok" for n in range(400)],
    }  # fmt: skip
    put(store, SPANS, columns, "messages")
    finding = _by_messages(case_of(store, GIVEN), GIVEN)

    assert (None if fewer else CONFIRM_SURE) == (finding and finding.confidence)
