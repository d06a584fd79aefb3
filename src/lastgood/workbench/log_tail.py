"""Log tail: matching lines as they come into the store, each once, by looks that cost a bounded amount."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from lastgood.errors import BudgetError
from lastgood.model.clock import Clock, to_nanoseconds
from lastgood.model.signal import Signal
from lastgood.model.window import Window
from lastgood.readings.views.lines import Lines, LogLine
from lastgood.telemetry.reader import Budget
from lastgood.workbench.known import check_query
from lastgood.workbench.logs import Asked
from lastgood.workbench.service import Service
from lastgood.workbench.store import Store

# Of one look: anyone may tail anything, for as long as a page is open.
LOOKING = Budget(seconds=5, rows=1_000, bytes_read=1_000_000_000)
# Senders collect lines before they send, and their clocks differ: a line may have a time so far from now.
OFF_BY = timedelta(minutes=1)
MOST_NEW = 200


@dataclass(slots=True)
class LogTail:
    """The lines of a query that are new since the last look; the first look gives those of the last minute.

    A look finds the newest `MOST_NEW` lines of the last minute. More at once are left out.
    """

    store: Store
    asked: Asked
    clock: Clock
    after: datetime | None = None  # lines up to then were shown before
    _seen: set[tuple[int, str, str]] = field(default_factory=set)
    _looked: bool = False

    def look(self) -> tuple[tuple[LogLine, ...], bool]:
        """New lines, oldest first, and whether others were left out because too many came at once.

        Raises:
            BudgetError: the look would cost more than it may.
        """
        holdings, reader = self.store.survey()
        if Signal.LOGS not in holdings.signals:
            self.store = replace(self.store, known=None).surveyed()
            return (), False
        now = self.clock()
        lines = Lines(
            reader, self.asked.filter(self.store), Window(now - OFF_BY, now + OFF_BY), self.asked.scope
        )
        found, _ = lines.newest(MOST_NEW)
        new = tuple(self._new(found))
        cut = self._looked and len(new) == MOST_NEW
        # What is no longer among the newest does not come back: newer ones are never taken away.
        self._seen, self._looked = {_key(line) for line in found}, True
        return new, cut

    def _new(self, found: tuple[LogLine, ...]) -> Iterator[LogLine]:
        for line in found:
            again = not self._looked and self.after is not None and line.time <= self.after
            if not again and _key(line) not in self._seen:
                yield line


def _key(line: LogLine) -> tuple[int, str, str]:
    return to_nanoseconds(line.time), line.service, line.body


def tail_of(service: Service, query: str, after: datetime | None = None) -> LogTail:
    """A tail of what comes in from now on.

    Raises:
        QuerySyntaxError: the query cannot be parsed, or names a field or service that nothing has.
    """
    store = replace(service.store.surveyed(), reading=LOOKING)
    asked = Asked(query, service.clock(), service.config.zone)
    holdings, reader = store.survey()
    chosen = asked.filter(store)
    with suppress(BudgetError):  # too many lines to know every field of them: it is followed unchecked
        check_query(query, chosen, holdings, reader)
    return LogTail(store, asked, service.clock, after)
