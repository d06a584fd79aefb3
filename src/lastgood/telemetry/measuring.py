"""Measuring: one store asked for measures of predictions, or why it is not known what they are."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property
from typing import Any

from lastgood.algorithms.predictions.estimates import Estimate
from lastgood.algorithms.predictions.expression import Filter, Kind, Measure
from lastgood.algorithms.predictions.language import Slot
from lastgood.model.attributes import SERVICE_NAME
from lastgood.model.figures import percent
from lastgood.model.signal import Holding, Holdings, Signal
from lastgood.model.window import Comparison, Window
from lastgood.telemetry.measures import (
    COLUMNS,
    HAS_ROWS,
    METRICS,
    NAMES,
    PLACES,
    ROWS,
    STRETCHES,
    VERSIONS,
    Selected,
    doses_sql,
    estimate,
    floor_of,
    measure_sql,
    presence,
    relation_of,
    selected,
    signals_of,
    values_sql,
)
from lastgood.telemetry.reader import Reader, Rows

DOSES = 20  # stretches in which a dose is held against its effect
SAMPLED = 500_000  # rows that are looked at for names and values: what is rarer than that has to be spelt out
SHOWN = 6  # of what there is instead
CARRIED = 0.99  # of rows: an attribute that fewer carry is worth a word
TELL_APART = 0.01  # of all the time: versions that both came first within it are both old


@dataclass(frozen=True, slots=True)
class Missing:
    """Why something cannot be measured: what is not there, and what is instead."""

    why: str


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """A name that several attributes end in."""

    name: str
    position: int
    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """A measure in one window: the number, the window's part that has data, and the rows it rests on."""

    measure: Measure
    window: Window
    seconds: float  # of it that have data
    estimate: Estimate
    rows: Rows
    floor: float  # the least change that matters, of metrics
    limits: tuple[str, ...] = ()
    relation: str = ""  # that it was read from


@dataclass
class Measuring:
    """Asks one store. What it has learnt of names is kept for the next measure."""

    reader: Reader
    holdings: Holdings
    comparison: Comparison
    _names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _services: dict[tuple[str, str], bool] = field(default_factory=dict)
    _seen: dict[Measure, dict[str, Any]] = field(default_factory=dict)

    def resolved(self, measure: Measure) -> Measure | Missing | Ambiguous:
        """The measure with names as the store has them: `issuer` is `card.issuer` where that alone ends so."""
        relation = self._relation(measure)
        if self._holding(relation) is None:
            return self._unheld(measure, relation)
        if measure.kind is Kind.AMOUNT:
            metric = self._one(
                measure.subject, measure.position, self.metrics, f"no metric {measure.subject!r}"
            )
            if not isinstance(metric, str):
                return metric
            measure = replace(measure, subject=metric)
        filters = []
        for one in measure.filters:
            found = self._attribute(one, relation)
            if not isinstance(found, str):
                return found
            filters.append(replace(one, name=found))
        return replace(measure, filters=tuple(filters))

    def lacks(self, measure: Measure) -> str | None:
        """Why no window can give a measure: its signal, a field or a value is in none of the rows; None else."""
        relation = self._relation(measure)
        found: object = self.resolved(measure)
        if isinstance(found, Measure):
            found = self._versioned(found, relation)
        if isinstance(found, Measure):
            found = self._presence(found, relation, found=False)
        return found.why if isinstance(found, Missing) else None

    def read(self, measure: Measure, window: Window) -> Reading | Missing:
        """A resolved measure in a window."""
        relation = self._relation(measure)
        holding = self._holding(relation)
        part = holding.part_of(window) if holding else None
        if holding is None or part is None:
            return self._unheld(measure, relation, f" from {_times(window)}")
        versioned = self._versioned(measure, relation)
        if isinstance(versioned, Missing):
            return versioned
        rows = selected(versioned, relation)
        answer = self._query(measure_sql(versioned, rows), {**rows.parameters, "stretches": STRETCHES}, part)
        limits = self._presence(versioned, relation, found=any(row.get("n", 1) for row in answer.dicts()))
        if isinstance(limits, Missing):
            return limits
        seconds = holding.covered_seconds(window)
        missing = self._unread(versioned, relation, answer)
        if missing or not seconds:
            return missing or Missing(f"the {_signals(relation)} have a gap from {_times(window)}")
        reported = estimate(versioned, answer, seconds)
        return Reading(
            versioned,
            part,
            seconds,
            reported,
            answer,
            floor_of(versioned, answer),
            (*limits, *_kept(holding, measure)),
            relation,
        )

    @cached_property
    def sees_requests(self) -> bool:
        """Whether any row shows a request: spans do, and of log lines those of an access log."""
        if self._holding("lg_requests") is None:
            return False
        (row,) = self._query("SELECT count() > 0 AS there FROM lg_requests", {}).dicts()
        return bool(row["there"])

    def doses(self, measure: Measure, one: Filter, window: Window) -> Rows:
        """Of the rows of a measure, how many carry a value and how many fail, in each of `DOSES` stretches."""
        sql, parameters = doses_sql(one, selected(measure, self._relation(measure)))
        return self._query(sql, {**parameters, "stretches": DOSES}, window)

    def known(self, slot: Slot) -> tuple[str, ...]:
        """The names or values that the store has for a place in a prediction."""
        if slot.of == "metric":
            return tuple(f'"{name}"' for name in self.metrics)
        relation = relation_of(Measure(slot.measure), self.holdings.signals)
        if slot.of == "attribute":
            own = tuple(name for name in COLUMNS[relation] if "." not in name)
            return tuple(
                dict.fromkeys((*own, *(["peer"] if relation == "lg_requests" else []), *self._keys(relation)))
            )
        if slot.attribute in PLACES and relation == "lg_requests" and Signal.SPANS in self.holdings.signals:
            relation = "lg_spans"  # as a measure with it is read
        one = Filter(slot.attribute, "")
        found = self._attribute(one, relation)
        return self._values(replace(one, name=found), relation) if isinstance(found, str) else ()

    def _relation(self, measure: Measure) -> str:
        """What a measure reads. Errors of a service without spans: its access log, else all of its log lines."""
        relation = relation_of(measure, self.holdings.signals)
        service = measure.named("service") or ""
        if (
            measure.name != "errors"
            or not service
            or measure.named("peer")
            or Signal.LOGS not in self.holdings.signals
        ):
            return relation
        there = (one for one in ("lg_spans", "lg_served", "lg_lines") if self._has(one, service))
        return next(there, relation)

    def _unheld(self, measure: Measure, relation: str, during: str = "") -> Missing:
        """That the signals are not there that would give a measure; of metrics alone, what these do not show."""
        placed = measure.name == "errors" and not measure.named("peer")
        signals = "spans or log lines" if placed else _signals(relation)
        bare = {Signal.METRICS} == self.holdings.signals & {Signal.SPANS, Signal.LOGS, Signal.METRICS}
        beside = "; metrics do not show which requests failed" if bare and relation != "lg_points" else ""
        return Missing(f"there are no {signals}{during}{beside}")

    def _has(self, relation: str, service: str) -> bool:
        """Whether a relation has rows of a service."""
        if self._holding(relation) is None:
            return False
        if (relation, service) not in self._services:
            (row,) = self._query(HAS_ROWS % relation, {"service": service}).dicts()
            self._services[relation, service] = bool(row["there"])
        return self._services[relation, service]

    def _holding(self, relation: str) -> Holding | None:
        return next((h for s in signals_of(relation) if (h := self.holdings.of(s))), None)

    def _query(self, sql: str, parameters: dict[str, Any], window: Window | None = None) -> Rows:
        return self.reader.query(sql, parameters, window or self.comparison.hull, comparison=self.comparison)

    def _keys(self, relation: str) -> tuple[str, ...]:
        if relation not in self._names:
            found = self._query(NAMES % relation, {"every": self._every(relation)})
            self._names[relation] = tuple(found.dicts()[0]["names"])
        return self._names[relation]

    @property
    def metrics(self) -> tuple[str, ...]:
        """The names of all metrics."""
        if "" not in self._names:
            self._names[""] = tuple(row["metric"] for row in self._query(METRICS, {}).dicts())
        return self._names[""]

    def _attribute(self, one: Filter, relation: str) -> str | Missing | Ambiguous:
        if one.name.lower() in COLUMNS[relation]:
            return "service" if one.name.lower() == SERVICE_NAME else one.name.lower()
        none = f"no {ROWS[relation]} carries {one.name!r}"
        found = self._one(one.name, one.position, self._keys(relation), none)
        if isinstance(found, Missing) and self._every(relation) > 1:
            return one.name  # it may be too rare to have been seen: a look at all rows decides
        if isinstance(found, Missing) and relation == "lg_requests" and Signal.SPANS in self.holdings.signals:
            elsewhere = self._one(one.name, one.position, self._keys("lg_spans"), none)
            if isinstance(elsewhere, str):
                return Missing(f"{none}; spans further in do: errors({elsewhere}=…)")
        return found

    def _every(self, relation: str) -> int:
        """Of how many rows one is looked at for names."""
        holding = self._holding(relation)
        return 1 + (holding.rows if holding else 0) // SAMPLED

    def _one(self, name: str, position: int, there: tuple[str, ...], none: str) -> str | Missing | Ambiguous:
        """The one of those that are there which a name means: itself, or the only one that ends in it."""
        if name in there:
            return name
        ends = tuple(
            full for full in there if full.lower().endswith((f".{name.lower()}", f"_{name.lower()}"))
        )
        if len(ends) == 1:
            return ends[0]
        if ends:
            return Ambiguous(name, position, ends)
        near = [full for full in there if name.lower() in full.lower()] or list(there)
        return Missing(f"{none}; {_instead(near)}")

    def _versioned(self, measure: Measure, relation: str) -> Measure | Missing:
        """The measure with the versions that `new` and `old` stand for."""
        if measure.named("version") not in {"new", "old"}:
            return measure
        service = measure.named("service")
        if service is None:
            return Missing("new and old are versions of a service, and none is named")
        rows = self._query(VERSIONS % relation, {"service": service}).dicts()
        reported = [row["version"] for row in rows]
        if not rows:
            place = replace(measure, filters=tuple(f for f in measure.filters if f.name == "service"))
            absent = self._presence(place, relation, found=False)
            return (
                absent if isinstance(absent, Missing) else Missing(f"{service} does not report its version")
            )
        if len(rows) < 2:
            return Missing(f"of {service} only version {reported[0]} was seen")
        hull = self.comparison.hull
        if rows[-1]["first"] - rows[0]["first"] < max(
            timedelta(seconds=TELL_APART * hull.seconds), timedelta(seconds=1)
        ):
            return Missing(f"which of the versions {', '.join(reported)} of {service} is new is unknown")
        new = reported[-1]
        equal = measure.named("version") == "new"
        filters = tuple(
            replace(f, value=new, equal=equal) if f.name == "version" else f for f in measure.filters
        )
        return replace(measure, filters=filters)

    def _presence(self, measure: Measure, relation: str, *, found: bool) -> tuple[str, ...] | Missing:
        """What to know of the attributes asked for, unless one of them, or its value, is never there.

        Where rows were found, whatever must be equal is there.
        """
        if not measure.filters or (found and all(one.equal for one in measure.filters)):
            return ()
        if measure not in self._seen:
            sql, parameters = presence(measure, relation)
            (self._seen[measure],) = self._query(sql, dict(parameters)).dicts()
        row = self._seen[measure]
        place = selected(measure, relation, placed_only=True)
        limits = []
        for number, one in enumerate(measure.filters):
            within = Selected(relation, "1", {}) if one.name in PLACES else place
            if not row[f"seen{number}"]:
                return self._unseen(one, relation, within, carried=row[f"carried{number}"])
            share = row[f"carried{number}"] / row["n"]
            if not one.equal and share < CARRIED:
                limits.append(
                    f"{percent(1 - share)} of the rows carry no {one.name}, and count as not {one.value}"
                )
        return tuple(limits)

    def _unseen(self, one: Filter, relation: str, within: Selected, *, carried: int) -> Missing:
        there = self._values(one, relation, within)
        what = ROWS[relation] + (" of these" if within.parameters else "")
        if not there and not carried:
            return Missing(f"no {what} carries {one.name!r}")
        return Missing(f"no {what} has {one.name}={one.value}; {_instead(there)}")

    def _values(self, one: Filter, relation: str, within: Selected | None = None) -> tuple[str, ...]:
        sql, parameters = values_sql(one, relation, within)
        found = self._query(sql, {**parameters, "every": self._every(relation)})
        return tuple(row["told"] for row in found.dicts())

    def _unread(self, measure: Measure, relation: str, answer: Rows) -> Missing | None:
        """What the rows must carry for this measure and do not, where it came to nothing."""
        if measure.kind is Kind.PEOPLE and not answer.dicts()[0]["n"]:
            return Missing(f"no {ROWS[relation]} of these names its user")
        if len(answer):
            return None
        timed = "countIf(duration_ns > 0)" if measure.kind is Kind.SECONDS else "count()"
        (row,) = self._query(f"SELECT count() AS n, {timed} AS timed FROM {relation}", {}).dicts()
        if not row["n"]:
            return Missing(f"there is no {ROWS[relation]} in either window")
        return None if row["timed"] else Missing(f"no {ROWS[relation]} has a duration")


def _kept(holding: Holding, measure: Measure) -> tuple[str, ...]:
    counted = measure.kind in {Kind.COUNT, Kind.RATE, Kind.PEOPLE}
    if not counted or holding.sampled is None or holding.sampled >= 1:
        return ()
    return (f"{percent(holding.sampled)} of {holding.signal.value} were kept; counts are of those",)


def _signals(relation: str) -> str:
    return " or ".join(
        "lines of requests" if s == "logs" and relation in {"lg_requests", "lg_served"} else s.value
        for s in signals_of(relation)
    )


def _instead(there: Iterable[str]) -> str:
    reported = list(there)
    if not reported:
        return "there is none at all"
    more = f" and {len(reported) - SHOWN} more" if len(reported) > SHOWN else ""
    return f"there is {', '.join(reported[:SHOWN])}{more}"


def _times(window: Window) -> str:
    return f"{window.start:%Y-%m-%d %H:%M:%S} to {window.end:%H:%M:%S} UTC"
