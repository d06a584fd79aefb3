"""Tests of causation: each tips at its row."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lastgood.algorithms.causation import (
    DOSE,
    OTHERS_SPARED,
    OVEREXPOSED_BY,
    OVEREXPOSED_TIMES,
    RUNS_OFTEN,
    SIDES_ALIKE,
    STEP_ALIKE,
    TIMELY,
    UNDONE_EARLY,
    UNDONE_LONG,
    UNDONE_SOON,
    Sides,
    compared_sides,
    declared_share,
    declared_step,
    dosed,
    earlier_runs,
    goes_back,
    recurrence,
    repeats,
    reversal,
    stepped,
    time_order,
    undone_at,
)
from lastgood.algorithms.change_timing import Timing
from lastgood.algorithms.predictions.estimates import Estimate
from lastgood.model.change import Change, ChangeKind
from lastgood.model.prediction import Outcome

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
YES, NO, OPEN, MISSING = Outcome.SUPPORTED, Outcome.REFUTED, Outcome.INCONCLUSIVE, Outcome.UNTESTABLE


def change(kind: str, minutes: float, **values: object) -> Change:
    """One made so many minutes after noon."""
    at = NOON + minutes * MINUTE
    given = {"service": "cart", "title": "report", **values}
    return Change(f"{kind}@{minutes}", ChangeKind(kind), at, at, **given)  # type: ignore[arg-type] # of the test


def exact(value: float, rests_on: int = 1000) -> Estimate:
    """An estimate without doubt."""
    return Estimate(value, value, value, rests_on, 20)


def test_time_order_tips_at_its_row() -> None:
    """Supported when timely; open when long before or within the grace; refuted after it."""
    early = Timing(TIMELY - 0.01, MINUTE, after=False, during=False)

    assert YES is time_order(replace(early, weight=float(TIMELY)))
    assert OPEN is time_order(early)
    assert OPEN is time_order(replace(early, after=True))
    assert NO is time_order(replace(early, weight=0.0, after=True))


def test_runs_are_of_the_same_thing_before_it_and_before_the_onset() -> None:
    """Another service, title or kind is another thing; a deploy never runs again."""
    runs = [change("cron", minutes) for minutes in (-30, -20, -10, 0)]
    others = [change("cron", -5, service="web"), change("cron", -5, title="rotate"), change("config", -5)]

    assert runs[:3] == earlier_runs(runs[3], [*runs, *others], NOON)
    assert runs[:2] == earlier_runs(runs[3], [*runs, *others], runs[2].at)
    deploys = [change("deploy", minutes) for minutes in (-10, 0)]
    assert [] == earlier_runs(deploys[1], deploys, NOON)
    assert (True, False) == (repeats(runs[0]), repeats(deploys[0]))


def test_recurrence_tips_at_so_many_runs() -> None:
    """All of them without the effect refute it; one with it leaves it open; all with it support it."""
    assert NO is recurrence(RUNS_OFTEN, RUNS_OFTEN)
    assert OPEN is recurrence(RUNS_OFTEN - 1, RUNS_OFTEN - 1)
    assert OPEN is recurrence(RUNS_OFTEN + 1, RUNS_OFTEN)
    assert YES is recurrence(1, 0)
    assert MISSING is recurrence(0, 0)


def test_a_change_is_undone_by_the_version_before_by_its_words_or_by_an_action() -> None:
    """The first of these since the onset counts; service names may differ by an ending."""
    bad = change("deploy", -5, version="v8", previous="v7")
    back = change("deploy", 9, version="7", service="cart-service")
    said = change("deploy", 7, title="Rollback of cart")
    on = change("deploy", 6, version="v9")

    assert back.at == undone_at(bad, [bad, on, back], NOON)
    assert said.at == undone_at(bad, [bad, on, back, said], NOON)
    assert NOON + MINUTE == undone_at(bad, [back], NOON, [NOON + MINUTE, NOON - MINUTE])
    assert None is undone_at(bad, [on], NOON)
    assert None is undone_at(bad, [back], back.at)
    assert None is undone_at(change("cron", -5), [change("cron", 5, title="undo")], NOON)
    assert goes_back(said)


def test_reversal_tips_when_the_end_follows() -> None:
    """Soon after it was undone, or a little before it was reported; refuted by a long time with the effect."""
    assert {YES} == {reversal(NOON, NOON + end, NOON) for end in (UNDONE_SOON, -UNDONE_EARLY)}
    assert {OPEN} == {
        reversal(NOON, NOON + end, NOON) for end in (UNDONE_SOON + SECOND, -UNDONE_EARLY - SECOND)
    }
    assert NO is reversal(NOON, None, NOON + UNDONE_LONG)
    assert OPEN is reversal(NOON, None, NOON + UNDONE_LONG - SECOND)


def test_an_effect_follows_where_the_others_are_spared() -> None:
    """The others may have a small part of the increase: with more of it, it is not the change's alone."""
    usual, hit = exact(0.02), exact(0.52)
    most = usual.value + OTHERS_SPARED * (hit.value - usual.value)

    assert Sides.FOLLOWS is compared_sides(hit, exact(most - 0.001), usual)
    assert Sides.UNCLEAR is compared_sides(hit, exact(most + 0.001), usual)
    assert Sides.FOLLOWS is compared_sides(exact(0.05), exact(0.02), usual)


def test_both_sides_are_alike_up_to_its_row() -> None:
    """Where the others increased too; where they did not, nothing is said."""
    usual, others = exact(0.01), exact(0.2)

    assert Sides.ALIKE is compared_sides(exact(0.2 * SIDES_ALIKE - 0.001), others, usual)
    assert Sides.UNCLEAR is compared_sides(exact(0.2 * SIDES_ALIKE + 0.001), others, usual)
    assert Sides.UNCLEAR is compared_sides(others, others, others)


def test_too_few_say_nothing() -> None:
    """On either side; and a side that is affected less is spared."""
    few = exact(0.5, rests_on=19)

    assert Sides.UNCLEAR is compared_sides(few, exact(0.0), exact(0.0))
    assert Sides.UNCLEAR is compared_sides(exact(0.5), few, exact(0.0))
    assert Sides.SPARED is compared_sides(exact(0.1), exact(0.2), exact(0.1))
    assert (YES, NO, NO, OPEN) == tuple(one.outcome for one in Sides)


@given(st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_the_side_that_is_affected_less_is_never_blamed(one: float, other: float) -> None:
    """Whatever the usual is."""
    found = compared_sides(exact(min(one, other)), exact(max(one, other)), exact(0.0))

    assert found is not Sides.FOLLOWS


def test_the_share_exposed_is_the_last_one_that_the_feed_reports() -> None:
    """By an attribute or in words, of flags only; all or none is no share."""
    assert 0.2 == declared_share(change("flag", 0, title="rollout 0% to 20%"))
    assert 0.5 == declared_share(change("flag", 0, attributes={"rollout": "50"}))
    assert None is declared_share(change("flag", 0, title="rollout to 100%"))
    assert None is declared_share(change("deploy", 0, title="5% faster"))


def test_a_dose_tips_at_its_rows() -> None:
    """As many as are exposed, of all or of a part, support it; clearly more refute it."""
    over, near = OVEREXPOSED_TIMES * 0.4 + OVEREXPOSED_BY, 0.4 * (1 + DOSE)

    assert NO is dosed(0.4, over + 0.001)
    assert OPEN is dosed(0.4, over - 0.001)
    assert YES is dosed(0.4, near - 0.001)
    assert OPEN is dosed(0.4, near + 0.001)
    assert YES is dosed(0.4, 0.1, 0.4)


def test_a_flag_that_goes_from_one_share_to_another_has_a_step() -> None:
    """From none there is no share before; words of other kinds are no steps."""
    raised = change("flag", 5, title="rollout (10% -> 50%) of new-checkout")

    assert (0.1, 0.5) == declared_step(raised)
    assert None is declared_step(replace(raised, title="rollout (0% -> 10%) of new-checkout"))
    assert None is declared_step(change("deploy", 5, title="10% -> 50%"))


def test_failures_step_with_the_dose_up_to_its_row() -> None:
    """About as many times as the share exposed; not when they fell."""
    times = 5.0 / STEP_ALIKE

    assert stepped((0.1, 0.5), (0.01, 0.01 * times * 1.001))
    assert not stepped((0.1, 0.5), (0.01, 0.01 * times * 0.999))
    assert not stepped((0.1, 0.5), (0.05, 0.01))
