"""Which of several deviations is meant, when it began, and whether it is over."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from inspections.onset.drawn import FOUND, candidate, drawn_series, slower
from inspections.scenes import case
from lastgood.algorithms.change_point import deviation, slope
from lastgood.inspections.onset.deviations import Candidate, drawn
from lastgood.inspections.onset.episodes import (
    TRUSTED,
    _first_step,
    _holds,
    _may_be_it,
    asked_about,
    before_the_data,
    beginning,
    by_themselves,
    earliest,
    led_into,
    most_direct,
    over_at,
    slow_before,
    strength,
    trend_of,
)
from lastgood.inspections.onset.weights import (
    ALARM_CHANCE,
    LATELY,
    LEADING_CHANCE,
    LEADS_BY,
    LEADS_INTO,
    LEVEL_OVER,
    LEVEL_STEP,
    OUTAGE_SURE,
    OVER_EVENTS,
    RETURN_KEEPS,
    STEP_BUCKETS,
    STEP_EVENTS,
    STEP_TIMES,
    TREND_BUCKETS,
    TREND_DOWN,
    TREND_ERRORS,
    TREND_UP,
    TRUST_FASTER,
    TRUST_LINES,
    TRUST_METRICS,
    TRUST_MILD,
    TRUST_MIX,
    TRUST_REQUESTS,
    TRUST_RESOURCES,
    TRUST_SPANS,
    TRUST_WAYS,
    WARNED_BEFORE,
)
from lastgood.model.answers import Trend
from lastgood.model.evidence import Provenance
from lastgood.model.window import Window
from lastgood.readings.doubts.doubt import Doubt
from lastgood.readings.grid import Grid
from lastgood.readings.series import Symptom, SymptomSeries, Trust
from worlds import START

MINUTES = 120
GRID = Grid(Window(START, START + timedelta(minutes=MINUTES)), 60)


def departed(
    shares: Mapping[tuple[int, int], float],
    *,
    trust: Trust = Trust.SPANS,
    rise: bool = True,
    lasting: bool = False,
) -> Candidate:
    """What departs most when one in a hundred of a hundred requests a minute fails, but in these minutes more do."""
    failed = np.full(MINUTES, 1.0)
    for (start, stop), share in shares.items():
        failed[start:stop] = 100 * share
    trials = np.full(MINUTES, 100.0)
    series = SymptomSeries(
        trust, Symptom.ERRORS, "shop", "", failed, trials, share=True, rise=rise, grid=GRID,
        provenance=Provenance("SELECT 1", {}, None, 0, 0.0),
    )  # fmt: skip
    found = deviation(failed, trials, share=True, rise=rise, lasting=lasting)
    assert found is not None
    return Candidate(series, found, found.log_chance)


def test_what_goes_on_is_meant_before_what_is_over() -> None:
    """However much worse the other was."""
    over, going = departed({(20, 40): 0.9}), departed({(100, 120): 0.1})

    assert over_at(over) is not None
    assert over_at(going) is None
    assert [going] == asked_about([over, going])


def test_a_metric_that_wavered_hides_no_resource_that_is_far_surer() -> None:
    """It was usual again a few minutes ago: about as sure it is meant, less sure it is not; failed requests are all the same."""
    going = replace(departed({(112, 120): 0.4}, trust=Trust.RESOURCES), log_chance=-60.0)
    wavered, failed = (departed({(100, 108): 0.5}, trust=trust) for trust in (Trust.METRICS, Trust.REQUESTS))
    sure = replace(wavered, log_chance=LEADING_CHANCE * strength(going)[0] / TRUST_METRICS)
    less = replace(wavered, log_chance=sure.log_chance + 0.01)
    few = replace(failed, log_chance=ALARM_CHANCE)

    assert [sure] == asked_about([sure, going])
    assert [going] == asked_about([less, going])
    assert [few] == asked_about([few, going])


def test_slowness_that_no_one_feels_does_not_hide_failures_of_a_moment_ago() -> None:
    """It goes on, and by two milliseconds; a longer one is what is asked about."""
    failed, slight, clear = departed({(80, 118): 0.9}), slower(3e6, 2), slower(3e6, 8)

    assert over_at(failed) is not None
    assert [failed] == asked_about([failed, slight])
    assert [clear] == asked_about([failed, clear])
    assert [slight] == asked_about([slight])


def test_what_may_be_chance_is_meant_only_where_nothing_surer_is_of_now() -> None:
    """A weak sign of the last minutes, beside a trouble of hours ago, and beside one that goes on."""
    old, going = departed({(20, 40): 0.9}), departed({(112, 120): 0.4})
    weak = departed({(110, 120): 0.1})
    weak = Candidate(weak.series, weak.deviation, -4.0)

    assert [weak] == asked_about([old, weak])
    assert [going] == asked_about([going, weak])
    assert [weak] == asked_about([weak])


def test_of_what_is_over_the_surest_is_meant_unless_it_is_long_ago() -> None:
    """A clear trouble before a faint one that ended a few minutes later; not one of an hour before."""
    clear, faint = departed({(92, 107): 0.5}), departed({(110, 116): 0.06})
    long_ago = departed({(20, 32): 0.5})

    assert [clear] == asked_about([faint, clear])
    assert [faint] == asked_about([faint, long_ago])


def test_a_weak_sign_of_long_ago_is_none() -> None:
    """No one is called now for what may have been chance then."""
    weak = departed({(20, 120): 0.04})
    weak = Candidate(weak.series, weak.deviation, -4.0)

    assert [] == asked_about([weak])


def test_what_has_nothing_before_it_is_meant_last() -> None:
    """It may be what is usual, and something else began when it ended; where it is all there is, it is reported."""
    first, later = departed({(0, 110): 0.5}), departed({(60, 80): 0.1})

    assert [later] == asked_about([first, later])
    assert [first] == asked_about([first])


def test_a_return_to_the_usual_is_no_deviation_by_itself() -> None:
    """Fewer failures after a surer trouble; more failures at another time stay."""
    trouble = departed({(20, 60): 0.9}, trust=Trust.REQUESTS)
    back, other = departed({(20, 60): 0.9}, rise=False, lasting=True), departed({(100, 120): 0.3})

    assert [trouble] == by_themselves([trouble, back])
    assert [trouble, other] == by_themselves([trouble, other])


def test_what_is_no_return_keeps_most_of_its_chance() -> None:
    """RETURN_KEEPS of it without the surer trouble."""
    trouble, other = departed({(20, 60): 0.9}, trust=Trust.REQUESTS), departed({(100, 120): 0.3})
    known = np.ones(MINUTES)
    known[trouble.deviation.start : trouble.deviation.stop] = 0.0
    alone = deviation(other.series.observed * known, other.series.exposure * known, share=True, rise=True, lasting=True)  # fmt: skip
    assert alone is not None

    def kept(near: float) -> bool:
        mine = replace(other.deviation, log_chance=alone.log_chance / RETURN_KEEPS * near)
        one = Candidate(other.series, mine, mine.log_chance + 200)  # of very many that were tried
        return one in by_themselves([trouble, one])

    assert [True, False] == [kept(near) for near in (0.99, 1.01)]


def test_it_began_when_users_user_visible_it() -> None:
    """Requests fail for twenty minutes before one service's lines say so, about as surely."""
    user_visible = departed({(80, 120): 0.2}, trust=Trust.REQUESTS)
    lines = departed({(100, 118): 0.5}, trust=Trust.LINES)

    assert user_visible is earliest(lines, [user_visible, lines])
    assert lines is earliest(lines, [lines])


def test_a_sign_that_may_be_chance_is_none_beside_what_is_sure() -> None:
    """Requests began to fail with the lines that say so: the requests tell when, as surely as both together."""
    lines = departed({(100, 120): 0.05}, trust=Trust.LINES)
    user_visible = departed({(98, 120): 0.05}, trust=Trust.REQUESTS)
    user_visible = Candidate(user_visible.series, user_visible.deviation, -5.0)
    sure = Candidate(lines.series, lines.deviation, -7.0)

    reported = most_direct(sure, [user_visible, sure])

    assert Trust.REQUESTS is reported.series.trust
    assert sure.log_chance == reported.log_chance
    assert lines is most_direct(lines, [user_visible, lines])


def test_what_began_at_another_time_did_not_begin_together() -> None:
    """A clear begin is known to the bucket; a faint one leaves room."""

    def together(one: Candidate, other: Candidate) -> bool:
        return beginning(one).together(beginning(other))

    early, late, faint = departed({(60, 120): 0.5}), departed({(80, 120): 0.5}), departed({(70, 120): 0.03})

    assert not together(early, late)
    assert together(late, departed({(81, 120): 0.4}))
    assert together(faint, departed({(66, 120): 0.5}))
    assert not together(departed({(20, 40): 0.5}), departed({(60, 120): 0.5}))


def test_a_level_that_rose_in_steps_began_with_the_first() -> None:
    """Of the same metric, lasting into the step that departs most; a small step is a rhythm."""
    low, high = departed({(60, 120): 0.1}), departed({(100, 120): 0.9})
    steps = [replace(one, series=replace(one.series, symptom=Symptom.LEVEL)) for one in (low, high)]
    small, large = (
        replace(steps[0], deviation=replace(steps[0].deviation, inside=near * LEVEL_STEP, outside=1.0))
        for near in (0.99, 1.01)
    )

    assert large is _first_step(steps[1], [large, steps[1]])
    assert steps[1] is _first_step(steps[1], [small, steps[1]])


def test_slowness_leads_into_failures_only_if_it_was_there_before_them() -> None:
    """Slowness that is sure by the minutes before the failures, and one whose weight comes with them."""
    failing = departed({(100, 120): 0.5})
    clear, shared = departed({(90, 120): 0.3}), departed({(98, 100): 0.03, (100, 120): 0.3})
    found = replace(shared.deviation, start=98)
    slow, late = (
        replace(one, series=replace(one.series, symptom=Symptom.LATENCY))
        for one in (clear, replace(shared, deviation=found))
    )

    assert slow.start == slow_before(failing, [slow]).start
    assert failing is slow_before(failing, [late])


def test_warnings_long_before_users_are_affected_are_another_story() -> None:
    """Those that come shortly before, by the minutes that they may, lead into it."""
    least = int(WARNED_BEFORE / timedelta(minutes=1))
    failing = departed({(80, 120): 0.3})

    def warned(minutes: int) -> Candidate:
        found = departed({(80 - minutes, 120): 0.6}, trust=Trust.LINES)
        return replace(found, series=replace(found.series, symptom=Symptom.ERROR_KIND, mild=True))

    near, far = warned(least), warned(least + 1)

    assert near is earliest(failing, [near, failing])
    assert failing is earliest(failing, [far, failing])


@pytest.mark.parametrize(
    ("trust", "row"),
    [
        (Trust.REQUESTS, TRUST_REQUESTS), (Trust.SPANS, TRUST_SPANS), (Trust.LINES, TRUST_LINES),
        (Trust.METRICS, TRUST_METRICS), (Trust.RESOURCES, TRUST_RESOURCES), (Trust.WAYS, TRUST_WAYS), (Trust.MIX, TRUST_MIX),
    ],
)  # fmt: skip
def test_a_sign_counts_by_how_directly_it_tells_of_users(trust: Trust, row: float) -> None:
    """Of its log chance: less of what became faster (TRUST_FASTER), and of warnings (TRUST_MILD)."""
    seen = [
        strength(candidate(-10.0, drawn_series(trust=trust, **given)))[0]
        for given in ({}, {"symptom": Symptom.FASTER}, {"mild": True})
    ]

    assert set(Trust) == set(TRUSTED)
    assert pytest.approx([-10 * row, -10 * row * TRUST_FASTER, -10 * row * TRUST_MILD]) == seen


def test_an_outage_without_a_past_is_as_sure_as_its_level() -> None:
    """OUTAGE_SURE."""
    assert OUTAGE_SURE == before_the_data(case(), Doubt("90 % fail", drawn(candidate()))).confidence


def test_what_is_no_alarm_may_be_it_if_it_began_lately() -> None:
    """Above ALARM_CHANCE, and no longer ago than LATELY."""
    ago = int(LATELY / timedelta(minutes=1))
    weak = departed({(MINUTES - ago, MINUTES): 0.3})
    old = departed({(MINUTES - ago - 1, MINUTES): 0.3})

    assert _may_be_it(replace(weak, log_chance=ALARM_CHANCE + 0.01))
    assert not _may_be_it(replace(weak, log_chance=ALARM_CHANCE))
    assert not _may_be_it(replace(old, log_chance=ALARM_CHANCE + 0.01))


def test_what_users_felt_before_holds_where_it_is_about_as_sure() -> None:
    """LEADING_CHANCE of the symptom's log chance, each weighed."""
    user_visible, lines = (
        departed({(80, 120): 0.2}, trust=Trust.REQUESTS),
        departed({(100, 118): 0.5}, trust=Trust.LINES),
    )
    enough = LEADING_CHANCE * strength(lines)[0] / TRUST_REQUESTS

    assert [True, False] == [
        _holds(replace(user_visible, log_chance=sure), lines) for sure in (enough * 1.01, enough * 0.99)
    ]


def test_what_leads_into_it_is_a_little_earlier_and_lasts_into_it() -> None:
    """LEADS_BY buckets, and LEADS_INTO buckets of it."""
    start, stop = 100, 104  # half of its length is less than LEADS_BY
    symptom = candidate(-50.0, start=start, stop=stop)

    def leads(by: int, into: int) -> bool:
        one = candidate(-50.0, start=start - by, stop=start + into)
        return earliest(symptom, [symptom, one]) is one

    assert leads(LEADS_BY, LEADS_INTO)
    assert not leads(LEADS_BY + 1, LEADS_INTO)
    assert not leads(LEADS_BY, LEADS_INTO - 1)


def in_steps(first: int, of: float, before: float = 0.0) -> Candidate:
    """Ninety of a hundred a minute from the hundredth minute on, `of` from the first one, and `before` until then."""
    observed = np.full(MINUTES, before)
    observed[first:], observed[100:] = of, 90.0
    return candidate(series=drawn_series(observed=observed), start=100)


def test_it_began_with_its_first_step() -> None:
    """STEP_TIMES what was before; STEP_EVENTS more; not where the data hardly reach back (STEP_BUCKETS)."""
    usual = 20.0

    assert 80 == led_into(in_steps(80, usual * STEP_TIMES * 1.1, usual)).deviation.start
    assert 100 == led_into(in_steps(80, usual * STEP_TIMES * 0.9, usual)).deviation.start
    few = in_steps(80, 0.0)
    for events, start in ((STEP_EVENTS, 99), (STEP_EVENTS - 1, 100)):
        few.series.observed[99] = events
        assert start == led_into(few).deviation.start
    short = candidate(
        series=drawn_series(observed=np.where(np.arange(MINUTES) >= 5, 90.0, 0.0)), start=STEP_BUCKETS
    )
    assert STEP_BUCKETS == led_into(short).deviation.start
    later = replace(short, deviation=replace(short.deviation, start=STEP_BUCKETS + 1))
    assert 5 == led_into(later).deviation.start


def test_it_is_over_where_what_follows_tells() -> None:
    """OVER_EVENTS of difference; of a level LEVEL_OVER samples."""
    ended = replace(FOUND, stop=110, inside=0.5, outside=0.0)
    after = np.zeros(MINUTES)
    for trials, over in ((OVER_EVENTS / 0.5, True), (OVER_EVENTS / 0.5 - 1, False)):
        after[110] = trials
        series = drawn_series(observed=np.zeros(MINUTES), exposure=after)
        assert over is (
            over_at(candidate(series=series, stop=110, inside=ended.inside, outside=0.0)) is not None
        )
    for samples, over in ((LEVEL_OVER, True), (LEVEL_OVER - 1, False)):
        values = np.full(MINUTES, np.nan)
        values[110 : 110 + samples] = 1.0
        level = drawn_series(Symptom.LEVEL, observed=values, exposure=np.ones(MINUTES))
        assert over is (over_at(candidate(series=level, stop=110)) is not None)


def trend(*failed: float, trials: float = 1e6) -> Trend | None:
    """Of what goes on with so many failures in each of its buckets."""
    observed, exposure = np.zeros(MINUTES), np.full(MINUTES, trials)
    observed[-len(failed) :] = failed
    series = drawn_series(observed=observed, exposure=exposure)
    return trend_of(candidate(series=series, start=MINUTES - len(failed)))


def test_where_it_goes_is_told_by_its_halves() -> None:
    """TREND_UP or TREND_DOWN times the first, of TREND_BUCKETS."""

    def of(times: float, buckets: int = TREND_BUCKETS) -> Trend | None:
        return trend(*[1e5] * (buckets // 2), *[1e5 * times] * (buckets - buckets // 2))

    assert [Trend.WORSE, Trend.STEADY] == [of(TREND_UP * near) for near in (1.01, 0.99)]
    assert [Trend.BETTER, Trend.STEADY] == [of(TREND_DOWN * near) for near in (0.99, 1.01)]
    assert None is of(TREND_UP * 1.01, TREND_BUCKETS - 1)


def test_a_trend_is_clear_of_chance() -> None:
    """TREND_ERRORS standard errors of the slope: of fewer requests with the same shares it is none."""
    shares, each = np.array([0.1, 0.1, 0.2, 0.2]), 10_000.0
    errors = slope(shares * each, np.full(4, each))
    enough = each * (TREND_ERRORS / errors) ** 2

    assert [Trend.WORSE, Trend.STEADY] == [
        trend(*(shares * trials), trials=trials) for trials in (enough * 1.1, enough * 0.9)
    ]
