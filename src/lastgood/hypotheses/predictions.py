"""Predictions against a store: parse, resolve names, measure, judge. The door for whoever states what must be true.

    scene = Scene(comparison)                                   # good and bad window, and the onset where it is known
    measuring = store.measuring(comparison)
    prediction = written("fails(service=checkout) at baseline", measuring)   # refused where a name is ambiguous
    result = check(prediction, measuring, scene)
    result.checked.outcome      # supported, refuted, inconclusive, untestable
    result.evidence             # the rows it rests on, with their query, to be frozen

An act's target is such a prediction: checked with the time since the act as the bad window, the verdict
`supported` means that the target is reached.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import isfinite

from lastgood.algorithms.predictions.estimates import Estimate, quotient
from lastgood.algorithms.predictions.expression import (
    Expected,
    Kind,
    Limit,
    OnsetAfter,
    Prediction,
    Quantity,
    Trend,
    When,
)
from lastgood.algorithms.predictions.language import Candidate, complete, parse, parse_pass
from lastgood.algorithms.predictions.verdicts import Judged, after, against_baseline, against_limit
from lastgood.errors import QuerySyntaxError
from lastgood.model.figures import amount, duration, multiple, percent
from lastgood.model.judgement import Amount
from lastgood.model.prediction import TIMING, VALUE, Checked, Measured, Outcome
from lastgood.model.window import Comparison, Window
from lastgood.telemetry.measuring import Ambiguous, Measuring, Missing, Reading
from lastgood.telemetry.reader import Rows

RUN_UP_LENGTH = timedelta(minutes=10)
RUN_UP_PART = Amount(
    0.25, "of the good window, at most, before the onset", "judgement: the rest stays a baseline"
)
_READ = {"lg_lines": "log lines", "lg_served": "requests"}
_ROWS = {"lines": "log lines", "errors": "spans", "metric": "stretches of time with a value"}


@dataclass(frozen=True, slots=True)
class Scene:
    """What predictions are held against: the two windows, and when it started, as an interval."""

    comparison: Comparison
    onset: tuple[datetime, datetime] | None = None

    @property
    def run_up(self) -> Window:
        """The time just before the onset, or before the end of the good window."""
        good = self.comparison.good
        end = max(
            min(self.onset[0], self.comparison.bad.end) if self.onset else good.end,
            good.start + timedelta(seconds=1),
        )
        return Window(end - min(RUN_UP_LENGTH, RUN_UP_PART * good.length), end)

    def window(self, when: When) -> Window:
        """The window that is measured."""
        return {When.BAD: self.comparison.bad, When.GOOD: self.comparison.good, When.RUN_UP: self.run_up}[
            when
        ]

    def baseline(self, when: When) -> Window:
        """The window that it is compared with."""
        good = self.comparison.good
        if when is not When.RUN_UP:
            return good
        return Window(good.start, min(good.end, self.run_up.start))


@dataclass(frozen=True, slots=True)
class Result:
    """What a check gave, and the rows that it rests on."""

    checked: Checked
    evidence: tuple[Rows, ...] = ()


def written(text: str, measuring: Measuring | None = None) -> Prediction:
    """The prediction that a text means, its names as the store has them; what is not there stays as it is written.

    Raises:
        QuerySyntaxError: it cannot be parsed, or a name could be several attributes.
    """
    prediction = parse(text)
    if measuring is None or isinstance(prediction, OnsetAfter):
        return prediction
    found = []
    for measure in prediction.quantity.measures:
        resolved = measuring.resolved(measure)
        if isinstance(resolved, Ambiguous):
            reported = f"{resolved.name!r} could be several"
            raise QuerySyntaxError(
                text, resolved.position, reported, hint=f"Write one of {', '.join(resolved.candidates)}."
            )
        found.append(measure if isinstance(resolved, Missing) else resolved)
    return replace(prediction, quantity=Quantity(*found))


def missing(prediction: Prediction, measuring: Measuring) -> str | None:
    """Why the data at hand cannot test a prediction: a signal, a field or a value is missing; None where all are there."""
    if isinstance(prediction, OnsetAfter):
        return None
    return next(filter(None, map(measuring.lacks, prediction.quantity.measures)), None)


def completions(text: str, measuring: Measuring | None) -> tuple[Candidate, ...]:
    """How a prediction that is half written may go on."""
    return complete(text, measuring.known if measuring else lambda _: ())


def check(prediction: Prediction, measuring: Measuring, scene: Scene) -> Result:
    """What the store says of a prediction."""
    if isinstance(prediction, OnsetAfter):
        return Result(_timed(prediction, scene))
    read = _readings(prediction, measuring, scene)
    if isinstance(read, Missing):
        return Result(_untestable(str(prediction), prediction.quantity.kind, read.why))
    now, before = read
    return Result(_judged(prediction, now, before), tuple(reading.rows for reading in (*now, *before)))


def check_typed(sql: str, rule: str, measuring: Measuring) -> Result:
    """What a query that a user typed says of its rule: it gives one row, whose `value`, or only column, must pass.

    Raises:
        QuerySyntaxError: the rule is none, or the query is not one SELECT that stays inside the store.
        BudgetError, QueryFailedError: it could not be run.
    """
    limit = parse_pass(rule)
    rows = measuring.reader.typed(sql, measuring.comparison.hull, comparison=measuring.comparison)
    name = f"value {limit}"
    value = _value(rows)
    if isinstance(value, str):
        return Result(_untestable(name, None, value), (rows,))
    exact = Estimate(value, value, value, 1)
    judged = against_limit(exact, limit, Kind.AMOUNT)
    return Result(Checked(name, judged.outcome, f"the value is {value:g}", VALUE, _measured(exact)), (rows,))


def _value(rows: Rows) -> float | str:
    """The number that a query gave, or why it gave none."""
    columns = rows.table.column_names
    name = "value" if "value" in columns else columns[0] if len(columns) == 1 else ""
    if not name:
        return f"none of its columns ({', '.join(columns)}) is called value"
    if len(rows) != 1:
        return f"the query gave {len(rows)} rows; a rule reads one"
    value = rows.dicts()[0][name]
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        return f"the value is not a number: {value!r}"
    return float(value)


def _readings(
    prediction: Expected, measuring: Measuring, scene: Scene
) -> tuple[tuple[Reading, ...], tuple[Reading, ...]] | Missing:
    """Each measure now, and before where the rule compares."""
    now, before = list[Reading](), list[Reading]()
    compares = isinstance(prediction.rule, Trend)
    for measure in prediction.quantity.measures:
        resolved = measuring.resolved(measure)
        if isinstance(resolved, Ambiguous):
            return Missing(f"{resolved.name!r} could be {' or '.join(resolved.candidates)}")
        if isinstance(resolved, Missing):
            return resolved
        for window, into in ((scene.window(measure.when), now), (scene.baseline(measure.when), before))[
            : 1 + compares
        ]:
            reading = measuring.read(resolved, window)
            if isinstance(reading, Missing):
                return reading
            into.append(reading)
    return tuple(now), tuple(before)


def _judged(prediction: Expected, now: tuple[Reading, ...], before: tuple[Reading, ...]) -> Checked:
    kind, rule = prediction.quantity.kind, prediction.rule
    one = _number(now, counted=isinstance(rule, Limit))
    other = _number(before) if before else None
    if isinstance(rule, Limit):
        judged = against_limit(one, rule, kind)
    else:
        judged = against_baseline(one, other, rule, kind, now[0].floor)  # type: ignore[arg-type] # a trend has both
    resolved = replace(prediction, quantity=Quantity(*(reading.measure for reading in now)))
    limits = tuple(dict.fromkeys(limit for reading in (*now, *before) for limit in reading.limits))
    if kind is Kind.COUNT and other:
        kind = Kind.RATE  # windows of different length are compared by the second
    because = _because(judged, one, other, kind, now[0])
    return Checked(
        str(resolved),
        judged.outcome,
        because,
        kind.value,
        _measured(one),
        _measured(other) if other else None,
        judged.needed,
        limits,
    )


def _number(readings: tuple[Reading, ...], *, counted: bool = False) -> Estimate:
    """What readings come to: of a count that is held against a number, the events themselves."""
    first = readings[0]
    if len(readings) > 1:
        return quotient(first.estimate, readings[1].estimate)
    if counted and first.measure.kind is Kind.COUNT:
        n = first.estimate.rests_on
        return Estimate(n, n, n, n)
    return first.estimate


def _timed(prediction: OnsetAfter, scene: Scene) -> Checked:
    if scene.onset is None:
        return _untestable(str(prediction), None, "when it started is not known")
    low, high = scene.onset
    judged = after(prediction.moment, low, high)
    return Checked(
        str(prediction), judged.outcome, f"it started between {low:%H:%M:%S} and {high:%H:%M:%S} UTC", TIMING
    )


def _untestable(prediction: str, kind: Kind | None, why: str) -> Checked:
    return Checked(prediction, Outcome.UNTESTABLE, why, kind.value if kind else VALUE)


def _because(judged: Judged, now: Estimate, before: Estimate | None, kind: Kind, reading: Reading) -> str:
    """`95 % (93 to 97 %) of 281 requests, before 0.2 % (0.1 to 0.4 %)`."""
    measure, relation = reading.measure, reading.relation
    rows = "calls" if measure.named("peer") else _READ.get(relation) or _ROWS.get(measure.name, "requests")
    few = [e for e in (now, before) if e is not None and e.too_few]
    if few:
        which = "before" if few[0] is before else ""
        return " ".join(
            f"too few: {few[0].rests_on} {rows} {which}, {few[0].enough} are needed".split()
        ).replace(" ,", ",")
    parts = [
        _spoken(now, kind) + (f" of {now.rests_on} {rows}" if kind in {Kind.SHARE, Kind.SECONDS} else "")
    ]
    if before is not None:
        parts.append(f"before {_spoken(before, kind)}")
    if judged.outcome is Outcome.INCONCLUSIVE:
        more = (
            f"about {judged.needed} {rows} would decide"
            if judged.needed
            else "more of the same may never decide"
        )
        parts.append(f"{more}, there are {now.rests_on}")
    return ", ".join(parts)


def _spoken(one: Estimate, kind: Kind) -> str:
    if one.low == one.high:
        return _figure(one.value, kind)
    return f"{_figure(one.value, kind)} ({_figure(one.low, kind)} to {_figure(one.high, kind)})"


def _figure(value: float, kind: Kind) -> str:
    if not isfinite(value):
        return "∞" if value > 0 else "-∞"
    match kind:
        case Kind.SHARE:
            return percent(value)
        case Kind.SECONDS:
            return duration(value)
        case Kind.RATE:
            return f"{amount(value)}/s"
        case Kind.FACTOR:
            return multiple(value)
        case _:
            return amount(value)


def _measured(one: Estimate) -> Measured:
    value, low, high = (end if isfinite(end) else None for end in (one.value, one.low, one.high))
    return Measured(value, low, high, one.rests_on)
