"""Those who were affected, counted in three windows."""

from datetime import timedelta

from inspections.test_verify import BEFORE, WINDOWS, window
from lastgood.inspections.verify.three_windows import ThreeWindows, counted
from lastgood.model.answers import ImpactKind, Intervention
from lastgood.model.scope import Scope
from lastgood.model.signal import Signal
from lastgood.readings.case import Case
from lastgood.workbench.store import Store
from worlds import START, World, step


def three(store: Store, kind: ImpactKind | None = None) -> list[ThreeWindows]:
    """What is counted."""
    holdings, reader = store.survey()
    case = Case(
        window(0, 3600), WINDOWS, Scope(), holdings, START + timedelta(hours=1),
        lambda sql, parameters, looked, compared, scope: reader.query(
            sql, parameters, looked, comparison=compared, scope=scope
        ),
    )  # fmt: skip
    return list(counted(case, WINDOWS, Intervention(BEFORE, kind)))


def test_only_what_was_affected_is_counted(store: Store) -> None:
    """The other operation is beside it, as a measure of all traffic."""
    affected = World(errors=step(1800, 0.005, 0.3, 2750))
    affected.store_spans(store)
    World(service="cart", seed=2, rate=3).store_spans(store)

    (one,) = three(store)

    inside = (affected.times >= 1800) & (affected.times < 2700)
    assert (inside.sum(), affected.failed[inside].sum()) == (one.before.of, one.before.events)
    assert (1800.0, 900.0, 800.0) == tuple(
        round(seconds, -1) for seconds in (one.good.seconds, one.before.seconds, one.after.seconds)
    )
    assert one.others is not None
    assert 2500 < one.others[1].of / 800 * 1000 < 3500
    assert one.recent is not None
    assert 7000 < one.recent.of < 9000
    assert ("failures of shop GET /", frozenset({("shop", "GET /")}), Signal.SPANS) == (
        one.affected, one.places, one.signal,
    )  # fmt: skip


def test_errors_and_latency_are_counted_apart(store: Store) -> None:
    """Where the impact is both; by latency alone where it is that, reported or not."""
    World(errors=step(1800, 0.005, 0.3), milliseconds=step(1800, 50.0, 500.0)).store_spans(store)

    assert ["failures of", "requests to"] == [" ".join(one.affected.split()[:2]) for one in three(store, ImpactKind.BOTH)]  # fmt: skip
    (slow,) = three(store, ImpactKind.LATENCY)
    assert slow.good.share < 0.05
    assert slow.before.share > 0.9


def test_what_was_well_before_and_is_not_after_is_named(store: Store) -> None:
    """By failures, or by latency."""
    World(errors=step(1800, 0.005, 0.3, 2750)).store_spans(store)
    World(service="cart", seed=2, errors=step(2750, 0.005, 0.3)).store_spans(store)
    World(service="mail", seed=3, milliseconds=step(2750, 50.0, 500.0)).store_spans(store)

    (one,) = three(store)

    assert ["cart GET / fails", "mail GET / is slower"] == [
        reported.split(":")[0] for reported in sorted(one.worse)
    ]


def test_without_requests_error_lines_are_counted(store: Store) -> None:
    """Of the services whose became more frequent."""
    World(errors=step(1800, 0.005, 0.3, 2750)).store_lines(store)
    World(service="cart", seed=2).store_lines(store)

    (one,) = three(store)

    assert ("error lines of shop", Signal.LOGS, True) == (one.affected, one.signal, one.by_lines)
    assert one.before.share > 0.25
    assert one.after.share < 0.02


def test_nothing_is_counted_where_there_is_nothing(store: Store) -> None:
    """Rather than zeros."""
    assert [] == three(store)
