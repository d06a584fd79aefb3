"""PostgreSQL's csvlog and that of its relatives: no header, quoted fields over many lines, the level in a column of its own.

The columns are those of the manual (postgresql.org, csvlog): later versions added some at the end. Greenplum has others between.
The client's application is no service of these lines: the database wrote them.
"""

import csv
import io
import re
from collections.abc import Sequence
from datetime import UTC
from functools import lru_cache

from lastgood.algorithms.json_text import json_text
from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.input import HEAD, Claim, Decoded, Input, Settings, Tally
from lastgood.decoding.tables.records import Form, blocks
from lastgood.decoding.text.decoder import decoder_for
from lastgood.decoding.text.envelope import planned
from lastgood.decoding.text.lines import block_of, clean
from lastgood.decoding.text.plan import Plan
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal

_ANY_TIME = Reference(UTC, 4_102_444_800_000_000_000)
_SAMPLE = 50  # records
_FIRST = re.compile(rb'\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)? [\w+:-]+,(?:"(?:[^"]|"")*"|[^,"\n]*),')
_LEVEL = re.compile(r"DEBUG[1-5]|INFO|NOTICE|WARNING|ERROR|LOG|FATAL|PANIC")
# What each column holds, by the names that its values are read under.
_POSTGRESQL = tuple(
    "timestamp db.user db.namespace process.pid client.address session.id session.line db.operation.name session.started"
    " db.transaction.virtual db.transaction error_severity sqlstate message detail hint db.query.internal"
    " db.query.internal.position context db.query.text db.query.position code.location client.name backend.type"
    " backend.leader db.query.id".split()
)  # fmt: skip
_GREENPLUM = tuple(
    "timestamp db.user db.namespace process.pid thread.id client.address client.port session.started db.transaction session.id"
    " command segment slice db.transaction.distributed db.transaction.local subtransaction error_severity sqlstate message detail"
    " hint db.query.internal db.query.internal.position context db.query.text db.query.position code.function code.file.path"
    " code.line.number stack".split()
)  # fmt: skip
_OLDEST = 22  # columns, of version 8.4
_SHOWN = {
    "detail": "DETAIL",
    "hint": "HINT",
    "context": "CONTEXT",
    "db.query.text": "STATEMENT",
}  # below the message


def recognise(given: Input) -> Claim | None:
    """Records without a header that begin with a time and have a level of PostgreSQL in the right column."""
    found = _look(given.head)
    if found is None:
        return None
    names, plan, told = found
    which = "Greenplum" if "segment" in names else "PostgreSQL"
    return Claim(
        f"{which} csvlog", 0.97 * plan.share, f"{told} records have a time first and a level of {which}"
    )


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """The records as events; what belongs to a message stands below it."""
    del claim
    found = _look(given.head)
    if found is None:
        return
    names, plan, _ = found
    decoder = decoder_for(given, plan, settings)
    with given.open() as stream:
        for block in blocks(stream, Form("csv", ",", header_rows=0, columns=names)):
            if len(block):
                rows = zip(*(block.columns[name] for name in names), strict=True)
                yield from decoder.read(block_of(_lines(names, rows), block.places[0]))
            yield from block.rejects
            yield Tally(block.lines - len(block), 0, block.continuations, block.blanks)
    yield from decoder.end()


@lru_cache(maxsize=2)
def _look(head: bytes) -> tuple[tuple[str, ...], Plan, int] | None:
    if not _FIRST.match(head.removeprefix(b"\xef\xbb\xbf")):
        return None
    text = head.decode("utf-8-sig", "replace")
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline="")):
            rows.append(row)
            if len(rows) > _SAMPLE:
                break
    except csv.Error:
        return None
    if len(rows) > 1 and len(head) == HEAD:
        rows.pop()  # it may be cut
    for names in (_POSTGRESQL, _GREENPLUM):
        at = names.index("error_severity")
        fitting = [row for row in rows if len(row) >= _OLDEST and _LEVEL.fullmatch(row[at])]
        if fitting and len(fitting) >= 0.8 * len(rows):
            width = min(len(fitting[0]), len(names))
            alike = [row for row in fitting if len(row) == width]
            plan = planned(block_of(_lines(names[:width], alike)).lines, _ANY_TIME)
            return (names[:width], plan, len(fitting)) if plan else None
    return None


def _lines(names: Sequence[str], rows: "Sequence[Sequence[str]] | zip[tuple[str, ...]]") -> bytes:
    return clean(b"".join(json_text(_event(dict(zip(names, row, strict=True)))) + b"\n" for row in rows))


def _event(values: dict[str, str]) -> dict[str, str]:
    row = {name: text for name, text in values.items() if text}
    below = "".join(f"\n{word}:  {row[name]}" for name, word in _SHOWN.items() if name in row)
    row["message"] = row.get("message", "") + below
    client = row.get("client.address", "")
    if re.fullmatch(r"[^:]+:\d+", client):
        row["client.address"], _, row["client.port"] = client.rpartition(":")
    row["service.name"] = "greenplum" if "segment" in values else "postgresql"
    return row


SOURCE = Source("database_csv", frozenset({Signal.LOGS}), recognise, decode)
