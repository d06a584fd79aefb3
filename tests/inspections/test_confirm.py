"""An incident is told from chance and from one unlucky user, with its size."""

from datetime import timedelta

import numpy as np

from lastgood.model.answers import Confirmation, ImpactKind
from lastgood.model.finding import Finding, Verdict
from lastgood.model.window import Comparison, Window
from lastgood.workbench.investigate import investigate
from lastgood.workbench.store import Store
from worlds import START, World, step, store_gauge

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

    assert Verdict.UNKNOWN is asked(store, GIVEN).verdict


def test_without_a_comparison_it_says_so(store: Store) -> None:
    """Nothing departs, so there is no window to confirm."""
    World().store_spans(store)

    assert Verdict.UNKNOWN is asked(store).verdict


def test_an_outage_of_both_windows_is_real(store: Store) -> None:
    """Nine of ten requests fail while good as while bad: it is no return to the usual, and the windows stay as given."""
    World(rate=2.0, errors=lambda t: np.full(len(t), 0.9)).store_spans(store)

    case, findings = investigate(store, now=NOW, only="confirm", comparison=GIVEN)

    assert Verdict.YES is findings[-1].verdict
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
