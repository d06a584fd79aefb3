"""Load account: what came of each line of an input, what it holds, and what is shown of it."""

from collections import Counter
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from lastgood.algorithms.twice import Sample
from lastgood.decoding.input import Batch, Claim, Input, Reject, Tally
from lastgood.intake._registry import Source
from lastgood.model.clock import from_nanoseconds
from lastgood.model.loading import Loaded, Rejected
from lastgood.model.redaction import Redacted
from lastgood.model.window import Window

FIRST_REJECTS = 5
_TIMES = ("Timestamp", "TimeUnix")


@dataclass
class Account:
    """What an input held, counted while it is read: every line is an event, goes on with one, is blank or is rejected."""

    sample: Sample = field(default_factory=Sample)
    tally: Tally = field(default_factory=Tally)
    rejects: int = 0
    first: list[Rejected] = field(default_factory=list)
    rows: Counter[str] = field(default_factory=Counter)
    redacted: Counter[Redacted] = field(default_factory=Counter)
    services: set[str] = field(default_factory=set)
    low: int | None = None
    high: int | None = None

    @property
    def gap(self) -> str:
        """What is wrong with the account: lines that are not accounted for, or too many that are."""
        mine = self.tally
        taken = mine.events + mine.continuations + mine.blanks + self.rejects
        if taken == mine.lines:
            return ""
        return f"its account does not add up: {mine.lines} lines read, {taken} accounted for, a fault of Lastgood"

    def saw(self, item: Batch | Reject | Tally) -> None:
        """Count what was decoded."""
        match item:
            case Batch():
                self._saw_rows(item)
            case Tally():
                self._add(item)
            case Reject():
                self.rejects += 1
                if len(self.first) < FIRST_REJECTS:
                    self.first.append(Rejected(item.line, item.reason, item.text))

    def _saw_rows(self, batch: Batch) -> None:
        self.rows[batch.table.name] += batch.rows.num_rows
        self.sample.saw(batch.rows)
        names = batch.rows.column_names
        for column in ("ServiceName", "Service"):
            if column in names:
                self.services.update(s for s in pc.unique(batch.rows[column]).to_pylist() if s)
        for column in _TIMES:
            if column in names and batch.rows.num_rows:
                span = pc.min_max(batch.rows[column].cast(pa.int64()))
                low, high = span["min"].as_py(), span["max"].as_py()
                self.low = low if self.low is None else min(self.low, low)
                self.high = high if self.high is None else max(self.high, high)

    def _add(self, tally: Tally) -> None:
        mine = self.tally
        self.tally = Tally(
            mine.lines + tally.lines,
            mine.events + tally.events,
            mine.continuations + tally.continuations,
            mine.blanks + tally.blanks,
        )


def reported(given: Input, account: Account, chosen: tuple[Source, Claim] | None, problem: str) -> Loaded:
    """What is shown of an input: who reads it, its account, and what went wrong."""
    window = None
    if account.low is not None and account.high is not None:
        window = Window(from_nanoseconds(account.low), from_nanoseconds(account.high + 1000))
    return Loaded(
        name=given.name,
        source=chosen[0].name if chosen else "",
        format=chosen[1].format if chosen else "",
        because=chosen[1].because if chosen else "",
        lines=account.tally.lines,
        events=account.tally.events,
        continuations=account.tally.continuations,
        blanks=account.tally.blanks,
        rejects=account.rejects,
        first_rejects=tuple(account.first),
        services=tuple(sorted(account.services)),
        window=window,
        rows=dict(account.rows),
        redacted=dict(account.redacted),
        problem=problem,
        aside=given.aside,
    )
