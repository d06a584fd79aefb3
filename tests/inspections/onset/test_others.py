"""Which deviations are another trouble, which are the same one at another stage, and where each is seen alone."""

from datetime import timedelta

import numpy as np

from inspections.onset.drawn import candidate, drawn_series
from inspections.test_onset import NOW, answered
from lastgood.algorithms.change_point import deviation
from lastgood.inspections.onset.deviations import Candidate
from lastgood.inspections.onset.others import Trouble, episodes, troubles_of
from lastgood.inspections.onset.weights import ALARM_CHANCE, HARM_SLOW
from lastgood.model.answers import Onset
from lastgood.model.evidence import Provenance
from lastgood.model.window import Window
from lastgood.readings.grid import Grid
from lastgood.readings.series import Symptom, SymptomSeries, Trust
from lastgood.workbench.investigate import investigate
from lastgood.workbench.store import Store
from worlds import START, World

MINUTES = 120
GRID = Grid(Window(START, START + timedelta(minutes=MINUTES)), 60)


def failing(
    service: str, operation: str, start: int, stop: int, share: float = 0.5, trust: Trust = Trust.REQUESTS
) -> Candidate:
    """A hundred requests a minute of which one in a hundred fails, and more from one minute to another."""
    failed, trials = np.full(MINUTES, 1.0), np.full(MINUTES, 100.0)
    failed[start:stop] = 100 * share
    series = SymptomSeries(
        trust, Symptom.ERRORS, service, operation, failed, trials, share=True, rise=True, grid=GRID,
        provenance=Provenance("SELECT 1", {}, None, 0, 0.0),
    )  # fmt: skip
    found = deviation(failed, trials, share=True, rise=True)
    assert found is not None
    return Candidate(series, found, found.log_chance)


def minutes(window: Window) -> tuple[float, float]:
    """A window in minutes after the start."""
    return (window.start - START).total_seconds() / 60, (window.end - START).total_seconds() / 60


def test_another_operation_that_began_at_another_time_is_another_trouble() -> None:
    """With what began with it inside; what began with the main one is none."""
    main, with_it = failing("web", "pay", 80, 120), failing("bank", "", 81, 120, trust=Trust.SPANS)
    other, inside = failing("web", "find", 30, 60), failing("index", "", 30, 60, trust=Trust.SPANS)

    _, found = troubles_of(main, main, [main, with_it, other, inside])

    assert ("web", "find") == (found.head.series.service, found.head.series.operation)
    assert 2 == len(found.members)


def test_what_gets_worse_where_it_was_bad_is_the_same_trouble() -> None:
    """One operation, at first slightly: no other episode. What was over before is one."""
    main = failing("web", "pay", 80, 120)
    earlier, long_ago = failing("web", "pay", 50, 120, 0.2), failing("web", "pay", 10, 20)

    assert 1 == len(troubles_of(main, main, [main, earlier]))
    assert [long_ago] == [one.head for one in troubles_of(main, main, [main, long_ago])[1:]]


def test_what_led_into_it_is_no_other_trouble() -> None:
    """Neither is what began with that."""
    main, first = failing("web", "pay", 80, 120), failing("bank", "book", 70, 120)
    with_first = failing("bank", "list", 70, 120)

    assert 1 == len(troubles_of(main, first, [main, first, with_first]))


def test_what_begins_inside_while_users_are_affected_follows_from_it() -> None:
    """A service that turns bad later is no other trouble; it is when users feel it, or when it began before."""
    main = failing("web", "pay", 60, 120)
    inside, user_visible = failing("bank", "", 80, 120, trust=Trust.SPANS), failing("web", "find", 80, 120)
    before = failing("bank", "", 20, 70, trust=Trust.SPANS)

    assert 1 == len(troubles_of(main, main, [main, inside]))
    assert 2 == len(troubles_of(main, main, [main, user_visible]))
    assert 2 == len(troubles_of(main, main, [main, before]))


def test_an_operation_tells_more_than_all_of_a_service() -> None:
    """However surely the whole service fails too."""
    main = failing("web", "pay", 80, 120)
    whole, one = failing("web", "", 30, 60, 0.9), failing("web", "find", 30, 60, 0.3)

    _, found = troubles_of(main, main, [main, whole, one])

    assert "find" == found.head.series.operation


def test_each_is_reported_with_its_times_and_where_it_is_seen_alone() -> None:
    """In order of time: before the main one up to where that begins, after it from there on."""
    main, window = failing("web", "pay", 60, 120), GRID.window
    ended, before, after = failing("a", "x", 10, 20), failing("b", "y", 40, 120), failing("c", "z", 100, 120)
    reported_of = Window(START + timedelta(minutes=60), window.end)

    reported = episodes(troubles_of(main, main, [main, after, before, ended])[1:], reported_of, window)

    assert [("a",), ("b",), ("c",)] == [one.services for one in reported]
    assert [(0, 20), (0, 60), (60, 120)] == [minutes(one.asked) for one in reported]
    assert [True, False, False] == [one.ended is not None for one in reported]
    assert all(one.low <= one.at <= one.high for one in reported)
    assert "of requests at b y fail" in reported[1].symptom


def test_what_began_after_all_was_over_is_seen_from_there() -> None:
    """The main trouble is no part of its past."""
    main, after = failing("web", "pay", 20, 60), failing("c", "z", 80, 110)
    reported_of = Window(START + timedelta(minutes=20), START + timedelta(minutes=60))

    (reported,) = episodes(troubles_of(main, main, [main, after])[1:], reported_of, GRID.window)

    assert (60, 110) == minutes(reported.asked)


def test_requests_are_counted_where_users_feel_it() -> None:
    """Fifty of a hundred a minute for forty minutes, one of them as usual; what is seen inside is not counted."""
    main = failing("web", "pay", 80, 120)

    assert 35 * 49 < troubles_of(main, main, [main])[0].affected < 41 * 50
    inside = failing("bank", "", 80, 120, trust=Trust.SPANS)
    assert 0 == troubles_of(inside, inside, [inside])[0].affected


def test_a_slow_request_counts_less_than_one_that_fails() -> None:
    """HARM_SLOW of it."""
    fails, slow = (candidate(series=drawn_series(symptom)) for symptom in (Symptom.ERRORS, Symptom.LATENCY))

    assert HARM_SLOW * Trouble((fails,)).affected == Trouble((slow,)).affected


def test_what_is_no_alarm_is_no_other_trouble() -> None:
    """Above ALARM_CHANCE."""
    main, other = failing("web", "pay", 80, 120), failing("web", "find", 30, 60)
    found = [
        len(troubles_of(main, main, [main, Candidate(other.series, other.deviation, sure)]))
        for sure in (ALARM_CHANCE, ALARM_CHANCE + 0.01)
    ]

    assert [2, 1] == found


def test_an_episode_that_is_asked_about_alone_is_found(store: Store) -> None:
    """The window that is reported with it makes it the one that is reported first."""
    World(
        errors=lambda t: np.where((t > 600) & (t < 1200), 0.5, np.where(t > 3000, 0.05, 0.005))
    ).store_spans(store)
    (other,) = answered(store).others

    _, (finding,) = investigate(store, now=NOW, window=other.asked, only="onset")

    assert isinstance(finding.answer, Onset)
    assert other.low <= finding.answer.at <= other.high
