"""Logs: the lines that a query finds, their counts over time, and those that come in."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo

from lastgood.errors import NoDataError
from lastgood.model.clock import Clock, to_nanoseconds
from lastgood.model.evidence import Provenance
from lastgood.model.scope import Scope
from lastgood.model.signal import Holdings, Signal
from lastgood.model.window import Window
from lastgood.readings.views.lines import Lines, LogLine, LogPattern
from lastgood.telemetry.logfilter import LogFilter, log_filter
from lastgood.workbench.known import check_query, check_services
from lastgood.workbench.redaction import redactor_of
from lastgood.workbench.store import Store
from lastgood.workbench.windows import cut

__all__ = [
    "Asked",
    "LogHistogram",
    "LogLine",
    "LogPattern",
    "LogsFound",
    "PatternsFound",
    "follow",
    "histogram",
    "histogram_in",
    "lines_of",
    "patterns_of",
    "search",
]

# Lines may come in a little after their time; a follower looks back so far on every look.
LINES_LATE = timedelta(seconds=10)
LINES_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class LogsFound:
    """The newest lines that a query finds, oldest first, and how many there are."""

    lines: tuple[LogLine, ...]
    matched: int
    searched: int  # lines in the window; 0 is another answer than no match
    window: Window
    provenance: Provenance

    @property
    def cut_off(self) -> bool:
        """Whether more lines match than are given."""
        return self.matched > sum(line.matched for line in self.lines)


@dataclass(frozen=True, slots=True)
class LogHistogram:
    """Matching lines per bucket of time, by level."""

    start: datetime
    step: timedelta
    counts: tuple[Mapping[str, int], ...]
    searched: int


@dataclass(frozen=True, slots=True)
class PatternsFound:
    """The most frequent patterns among the lines that a query finds, and how many there are."""

    patterns: tuple[LogPattern, ...]
    total: int
    searched: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A log query as it is put: its text, the time it is asked at, and where to look."""

    query: str
    now: datetime
    zone: tzinfo
    window: Window | None = None
    scope: Scope = field(default_factory=Scope)

    def filter(self, store: Store | None = None) -> LogFilter:
        """The query as SQL; an e-mail address in it also finds the token that the store has for it."""
        stored = redactor_of(store).text if store else str
        return log_filter(self.query, now=self.now, zone=self.zone, stored=stored)


def search(store: Store, asked: Asked, *, limit: int, around: int = 0) -> LogsFound:
    """The newest lines that match, with `around` lines of the same instance before and after each.

    Raises:
        QuerySyntaxError: the query cannot be parsed, or names a field or service that nothing has.
        UsageError: there is nothing of a service asked about.
        NoDataError: there are no logs at all.
    """
    lines = lines_of(store, asked)
    found, provenance = lines.newest(limit, around)
    searched, matched = lines.counts()
    return LogsFound(found, matched, searched, lines.window, provenance)


def histogram(store: Store, asked: Asked, *, buckets: int) -> LogHistogram:
    """The counts of matching lines in equal stretches of the window.

    Raises:
        QuerySyntaxError: the query cannot be parsed, or names a field or service that nothing has.
        UsageError: there is nothing of a service asked about.
        NoDataError: there are no logs at all.
    """
    return histogram_in(lines_of(store, asked), buckets)


def histogram_in(lines: Lines, buckets: int) -> LogHistogram:
    """The same of lines that are at hand."""
    step = max(1, round(lines.window.seconds / buckets))
    counts: list[dict[str, int]] = [{} for _ in range(int(lines.window.seconds / step) + 1)]
    for row in lines.levels(step):
        counts[row["bucket"]][row["level"]] = row["lines"]
    return LogHistogram(lines.window.start, timedelta(seconds=step), tuple(counts), lines.total())


def patterns_of(store: Store, asked: Asked, *, limit: int) -> PatternsFound:
    """The patterns of the matching lines, the most frequent first.

    Raises:
        QuerySyntaxError: the query cannot be parsed, or names a field or service that nothing has.
        UsageError: there is nothing of a service asked about.
        NoDataError: there are no logs at all.
    """
    lines = lines_of(store, asked)
    patterns, total = lines.patterns(limit)
    return PatternsFound(patterns, total, lines.total())


def follow(
    store: Store, asked: Asked, *, clock: Clock, wait: Callable[[], None], refresh: Callable[[], None]
) -> Iterator[LogLine]:
    """Matching lines as they come in, each once; runs until the caller stops.

    What is there already is given only when the window says from when. `refresh` brings new input in
    before each look, `wait` sleeps after one.

    Raises:
        QuerySyntaxError: the query cannot be parsed.
    """
    chosen = asked.filter(store)
    since = asked.window.start if asked.window else None
    shown = since is not None
    seen: set[tuple[int, str, str]] = set()
    while True:
        refresh()
        held, reader = store.survey()
        lines = held.of(Signal.LOGS)
        if lines is not None and lines.window is not None:
            since = since or lines.window.end - LINES_LATE
            window = Window(since, max(clock(), lines.window.end) + LINES_LATE)
            for line in Lines(reader, chosen, window, asked.scope).newest(LINES_AT_ONCE)[0]:
                key = (to_nanoseconds(line.time), line.service, line.body)
                if key not in seen:
                    seen.add(key)
                    if shown:
                        yield line
            since = max(since, lines.window.end - LINES_LATE)
            seen = {key for key in seen if key[0] >= to_nanoseconds(since)}
        shown = True
        wait()


def _window(holdings: Holdings, asked: Asked) -> Window:
    held = holdings.of(Signal.LOGS)
    if held is None or held.window is None:
        raise NoDataError("There are no logs to search.", hint="Load some: lastgood load PATH…")
    if asked.window is None or not held.window.overlaps(asked.window):
        return asked.window or held.window
    return cut(asked.window, held.window, asked.now)


def lines_of(store: Store, asked: Asked) -> Lines:
    """What is asked about, once every name in it is known; raises as `search` does."""
    chosen = asked.filter(store)
    holdings, reader = store.survey()
    window = _window(holdings, asked)
    check_services(asked.scope.services, holdings)
    check_query(asked.query, chosen, holdings, reader)
    return Lines(reader, chosen, window, asked.scope)
