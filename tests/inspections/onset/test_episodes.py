"""Which of several deviations is meant, when it began, and whether it is over."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import numpy as np

from lastgood.algorithms.change_point import deviation
from lastgood.inspections.onset.deviations import Candidate
from lastgood.inspections.onset.episodes import (
    _first_step,
    asked_about,
    beginning,
    by_themselves,
    earliest,
    most_direct,
    over_at,
    slow_before,
)
from lastgood.inspections.onset.weights import LEVEL_STEP, WARNED_BEFORE
from lastgood.model.evidence import Provenance
from lastgood.model.window import Window
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
    """Nobody is called now for what may have been chance then."""
    weak = departed({(20, 120): 0.04})
    weak = Candidate(weak.series, weak.deviation, -4.0)

    assert [] == asked_about([weak])


def test_what_has_nothing_before_it_is_meant_last() -> None:
    """It may be what is usual, and something else began when it ended; where it is all there is, it is told."""
    first, later = departed({(0, 110): 0.5}), departed({(60, 80): 0.1})

    assert [later] == asked_about([first, later])
    assert [first] == asked_about([first])


def test_a_return_to_the_usual_is_no_deviation_by_itself() -> None:
    """Fewer failures after a surer trouble; more failures at another time stay."""
    trouble = departed({(20, 60): 0.9}, trust=Trust.REQUESTS)
    back, other = departed({(20, 60): 0.9}, rise=False, lasting=True), departed({(100, 120): 0.3})

    assert [trouble] == by_themselves([trouble, back])
    assert [trouble, other] == by_themselves([trouble, other])


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
    small = replace(steps[0], deviation=replace(steps[0].deviation, inside=0.99 * LEVEL_STEP, outside=1.0))

    assert steps[0] is _first_step(steps[1], steps)
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
