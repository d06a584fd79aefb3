"""The question whether something worked, on its own: what it is given, and what it says. With the record: workbench/test_verify."""

from datetime import timedelta

import numpy as np
import pytest

from lastgood.algorithms.counts import share_difference
from lastgood.algorithms.effect import FELL, rate_of
from lastgood.inspections.verify import _harmed, _without_traffic, verify
from lastgood.inspections.verify.three_windows import ThreeWindows
from lastgood.inspections.verify.weights import OTHERS_FELL, OTHERS_LEAST, PAUSES_GONE, VERIFY_LEVEL
from lastgood.model.action import ActionEffect, Effect, Tally
from lastgood.model.answers import (
    Answer,
    ImpactKind,
    Intervention,
    PatternChanges,
    PatternCount,
)
from lastgood.model.finding import Finding, Verdict
from lastgood.model.scope import Scope
from lastgood.model.signal import Signal
from lastgood.model.window import Comparison, Window
from lastgood.readings.case import Case
from lastgood.workbench.investigate import investigate
from lastgood.workbench.store import Store
from worlds import START, Times, World, step


def window(start: float, end: float) -> Window:
    """Seconds after the start."""
    return Window(START + timedelta(seconds=start), START + timedelta(seconds=end))


WINDOWS = Comparison(window(0, 1800), window(2800, 3600), given=True)
BEFORE = window(1800, 2700)
DONE = Intervention(BEFORE, ImpactKind.ERRORS)


def asked(store: Store, *handed: Answer, windows: Comparison | None = WINDOWS) -> Finding:
    """What it says of a world in which users were affected from 1800 s until 2750 s."""
    (finding,) = verify.run(case_between(store, windows, *handed))
    return finding


def case_between(store: Store, windows: Comparison | None, *handed: Answer) -> Case:
    """The case of an hour."""
    holdings, reader = store.survey()
    return Case(
        window(0, 3600), windows, Scope(), holdings, START,
        lambda sql, parameters, looked, compared, scope: reader.query(
            sql, parameters, looked, comparison=compared, scope=scope
        ),
        {type(one): one for one in handed},
    )  # fmt: skip


def answered(finding: Finding) -> ActionEffect:
    """The effect, which must be there."""
    assert isinstance(finding.answer, ActionEffect), finding
    return finding.answer


def test_a_sitrep_does_not_ask_it(store: Store) -> None:
    """Nothing was done; asked by its name, it says what it needs to know."""
    World().store_spans(store)
    _, every = investigate(store, now=START + timedelta(hours=1))
    _, named = investigate(store, now=START + timedelta(hours=1), only="verify")

    assert "Did it work?" not in {finding.question for finding in every}
    assert (Verdict.UNKNOWN, True) == (named[-1].verdict, "lastgood verify" in named[-1].because)


def test_recovery_is_a_yes_with_its_counts_and_their_queries(store: Store) -> None:
    """Those who were affected, in three windows."""
    World(errors=step(1800, 0.005, 0.3, 2750)).store_spans(store)
    finding = asked(store, DONE)
    answer = answered(finding)

    assert (Verdict.YES, Effect.RECOVERED, VERIFY_LEVEL) == (
        finding.verdict, answer.effect, finding.confidence,
    )  # fmt: skip
    assert "failures of shop GET /" == answer.affected
    assert [True] * 3 == [tally.of > 5000 for tally in (answer.good, answer.before, answer.after)]
    assert all("lg_requests" in evidence.provenance.sql for evidence in finding.evidence)


def test_harm_that_stays_is_a_no(store: Store) -> None:
    """With half of it being gone excluded."""
    World(errors=step(1800, 0.005, 0.3)).store_spans(store)
    finding = asked(store, DONE)

    assert (Verdict.NO, Effect.NO_EFFECT) == (finding.verdict, answered(finding).effect)


def test_new_alarming_lines_are_reported_and_others_are_not(store: Store) -> None:
    """As the question about log patterns found them."""
    World(errors=step(1800, 0.005, 0.3, 2750)).store_spans(store)
    new = tuple(
        PatternCount(text, text, "cart", level, 31, 0.0, START, text)
        for text, level in (("Circuit open for <*>", "error"), ("Listening on <*>", "info"))
    )
    finding = asked(store, DONE, PatternChanges(new, (), (), ()))

    assert ("new in the log of cart, 31 times: Circuit open for <*>",) == answered(finding).elsewhere
    assert Effect.RECOVERED is answered(finding).effect


def test_the_least_good_of_errors_and_latency_is_said(store: Store) -> None:
    """Where both affected: errors are gone, the waiting is not."""
    World(
        errors=step(1800, 0.005, 0.3, 2750), milliseconds=lambda t: np.where(t >= 1800, 500.0, 50.0)
    ).store_spans(store)
    finding = asked(store, Intervention(BEFORE, ImpactKind.BOTH))

    assert Effect.NO_EFFECT is answered(finding).effect, finding.because
    assert "slower than" in answered(finding).affected


def test_without_anything_to_count_it_is_unknown(store: Store) -> None:
    """No requests and no lines in these windows; no comparison."""
    World(start=START + timedelta(days=1)).store_lines(store)

    assert Verdict.UNKNOWN is asked(store, DONE).verdict
    assert Verdict.UNKNOWN is asked(store, DONE, windows=None).verdict


def tallies(**given: Tally | tuple[Tally, Tally]) -> ThreeWindows:
    """What was counted, one request a second and none that fails, but for what is given."""
    well = Tally(0, 1000, 1000)
    counted = {"good": well, "before": well, "after": well, **given}
    return ThreeWindows("failures", Signal.SPANS, evidence=(), **counted)  # type: ignore[arg-type]


def test_harm_before_the_action_is_as_many_failures_as_chance_excludes() -> None:
    """At VERIFY_LEVEL: one fewer may be chance."""
    some = next(n for n in range(1000) if share_difference((n, 1000), (5, 1000), VERIFY_LEVEL)[0] > 0)
    harmed = [
        _harmed(DONE, tallies(good=Tally(5, 1000, 1000), before=Tally(n, 1000, 1000)))
        for n in (some - 1, some)
    ]

    assert [False, True] == harmed


def test_where_all_other_traffic_fell_too_nothing_is_said() -> None:
    """Below OTHERS_FELL of OTHERS_LEAST requests and more; else those who are served are counted."""
    few = Tally(0, int(1000 * FELL / 2), 1000)
    good = Tally(0, 1000, 1000)
    kept = next(n for n in range(1000) if rate_of(Tally(0, n, 1000), good)[1] >= OTHERS_FELL)
    others = [
        (good, Tally(0, kept - 1, 1000)),
        (good, Tally(0, kept, 1000)),
        (Tally(0, OTHERS_LEAST, 1000), Tally(0, 0, 1000)),
        (Tally(0, OTHERS_LEAST - 1, 1000), Tally(0, 0, 1000)),
    ]

    unsaid = [_without_traffic(tallies(after=few, others=two))[0].effect is Effect.NO_DATA for two in others]
    assert [True, False, True, False] == unsaid


@pytest.mark.parametrize(("longer", "well"), [(-10, True), (10, False)])
def test_failures_must_be_gone_for_longer_than_they_paused(
    store: Store, longer: float, *, well: bool
) -> None:
    """For PAUSES_GONE times the longest pause before the action."""
    until = 1850 + WINDOWS.bad.seconds / PAUSES_GONE + longer

    def paused(t: Times) -> Times:
        return np.where((t >= 1800) & (t < 2750) & ~((t >= 1850) & (t < until)), 0.9, 0.0)

    World(rate=3, errors=paused).store_spans(store)
    effect = answered(asked(store, DONE)).effect

    assert (well, not well) == (effect.well, effect is Effect.TOO_EARLY)


@pytest.mark.parametrize(
    ("until", "effect"), [(2720.0, Effect.IMPROVING), (3600.0, Effect.RECOVERED)]
)  # s until which the second operation is asked for
def test_what_is_not_asked_for_any_more_has_not_recovered(store: Store, until: float, effect: Effect) -> None:
    """The rest of what was affected works: all together look well."""
    failing = step(1800, 0.005, 0.3, 2750)
    World(errors=failing, rate=30).store_spans(store)
    World(service="pay", errors=failing, seed=2, rate=5, traffic=step(until, 1.0, 0.0)).store_spans(store)
    finding = asked(store, DONE)

    assert effect is answered(finding).effect
    assert ("pay GET / has no requests since" in finding.because) == (effect is Effect.IMPROVING)
