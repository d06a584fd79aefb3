"""Bodies: what a whole event's text tells: ids in the message, the exception of a stack trace."""

import re
from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lastgood.decoding.text.events import (
    column,
    maps_at,
    maps_of_columns,
    merged_maps,
    spread_maps,
    with_column,
)
from lastgood.decoding.text.plan import Format
from lastgood.decoding.text.raised import exception_of

TAIL_LIMIT = 256 * 1024  # bytes of continuation lines that one event keeps

# One quick search for any of them; most texts cost no more than that.
_ANY_ID = r"(?i)(?:trace|span|request|req|correlation)[ _.-]?id|\breq-[0-9a-f]"
_IDS = (
    (
        "TraceId",
        r"(?i:\btrace[ _.-]?id)[\"'\]]?\s{0,2}[=: ]\s{0,2}[\"'\[]?(?P<id>[0-9a-fA-F]{32}|[0-9a-fA-F]{16})\b",
    ),
    ("SpanId", r"(?i:\bspan[ _.-]?id)[\"'\]]?\s{0,2}[=: ]\s{0,2}[\"'\[]?(?P<id>[0-9a-fA-F]{16})\b"),
)
_REQUEST_IDS = (
    r"(?i:\b(?:x-)?(?:request|req|correlation)[ _.-]?id)[\"'\]]?\s{0,2}[=:]\s{0,2}[\"'\[]?(?P<id>[0-9A-Za-z][\w-]{3,63})",
    r"\b(?P<id>req-[0-9a-f]{4,}(?:-[0-9a-f]{4,})*)\b",
)

_PACKET = r"\bIN=\S* OUT=\S* (?:\S+ )*?SRC=\S+ DST=\S+ "
_FIELD = re.compile(r"\b([A-Z][A-Z0-9]*)=([^\s\]]+)")


class Tail:
    """The lines that continue one event, up to TAIL_LIMIT bytes, and how many more there were."""

    __slots__ = ("_kept", "_lost")

    def __init__(self, text: bytes = b"") -> None:
        self._kept = bytearray()
        self._lost = 0
        if text:
            self.add(text)

    def add(self, text: bytes) -> None:
        """Take in one or several lines."""
        whole = b"\n" + text
        room = max(0, TAIL_LIMIT - len(self._kept))
        self._kept += whole[:room]
        self._lost += max(0, len(whole) - room)

    @property
    def text(self) -> str:
        """The lines, each after a newline."""
        note = f"\n… [{self._lost} more bytes of this event were cut]" if self._lost else ""
        return self._kept.decode("utf-8", "ignore") + note


def with_tails(table: pa.Table, tails: Mapping[int, Tail]) -> pa.Table:
    """The events with the lines that continue them, and the exceptions that those lines tell of."""
    if not tails:
        return table
    rows = sorted(tails)
    bodies = column(table, "Body")
    joined = [
        f"{body}{tails[row].text}".lstrip("\n")
        for row, body in zip(rows, bodies.take(pa.array(rows)).to_pylist(), strict=True)
    ]
    mask = np.zeros(len(table), np.bool_)
    mask[rows] = True
    table = with_column(
        table, "Body", pc.replace_with_mask(bodies, pa.array(mask), pa.array(joined, pa.string()))
    )
    reported = maps_at(rows, [exception_of(text) for text in joined], len(table))
    return with_column(table, "LogAttributes", merged_maps(column(table, "LogAttributes"), reported))


def with_details(table: pa.Table, found: Format) -> pa.Table:
    """The events with what the format finds in their whole text."""
    if not found.details:
        return table
    reported = found.detailed(column(table, "Body"))
    return with_column(table, "LogAttributes", merged_maps(column(table, "LogAttributes"), reported))


def with_ids(table: pa.Table) -> pa.Table:
    """The events with trace, span and request ids that stand in their bodies and nowhere else."""
    bodies = column(table, "Body")
    mask = pc.match_substring_regex(bodies, _ANY_ID)
    rows = np.flatnonzero(mask.to_numpy(zero_copy_only=False))
    if not len(rows):
        return table
    some = bodies.take(pa.array(rows))
    for name, regex in _IDS:
        known = column(table, name)
        mine = known.take(pa.array(rows))
        found = pc.if_else(pc.equal(mine, ""), pc.utf8_lower(_found(some, regex)), mine)
        table = with_column(table, name, pc.replace_with_mask(known, mask, found))
    requests = [_found(some, regex) for regex in _REQUEST_IDS]
    first = pc.if_else(pc.equal(requests[0], ""), requests[1], requests[0])
    reported = spread_maps(maps_of_columns({"request.id": first}, len(some)), rows, len(table))
    return with_column(table, "LogAttributes", merged_maps(column(table, "LogAttributes"), reported))


def with_packets(table: pa.Table) -> pa.Table:
    """The events with the pairs of packets that netfilter logs: `IN=eth0 OUT= SRC=192.0.2.7 DST=… PROTO=TCP`."""
    bodies = column(table, "Body")
    rows = np.flatnonzero(pc.match_substring_regex(bodies, _PACKET).to_numpy(zero_copy_only=False))
    if not len(rows):
        return table
    pairs = [dict(reversed(_FIELD.findall(text))) for text in bodies.take(pa.array(rows)).to_pylist()]
    found = maps_at(rows.tolist(), pairs, len(table))
    return with_column(table, "LogAttributes", merged_maps(column(table, "LogAttributes"), found))


def _found(texts: pa.Array, regex: str) -> pa.Array:
    return pc.fill_null(pc.extract_regex(texts, regex).field(0), "")
