"""What the checks look at: each kind of reading is read once, over a bad window and a baseline."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from lastgood.algorithms.trouble_families import ALL_FAMILIES
from lastgood.algorithms.trouble_words import is_store
from lastgood.inspections.trouble.checks import SLOW_LOGGED
from lastgood.inspections.trouble.weights import LOOKED_SHARE
from lastgood.model.signal import Signal
from lastgood.model.trouble import LiveAnswer, System, TroublesAsked
from lastgood.model.window import Comparison, Window
from lastgood.readings.case import Case
from lastgood.readings.levels import Change, changes
from lastgood.readings.resource_use import Use, uses
from lastgood.readings.risen import ERRORS, LINES
from lastgood.readings.traces import one_in, sampled
from lastgood.telemetry.reader import Rows

CALLS = """
SELECT peer, countIf(phase = 'good') AS calls_before, countIf(phase = 'bad') AS calls,
       countIf(phase = 'good' AND failed) AS failed_before, countIf(phase = 'bad' AND failed) AS failing,
       quantileIf(0.95)(duration_ns, phase = 'good') AS p95_before, quantileIf(0.95)(duration_ns, phase = 'bad') AS p95
FROM lg_sample WHERE kind = 'Client' AND peer != ''
GROUP BY peer ORDER BY calls DESC, peer LIMIT 1000"""
STATUSES = """
SELECT peer, http_status AS status, countIf(phase = 'good') AS calls_before, countIf(phase = 'bad') AS calls
FROM lg_sample WHERE kind = 'Client' AND peer != '' AND http_status >= 400
GROUP BY peer, status ORDER BY calls DESC, peer, status LIMIT 1000"""
ANSWERED = """
SELECT countIf(phase = 'good') AS calls_before, countIf(phase = 'bad') AS calls,
       countIf(phase = 'good' AND http_status IN {statuses:Array(UInt32)}) AS before,
       countIf(phase = 'bad' AND http_status IN {statuses:Array(UInt32)}) AS now
FROM lg_requests"""
RECORDED = """
SELECT ts, phase, kind, service, title FROM lg_changes WHERE kind IN {kinds:Array(String)}
ORDER BY ts DESC, service, title LIMIT 100"""
STATEMENTS = f"""
SELECT service, substring(min(body), 1, 400) AS text, countIf(phase = 'good') AS good, countIf(phase = 'bad') AS bad
FROM lg_lines WHERE phase != '' AND match(body, '{SLOW_LOGGED}')
GROUP BY service, shape HAVING bad > 0 ORDER BY bad DESC, service, text LIMIT 500"""
DATABASES = (System.POSTGRESQL, System.MYSQL, System.REDIS)
_KNOWN_BY = {
    System.POSTGRESQL: ("postgres", "pgbouncer", "pg_"),
    System.MYSQL: ("mysql", "mariadb"),
    System.REDIS: ("redis", "valkey"),
    System.RABBITMQ: ("rabbitmq",),
    System.GO: ("go_goroutines", "go_gc", "go.goroutine", "go.memory"),
    System.JVM: ("jvm_", "jvm.", "hikaricp"),
}


def compared(case: Case) -> Case:
    """The case with windows to compare: those of the incident, else the end of its window with what is before."""
    if case.comparison is not None:
        return case
    middle = case.window.end - case.window.length * LOOKED_SHARE
    split = Comparison(Window(case.window.start, middle), Window(middle, case.window.end))
    return replace(case, comparison=split)


@dataclass(frozen=True, slots=True)
class Texts:
    """Errors of one signal by text, with their number in both windows."""

    rows: tuple[dict[str, Any], ...]
    read: Rows


class Looked:
    """One case with windows to compare, and all that checks read of it, each once; without a case, only live answers."""

    def __init__(self, case: Case | None, asked: TroublesAsked) -> None:
        self.asked = asked
        self.of_incident = case is not None and case.comparison is not None
        self.case = compared(case) if case else None

    @property
    def comparison(self) -> Comparison | None:
        """The windows that are compared."""
        return self.case.comparison if self.case else None

    def has(self, *signals: Signal) -> bool:
        """Whether there is any of some signals."""
        return self.case is not None and any(self.case.has(one) for one in signals)

    @cached_property
    def uses(self) -> tuple[Use, ...]:
        """Every resource that metrics report."""
        return tuple(uses(self.case, table=ALL_FAMILIES)) if self.case else ()

    @cached_property
    def rose(self) -> tuple[Change, ...]:
        """Every metric against all of its past."""
        return tuple(changes(self.case, self.comparison)) if self.case and self.comparison else ()

    @cached_property
    def lines(self) -> Texts | None:
        """Error lines by shape."""
        return self._texts(Signal.LOGS, LINES)

    @cached_property
    def statements(self) -> Texts | None:
        """Statements that a database logs as slow, by shape."""
        return self._texts(Signal.LOGS, STATEMENTS)

    @cached_property
    def spans(self) -> Texts | None:
        """Errors of spans, where they begin."""
        return self._texts(Signal.SPANS, ERRORS, every=self._every)

    @cached_property
    def calls(self) -> Rows | None:
        """Calls by dependency in both windows."""
        return self._of_spans(CALLS)

    @cached_property
    def statuses(self) -> Rows | None:
        """Calls by dependency and error status."""
        return self._of_spans(STATUSES)

    @cached_property
    def outside(self) -> tuple[dict[str, Any], ...]:
        """The rows of calls to dependencies that send no telemetry and are no database; most failing first."""
        if self.calls is None or self.case is None:
            return ()
        own = {name for holding in self.case.holdings.items for name in holding.services}
        rows = (row for row in self.calls.dicts() if row["peer"] not in own and not is_store(row["peer"]))
        return tuple(sorted(rows, key=lambda row: (-row["failing"], -row["calls"], row["peer"])))

    @cached_property
    def limits(self) -> tuple[str, ...]:
        """What the readings could not show."""
        if self.case is None:
            return ("there is no telemetry: only the running system was asked",)
        found = () if self.of_incident else (f"no incident: {_last(self.comparison)} is compared",)
        return (*found, *sampled(self._every)) if self.has(Signal.SPANS) else found

    @cached_property
    def systems(self) -> frozenset[System]:
        """The systems that telemetry names, or that were asked; the databases, where it names none."""
        asked = {one.system for one in self.asked.live} | set(self.asked.databases)
        names = [row["peer"] for row in self.calls.dicts()] if self.calls else []
        if self.case:
            names += [name for holding in self.case.holdings.items for name in holding.services]
        names += [metric for use in self.uses for metric in use.metrics]
        named = asked | {system for system, words in _KNOWN_BY.items() if _names(names, words)}
        return frozenset(named or DATABASES)

    def answered(self, statuses: tuple[int, ...]) -> Rows | None:
        """All requests of both windows, and those that ended with one of these statuses."""
        there = self.case is not None and self.has(Signal.SPANS, Signal.LOGS)
        return self.case.query(ANSWERED, statuses=list(statuses)) if self.case and there else None

    def recorded(self, kinds: Iterable[str]) -> Rows | None:
        """Changes of some kinds, the latest first."""
        return (
            self.case.query(RECORDED, kinds=list(kinds)) if self.case and self.has(Signal.CHANGES) else None
        )

    def live(self, system: System, question: str) -> tuple[LiveAnswer, ...]:
        """What running systems of a kind answered to a question."""
        return tuple(one for one in self.asked.live if one.system is system and one.question == question)

    @cached_property
    def _every(self) -> int:
        return one_in(self.case) if self.case and self.has(Signal.SPANS) else 1

    def _of_spans(self, sql: str) -> Rows | None:
        return self.case.query(sql, every=self._every) if self.case and self.has(Signal.SPANS) else None

    def _texts(self, signal: Signal, sql: str, **asked: Any) -> Texts | None:
        if self.case is None or not self.has(signal):
            return None
        read = self.case.query(sql, **asked)
        return Texts(tuple(read.dicts()), read)


def _names(names: Iterable[str], words: tuple[str, ...]) -> bool:
    return any(word in name.lower() for name in names for word in words)


def _last(comparison: Comparison | None) -> str:
    return f"the time from {comparison.bad.start:%H:%M:%S} UTC on with the time before" if comparison else ""
