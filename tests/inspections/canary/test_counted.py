"""Which requests are whose. What is counted, and what it comes to: inspections/test_canary."""

from datetime import timedelta

from inspections.test_canary import WHOLE, lines, requests
from lastgood.inspections.canary.counted import CANARY_LINES, Sides, compared, fresh_patterns, sides_of
from lastgood.model.canary import CanaryAsked, Measure, Selector
from lastgood.model.evidence import Table
from lastgood.model.scope import Scope
from lastgood.readings.case import Case
from lastgood.workbench.investigate import case_of
from lastgood.workbench.store import Store


def case(store: Store) -> Case:
    """About all of the time."""
    holdings, reader = store.survey()
    return case_of(reader, holdings, WHOLE, WHOLE.end, Scope())


def test_the_newest_version_is_the_canary_and_the_busiest_the_baseline(store: Store) -> None:
    """One that is named stays as it is named."""
    requests(store, "1.0")
    requests(store, "0.9", rate=0.1, seed=3)
    requests(store, "1.1", since=600, rate=1, seed=2)
    found, _ = sides_of(case(store), CanaryAsked())
    named, _ = sides_of(case(store), CanaryAsked(canary=Selector("version", "0.9")))

    assert found
    assert named
    assert ("1.0", "1.1") == (found.baseline.value, found.canary.value)
    assert ("1.0", "0.9") == (named.baseline.value, named.canary.value)


def test_what_came_before_the_canary_is_the_baselines_past(store: Store) -> None:
    """And nothing is lost: all requests of both sides are in the counts."""
    requests(store, "1.0")
    requests(store, "1.1", since=600, seed=2)
    asked = case(store)
    sides, _ = sides_of(asked, CanaryAsked())
    assert sides
    counts, (table,), step, start = compared(asked, sides, CanaryAsked())
    assert isinstance(table, Table)
    assert start == int(WHOLE.start.timestamp()) + 600
    whole = counts[Measure.FAILURES, ""]

    assert 12_000 == whole.baseline_all.sum() + whole.before_all.sum()
    assert 6000 == whole.canary_all.sum()
    assert abs(whole.before_all.sum() - 6000) < 300
    assert len(whole.canary_all) * step >= timedelta(minutes=10).total_seconds() - step
    assert {"", "plan"} == {row[1] for row in table.rows}
    assert {"plan=free", "plan=paid"} == {
        where for measure, where in counts if measure is Measure.FAILURES
    } - {""}


def test_lines_of_both_sides_are_reported_apart(store: Store) -> None:
    """As patterns, and by how many blocks they were in."""
    lines(store, "1.0", "could not reach", 10)
    lines(store, "1.1", "could not reach", 10)
    lines(store, "1.1", "invoice has no currency", 10)
    sides = Sides(Selector("version", "1.0"), Selector("version", "1.1"), CANARY_LINES)
    seen, _ = fresh_patterns(case(store), sides, 10)

    assert {("could not reach", 10, 10), ("invoice has no currency", 10, 0)} == {
        (one.pattern.removeprefix("shop: ").removesuffix(" <*>"), one.canary, one.baseline) for one in seen
    }
