"""Those who were exposed to a change against those who were not."""

from dataclasses import replace
from datetime import datetime, timedelta
from math import log

from inspections.scenes import ONSET, change, tips
from lastgood.algorithms.counts import wilson
from lastgood.inspections.what_changed.exposure import (
    Exposure,
    _keys,
    _split,
    _usual,
    evaluated_by,
    of_deploy,
    spared,
)
from lastgood.inspections.what_changed.versions_served import Served
from lastgood.inspections.what_changed.weights import (
    ALIKE,
    ALIKE_BY_FLAG,
    ALIKE_IN_LINES,
    FEED_APART,
    FOLLOWS,
    FOLLOWS_FLAG,
    FOLLOWS_IN_LINES,
    KEY_LETTERS,
    LOGGED_WELL,
    NEVER_SERVED,
    ROLLED_OUT,
    SERVED_AT_START,
    SERVED_SOONEST,
    SERVED_TO_END,
    SERVED_WELL,
    SIDE_SPANS,
    SIDES_LEVEL,
    SPARED,
    SPARED_BY_FLAG,
    SPARED_CHANCE,
    SPARED_IN_LINES,
    SPARED_TIMES,
    USUALLY_AFFECTED,
)
from lastgood.model.judgement import Reason

START, END = ONSET - timedelta(hours=1), ONSET + timedelta(minutes=20)
DEPLOY = change("d", "deploy", 2, version="v8", previous="v7")


def served(first: float, last: float, before: tuple[int, int], bad: tuple[int, int]) -> Served:
    """A version from so many minutes before the onset until so many after."""
    return Served(ONSET - timedelta(minutes=first), ONSET + timedelta(minutes=last), *before, *bad, *bad)


def ratios(new: Served | None, old: Served, *, slow: bool = False) -> list[float]:
    """What is said for and against the deploy of version 8."""
    reported = {("cart", "7"): old, **({("cart", "8"): new} if new else {})}
    return [reason.ratio for reason in of_deploy(DEPLOY, Exposure(reported, START, END, ONSET), slow=slow)]


def test_the_new_version_fails_and_the_old_one_beside_it_does_not() -> None:
    """The effect follows the version; where both are hit alike, it does not; where only the old is, neither."""
    spared, hit, worse = ((2, 200), (80, 200), (150, 200))

    def old(affected: int, spans: int) -> Served:
        return served(60, 20, (10, 2000), (affected, spans)[::-1])

    def new(affected: int, spans: int) -> Served:
        return served(0, 20, (0, 0), (spans, affected))

    assert ratios(new(*hit), old(*spared))[0] > 1
    assert ratios(new(*hit), old(*hit))[0] < 0.05
    assert ratios(new(*spared), old(*worse))[0] < 0.05


def test_a_version_that_served_well_for_minutes_is_doubted_unless_it_takes_its_time() -> None:
    """Ten minutes before, and six hundred requests without the effect."""
    new, old = served(10, 20, (600, 3), (1000, 400)), served(60, -10, (2000, 10), (0, 0))

    assert ratios(new, old)[0] < 1
    assert [] == ratios(new, old, slow=True)


def test_a_version_that_never_served_is_doubted() -> None:
    """Others did, and the one before it among them."""
    assert ratios(None, served(60, 20, (2000, 10), (1000, 400)))[0] < 1


def test_a_deploy_is_when_its_version_first_served() -> None:
    """Whatever the feed says; and its roll-out ends with the last request of the old one."""
    reported = {("cart", "7"): served(60, 3, (1, 0), (1, 0)), ("cart", "8"): served(1, 20, (1, 0), (1, 0))}

    assert (ONSET - timedelta(minutes=1), ONSET + timedelta(minutes=3)) == Exposure(
        reported, START, END, ONSET
    ).times(DEPLOY)
    assert None is Exposure({}, START, END, ONSET).times(DEPLOY)


def test_where_no_span_says_which_version_served_the_record_is_believed() -> None:
    """Spans may be a sample: the first one of the new version may be far from the first request to it."""
    first = served(-3, 20, (0, 0), (1, 0))
    late = ONSET + timedelta(minutes=3)
    known = [
        Exposure({("cart", "8"): first, **old}, START, END, ONSET).times(DEPLOY)
        for old in (
            {},
            {("cart", "7"): served(60, -5, (1, 0), (0, 0))},
            {("cart", "7"): served(60, 1, (1, 0), (1, 0))},
        )
    ]

    assert [(DEPLOY.at, late), (DEPLOY.at, late), (ONSET + timedelta(minutes=1), late)] == known


def test_what_counts_as_affected_is_said() -> None:
    """The limit, and how it was found; without one, failures alone."""
    reported = {
        ("cart", "7"): served(60, 20, (2000, 10), (200, 2)),
        ("cart", "8"): served(0, 20, (0, 0), (200, 80)),
    }
    limits = {"cart": 340_000_000, "stock": 10**15}
    exposure = Exposure(reported, START, END, ONSET, limits, 3)

    (reason,) = of_deploy(DEPLOY, exposure, slow=False)

    assert (
        "affected: failed, or over 340 ms (1.5 times the baseline p98 of one trace in 3)" in reason.reported
    )
    assert "affected: failed" == exposure.harm("stock")


def found(new: Served | None, old: Served, *, slow: bool = False) -> list[Reason]:
    """What is said for and against the deploy of version 8."""
    reported = {("cart", "7"): old, **({("cart", "8"): new} if new else {})}
    return of_deploy(DEPLOY, Exposure(reported, START, END, ONSET), slow=slow)


def test_each_side_weighs_what_its_row_says() -> None:
    """The effect follows the version, spares it, is alike, or no request was served."""
    few, many = served(60, 20, (2000, 10), (200, 2)), served(0, 20, (0, 0), (200, 80))
    ill = served(60, 20, (2000, 10), (200, 80))

    assert tips(found(many, few), FOLLOWS)
    assert tips(found(many, ill), ALIKE)
    assert tips(found(served(0, 20, (0, 0), (200, 2)), ill), SPARED)
    assert tips(found(None, few), NEVER_SERVED)


def test_a_side_needs_so_many_spans() -> None:
    """One fewer on either says nothing, nor does a version that is missing beside fewer."""
    old, new = served(60, 20, (0, 0), (SIDE_SPANS, 0)), served(0, 20, (0, 0), (SIDE_SPANS, SIDE_SPANS))
    less = (
        served(60, 20, (0, 0), (SIDE_SPANS - 1, 0)),
        served(0, 20, (0, 0), (SIDE_SPANS - 1, SIDE_SPANS - 1)),
    )

    assert tips(found(new, old), FOLLOWS)
    assert [] == found(new, less[0]) == found(less[1], old) == found(None, less[0])


def test_the_usual_is_measured_where_enough_came_before() -> None:
    """SIDE_SPANS; of fewer it is supposed."""
    assert [0.0, USUALLY_AFFECTED] == [_usual((0, n)).value for n in (SIDE_SPANS, SIDE_SPANS - 1)]


def test_what_is_affected_no_more_than_usual_is_not_alike() -> None:
    """Where too few came before, the usual is a share of its own."""
    least = next(n for n in range(2000) if wilson(n, 2000, SIDES_LEVEL)[0] > USUALLY_AFFECTED)
    alike, usual = (served(60, 20, (0, 0), (2000, affected)) for affected in (least, least - 1))

    assert tips(found(served(0, 20, (0, 0), (2000, least)), alike), ALIKE)
    assert [] == found(served(0, 20, (0, 0), (2000, least)), usual)


def test_so_few_are_surely_fewer() -> None:
    """SPARED_CHANCE of so few, where many are expected; SPARED_TIMES fewer in any case."""
    none = -log(SPARED_CHANCE)  # Poisson's chance of none

    assert [True, False] == [spared(0, none * near) for near in (1.001, 0.999)]
    assert [True, False] == [spared(100, 100 * SPARED_TIMES + more) for more in (0, -1)]


def test_a_version_served_well_when_so_many_were_to_be_affected() -> None:
    """So few affected that it is no chance, and for so long before the onset."""
    old = served(60, -10, (0, 0), (0, 0))
    minutes = SERVED_SOONEST / timedelta(minutes=1)
    enough = next(n for n in range(1000) if spared(0, n / 2))

    def new(before: int = enough, affected: int = 0, minutes: float = minutes) -> list[Reason]:
        return found(served(minutes, 20, (before, affected), (1000, 500)), old)

    assert tips(new(), SERVED_WELL)
    assert [] == new(before=enough - 1) == new(affected=1) == new(minutes=minutes - 0.1)


def test_a_roll_out_is_believed_near_what_the_feed_says() -> None:
    """Not further from it, not of who served from the start on; and it ends before telemetry does, in its time."""
    second = timedelta(seconds=1)

    def times(first: datetime, last: datetime) -> tuple[datetime, datetime] | None:
        one = served(60, 20, (1, 0), (1, 0))
        old, new = replace(one, last=last), replace(one, first=first)
        reported = {("cart", "7"): old, ("cart", "8"): new}
        start = min(START, DEPLOY.at - 2 * FEED_APART)
        return Exposure(reported, start, END, ONSET).times(DEPLOY)

    near, rolled = DEPLOY.at - FEED_APART, DEPLOY.at + ROLLED_OUT
    assert (near, near) == times(near, near)
    assert None is times(near - second, near)
    assert (DEPLOY.at, rolled - second) == times(DEPLOY.at, rolled - second) or rolled > END
    late = END - SERVED_TO_END
    assert (late - second, late - second) == times(late - second, late - second)
    assert (DEPLOY.at, DEPLOY.at) == times(DEPLOY.at, late)
    early = replace(DEPLOY, at=START + SERVED_AT_START)
    reported = {("cart", "8"): replace(served(60, 20, (1, 0), (1, 0)), first=early.at)}
    assert None is Exposure(reported, START, END, ONSET).times(early)
    reported = {("cart", "8"): replace(served(60, 20, (1, 0), (1, 0)), first=early.at + second)}
    assert None is not Exposure(reported, START, END, ONSET).times(early)


def test_each_side_of_a_flag_weighs_what_its_row_says() -> None:
    """The effect follows the flag, spares those who have it, or is alike on both sides."""

    def reported(on: int, off: int) -> list[Reason]:
        sides = (("on", on), ("off", off))
        rows = [{"value": value, "spans": 1000, "affected": affected} for value, affected in sides]
        return _split(change("f", "flag", 1, title="new-ranker"), rows, "affected: failed")

    assert tips(reported(400, 10), FOLLOWS_FLAG)
    assert tips(reported(10, 400), SPARED_BY_FLAG)
    assert tips(reported(400, 400), ALIKE_BY_FLAG)


def test_a_flag_belongs_to_the_services_that_evaluate_it() -> None:
    """By its key as the feed names it, also inside a title."""
    services = {"newcheckout": frozenset({"payments"}), "other": frozenset({"cart"})}
    set_ = change("x", "flag", 1, service="", title="kim turned on [new-checkout] in production")

    assert frozenset({"payments"}) == evaluated_by(set_, services)
    assert frozenset() == evaluated_by(change("x", "deploy", 1, title="new-checkout"), services)


def logged(new: Served, *old: Served, slow: bool = False, version: str = "v8") -> list[Reason]:
    """What the log lines of builds say of the deploy."""
    lines = {("cart", "8"): new} | {("cart", str(n)): one for n, one in enumerate(old)}
    deploy = replace(DEPLOY, version=version)
    return of_deploy(deploy, Exposure({}, START, END, ONSET, lines=lines), slow=slow)


def test_the_lines_of_each_build_weigh_what_their_rows_say() -> None:
    """The errors follow the build, spare it, or are in all alike."""
    few, many = served(60, 20, (2000, 10), (200, 2)), served(2, 20, (0, 0), (200, 80))
    ill, spared = served(60, 20, (2000, 10), (200, 80)), served(2, 20, (0, 0), (200, 2))

    assert tips(logged(many, few), FOLLOWS_IN_LINES)
    assert tips(logged(spared, ill), SPARED_IN_LINES)
    assert tips(logged(many, ill), ALIKE_IN_LINES)
    assert "40" in logged(many, few)[0].reported
    assert "v8" in logged(many, few)[0].reported


def test_a_deploy_without_a_version_brought_the_build_that_began_with_it() -> None:
    """Its build is named then; where none did, nothing is said."""
    few, many = served(60, 20, (2000, 10), (200, 2)), served(2, 20, (0, 0), (200, 80))

    (reason,) = logged(many, few, version="")
    assert reason.row is FOLLOWS_IN_LINES
    assert "of 8 " in reason.reported
    assert [] == logged(served(60, 20, (0, 0), (200, 80)), few, version="")


def test_a_build_that_logged_well_is_doubted() -> None:
    """For long enough and with enough lines before, unless the effect takes its time."""
    minutes = SERVED_SOONEST / timedelta(minutes=1)

    def new(minutes: float) -> Served:
        return served(minutes, 20, (100, 0), (1000, 500))

    old = served(60, -10, (0, 0), (0, 0))
    assert tips(logged(new(minutes), old), LOGGED_WELL)
    assert [] == logged(new(minutes - 0.1), old) == logged(new(minutes), old, slow=True)


def test_spans_go_before_lines() -> None:
    """Where they decide."""
    few, many = served(60, 20, (2000, 10), (200, 2)), served(2, 20, (0, 0), (200, 80))
    spans, lines = {("cart", "7"): few, ("cart", "8"): many}, {("cart", "7"): many, ("cart", "8"): few}

    (reason,) = of_deploy(DEPLOY, Exposure(spans, START, END, ONSET, lines=lines), slow=False)
    assert reason.row is FOLLOWS


def test_a_deploy_is_when_its_build_first_logged() -> None:
    """Where no span names its version."""
    lines = {("cart", "7"): served(60, 3, (1, 0), (1, 0)), ("cart", "8"): served(1, 20, (1, 0), (1, 0))}

    assert (ONSET - timedelta(minutes=1), ONSET + timedelta(minutes=3)) == Exposure(
        {}, START, END, ONSET, lines=lines
    ).times(replace(DEPLOY, version=""))


def test_after_a_short_roll_out_all_that_the_new_version_did_since_counts() -> None:
    """Few requests while both served decide nothing; not where its share grew after the old one had gone."""
    old = served(60, 1, (2000, 2), (SIDE_SPANS, 0))
    beside = 4
    short = replace(
        served(0, 20, (0, 0), (SIDE_SPANS, beside)), bad=50 * SIDE_SPANS, bad_affected=50 * beside
    )
    most = wilson(beside, SIDE_SPANS, SIDES_LEVEL)[1]

    assert [] == found(replace(short, bad=SIDE_SPANS, bad_affected=beside), old)
    assert tips(found(replace(short, bad_affected=int(most * short.bad)), old), FOLLOWS)
    assert [] == found(replace(short, bad_affected=int(most * short.bad) + 1), old)


def test_a_flag_is_looked_for_by_a_name_of_some_length() -> None:
    """KEY_LETTERS of letters and digits."""
    named = [change("f", "flag", 1, title="k" * letters) for letters in (KEY_LETTERS, KEY_LETTERS - 1)]

    assert [True, False] == [bool(_keys(one)) for one in named]
