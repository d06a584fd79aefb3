"""Missed pieces: the instrumentation that an incident of the record lacked, as far as its answer and its evidence show.

A piece counts only if every kept answer to its question lacks it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson

from lastgood.errors import RecordBrokenError
from lastgood.incidents.record import Record
from lastgood.incidents.state import incident_of
from lastgood.model.action import ActionBegun
from lastgood.model.entry import Entry, Frozen, Mitigated, Resolved, Triaged
from lastgood.model.readiness import Piece
from lastgood.readings.rollback import VERSIONS
from lastgood.readings.views.instrumentation import HEALTH_PATH

Rows = Sequence[Mapping[str, Any]]

# No record shows them: which services sent no spans, which flips were not reported, whether spans named their instance,
# whether orders had a value, and how late telemetry arrived.
NEVER_ON_RECORD = frozenset({Piece.SPANS, Piece.INSTANCES, Piece.FLAGS, Piece.VALUES, Piece.ARRIVAL})
_OFF = "flag_off"
_BY_FLAG = re.compile(r"\b(flag|toggle|switch|switched)\b", re.IGNORECASE)


def missed(record: Record, entries: Sequence[Entry]) -> tuple[Piece, ...]:
    """What the last answer that saw users affected lacked; nothing where none did."""
    said = incident_of(entries).confirmed
    if said is None:
        return ()
    evidence = [one for entry in entries if isinstance(one := entry.payload, Frozen)]
    return (
        *_unanswered(said),
        *_metrics(_document(record, said)),
        *_of_lines([_rows(record, one) for one in evidence if "shape" in one.sql]),
        *_versions(evidence),
        *_health([_rows(record, one) for one in evidence if "operation, phase, bin" in one.sql], said),
        *_switch(entries),
    )


def _unanswered(said: Triaged) -> Iterator[Piece]:
    if said.impact is not None and said.impact.users is None:
        yield Piece.USERS
    if said.path is None:
        yield Piece.TRACES
    if not said.changes:
        yield Piece.DEPLOYS
    if not said.symptoms:
        yield Piece.LINES


def _metrics(document: Mapping[str, Any]) -> Iterator[Piece]:
    """Metrics, where the answer shows errors and no saturation of any resource."""
    signals = document.get("signals")
    if signals and signals.get("saturation") is None:
        yield Piece.METRICS


def _of_lines(kept: Iterable[Rows]) -> Iterator[Piece]:
    """Levels and trace ids, where lines were found and none of them has one."""
    lines = [row for rows in kept for row in rows]
    for piece, column in ((Piece.LEVELS, "level"), (Piece.TRACE_IDS, "trace")):
        values = [row[column] for row in lines if column in row]
        if values and not any(values):
            yield piece


def _versions(evidence: Iterable[Frozen]) -> Iterator[Piece]:
    """Versions, where the service to be rolled back was looked at and named none."""
    looked = [one.rows for one in evidence if VERSIONS.strip() in one.sql]
    if looked and not any(looked):
        yield Piece.VERSIONS


def _health(kept: Iterable[Rows], said: Triaged) -> Iterator[Piece]:
    """Health checks, where those of a suspected service all passed while it failed."""
    suspected = {one.service for one in said.culprits}
    checks = [
        row
        for rows in kept
        for row in rows
        if row["service"] in suspected and row["phase"] == "bad" and re.search(HEALTH_PATH, row["operation"])
    ]
    if checks and not any(row["failures"] for row in checks):
        yield Piece.HEALTH


def _switch(entries: Iterable[Entry]) -> Iterator[Piece]:
    """A kill switch, where actions were taken and neither they nor what ended it was a flag."""
    begun, words = set(), ""
    for entry in entries:
        match entry.payload:
            case ActionBegun(what=what):
                begun.add(what)
            case Mitigated(text) | Resolved(text):
                words += f" {text}"
            case _:
                pass
    if begun and _OFF not in begun and not _BY_FLAG.search(words):
        yield Piece.SWITCHES


def _document(record: Record, said: Triaged) -> Mapping[str, Any]:
    found = _content(record, said.document)
    return found if isinstance(found, dict) else {}


def _rows(record: Record, one: Frozen) -> Rows:
    found = _content(record, one.content)
    return [dict(zip(found["columns"], row, strict=True)) for row in found["rows"]] if found else []


def _content(record: Record, name: str) -> Any:
    try:
        return orjson.loads(record.kept(name))
    except RecordBrokenError:  # a damaged content: what the rest says still counts
        return None
