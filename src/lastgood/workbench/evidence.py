"""Evidence: what a claim rested on, kept as it was, and asked again to say what differs now."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from lastgood.algorithms.json_text import json_text
from lastgood.errors import UsageError
from lastgood.incidents.record import Record
from lastgood.model.entry import Entry, Frozen
from lastgood.model.evidence import Provenance
from lastgood.model.finding import Finding
from lastgood.telemetry.reader import Rows
from lastgood.workbench.room import Room, refuse_foreign
from lastgood.workbench.store import Store

MOST_ROWS = 10_000  # of a piece of evidence; what is beyond is left out and said to be


@dataclass(frozen=True, slots=True)
class Kept:
    """The rows of a piece of evidence as they were, and the entry that cites them."""

    entry: Entry
    frozen: Frozen
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True, slots=True)
class Rerun:
    """The same query now: rows that it no longer gives, and rows that it did not give then."""

    kept: Kept
    columns: tuple[str, ...]
    gone: tuple[tuple[Any, ...], ...]
    new: tuple[tuple[Any, ...], ...]
    same: int


def frozen(record: Record, rows: Rows, claim: str, question: str, name: str = "") -> Frozen:
    """The entry of what a claim rests on; its rows are kept beside the record's entries."""
    columns, values = _values(rows)
    content = json_text({"columns": columns, "rows": values[:MOST_ROWS]})
    asked = rows.provenance
    return Frozen(
        claim=claim,
        question=question,
        sql=asked.sql,
        parameters={name: _json(value) for name, value in asked.parameters.items()},
        window=asked.window,
        rows=len(values),
        cut_off=asked.cut_off or len(values) > MOST_ROWS,
        content=record.keep(content),
        name=name,
    )


@dataclass(slots=True)
class Seen:
    """The rows that were read while questions were asked, to be kept with what is claimed from them."""

    rows: dict[str, Rows] = field(default_factory=dict)

    def __call__(self, rows: Rows) -> None:
        """Take note of rows: what a store is watched with."""
        self.rows[_name(rows.provenance)] = rows

    def cite(self, room: Room, finding: Finding, claim: str = "", question: str = "") -> None:
        """Record what a finding rests on, under its reason and its question; what two rest on is kept once."""
        for one in finding.evidence:
            rows = self.rows.pop(_name(one.provenance), None)
            if rows is not None:
                asked = question or finding.question
                room.append(frozen(room.record, rows, claim or finding.because, asked, finding.name))


def _name(provenance: Provenance) -> str:
    """What tells one query from another."""
    return f"{provenance.sql}\0{sorted(provenance.parameters.items())}"


def kept(room: Room, sequence: int) -> Kept:
    """The evidence at an entry, its rows checked against their hash.

    Raises:
        UsageError: the entry is no evidence; says which are.
        RecordBrokenError: the rows are not what was kept.
    """
    cited = {entry.sequence: entry for entry in room.entries if isinstance(entry.payload, Frozen)}
    entry = cited.get(sequence)
    if entry is None or not isinstance(entry.payload, Frozen):
        numbers = ", ".join(map(str, cited))
        raise UsageError(
            f"Entry {sequence} of incident {room.number} is not evidence.",
            hint=f"Evidence has the numbers {numbers}." if cited else "There is none yet.",
        )
    content = orjson.loads(room.record.kept(entry.payload.content))
    return Kept(entry, entry.payload, tuple(content["columns"]), tuple(map(tuple, content["rows"])))


def all_saved(room: Room) -> tuple[Kept, ...]:
    """Every piece of evidence of an incident, in the order of the record.

    Raises:
        RecordBrokenError: the rows of one are not what was kept.
    """
    return tuple(kept(room, entry.sequence) for entry in room.entries if isinstance(entry.payload, Frozen))


def rerun(room: Room, store: Store, sequence: int, *, trust_case: bool = False) -> Rerun:
    """The same query over what the store holds now, beside the rows that were kept.

    It runs as SQL that a user typed does: a record may come from elsewhere.

    Raises:
        UsageError: the entry is no evidence, or was not asked of the telemetry.
        UntrustedCaseError: the query came in with a case that is not trusted.
        QuerySyntaxError, QueryFailedError: the query is not one that may run, or does not run here.
    """
    then = kept(room, sequence)
    if then.frozen.asked_of:
        raise UsageError(
            f"Entry {sequence} was asked of {then.frozen.asked_of}, not of the telemetry.",
            hint=f"Ask it again: {then.frozen.question}",
        )
    if not trust_case:
        refuse_foreign(room, {sequence: then.frozen.sql}, "Its SQL")
    _, reader = store.survey()
    columns, now = _values(reader.again(then.frozen.sql, then.frozen.parameters, then.frozen.window))
    was, are = _counted(then.columns, then.rows), _counted(columns, now)
    return Rerun(
        kept=then,
        columns=columns,
        gone=_uncounted(was - are),
        new=_uncounted(are - was),
        same=(was & are).total(),
    )


def _values(rows: Rows) -> tuple[tuple[str, ...], list[list[Any]]]:
    """Column names, and the rows as JSON has them."""
    columns = tuple(rows.table.column_names)
    return columns, [[_json(row[name]) for name in columns] for row in rows.dicts()]


def _json(value: Any) -> Any:
    """A value as it is after being written as JSON and read again."""
    try:
        written = orjson.dumps(value, default=_text, option=orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS)
    except (TypeError, RecursionError):  # a number of more than 64 bits, text that is none
        written = json_text(value)
    return orjson.loads(written)


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _counted(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Counter[bytes]:
    """Rows with their number, whatever their order: a query need not promise one."""
    named: Mapping[str, int] = {name: place for place, name in enumerate(columns)}
    order = [named[name] for name in sorted(named)]
    return Counter(json_text([row[place] for place in order]) for row in rows)


def _uncounted(rows: Counter[bytes]) -> tuple[tuple[Any, ...], ...]:
    return tuple(tuple(orjson.loads(row)) for row in sorted(rows.elements()))
