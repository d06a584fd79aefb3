"""What a bad window is held against: what is surely good of the one before it, or the first of its own spans."""

from collections.abc import Iterator
from dataclasses import replace

from lastgood.model.answers import Onset
from lastgood.model.judgement import Amount, Time
from lastgood.model.signal import Signal
from lastgood.model.window import Comparison, Window
from lastgood.readings.case import Case

# fmt: off
DATED_LATE = Time(90, "s at the end of a good window that are left out, for people date late", "judgement: an onset is noticed after it")
LEFT_OUT_MOST = Amount(0.4, "of the good window is left out at most", "judgement: most of it is to stay a past")
KEPT_LEAST = Amount(0.25, "of what it holds is kept at least", "judgement: less is not a baseline")
# fmt: on
KEPT = """
SELECT countIf(toUnixTimestamp64Nano(ts) < {cut_ns:Int64}) AS kept, count() AS held
FROM %s WHERE phase = 'good'"""

EARLY_LEAST = Amount(
    1 / 6,
    "of the time from which there are spans is a past, where there is no better one",
    "judgement: what comes early was well, as far as anyone knows",
)
EARLY_MOST = Amount(
    1 / 2, "of it likewise, where that shows nothing", "judgement: the other half is the present"
)
SEEN = "SELECT min(ts) AS first, max(ts) AS last FROM lg_spans WHERE phase = 'bad'"


def early_parts(case: Case) -> Iterator[Case]:
    """The case with the first spans of the bad window counted as good, at two cuts: where hardly any is from before."""
    if case.comparison is None:
        return
    seen = case.query(SEEN).dicts()[0]
    for share in (EARLY_LEAST, EARLY_MOST):
        cut = seen["first"] + (seen["last"] - seen["first"]) * share
        if seen["first"] < cut < seen["last"]:
            good = Window(min(case.comparison.good.start, seen["first"]), cut)
            bad = Window(cut, case.comparison.bad.end)
            yield replace(case, comparison=Comparison(good, bad, given=case.comparison.given))


def surely_good(case: Case) -> Case:
    """The case without the last 90 s before a bad window that a person gave, or that was found by faint evidence.

    A fault that begins a little before it is noticed would otherwise be part of what it is compared with.
    Nothing is left out of windows that were found by sure evidence, that stand apart, or that hold little else, and
    nothing of a short one that was found.
    """
    given = case.comparison
    if given is None or not _may_be_late(case, given):
        return case
    cut = given.good.end - min(DATED_LATE, given.good.length * LEFT_OUT_MOST)
    relation = "lg_spans" if case.has(Signal.SPANS) else "lg_lines" if case.has(Signal.LOGS) else "lg_points"
    reported = case.query(KEPT % relation, cut_ns=int(cut.timestamp() * 1e9)).dicts()[0]
    if reported["kept"] < KEPT_LEAST * max(reported["held"], 1):
        return case
    return replace(case, comparison=replace(given, good=Window(given.good.start, cut)))


def _may_be_late(case: Case, compared: Comparison) -> bool:
    """Whether the bad window follows the good one at once, and may have begun before it is said to."""
    if compared.given:
        return compared.bad.start == compared.good.end
    onset, enough = case.earlier(Onset), compared.good.length * LEFT_OUT_MOST >= DATED_LATE
    return onset is not None and onset.faint and enough and compared.good.end <= compared.bad.start
