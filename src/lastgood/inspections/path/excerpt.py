"""One trace as evidence: its spans as a tree, for whoever wants to see a failing request."""

from collections import defaultdict
from typing import Any

from lastgood.inspections.path.weights import SPANS_SHOWN
from lastgood.model.evidence import TraceExcerpt
from lastgood.readings.case import Case

EXCERPT_SPANS = """
SELECT span_id, parent_id, service, name, duration_ns / 1e6 AS ms, failed FROM lg_spans
WHERE trace_id = {id:String} ORDER BY ts, span_id LIMIT {most:UInt64}"""


def excerpt(case: Case, trace_id: str) -> tuple[TraceExcerpt, ...]:
    """The trace as evidence; nothing when there is no such trace."""
    read = case.query(EXCERPT_SPANS, id=trace_id, most=SPANS_SHOWN) if trace_id else None
    if read is None or not len(read):
        return ()
    return (TraceExcerpt(trace_id, tuple(nested(read.dicts())), read.provenance),)


def nested(rows: list[dict[str, Any]]) -> list[tuple[int, str, str, float, bool]]:
    """Depth, service, name, milliseconds and failure of each span, children below their parents.

    Spans whose parent is not there are roots.
    """
    known = {row["span_id"] for row in rows}
    below: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        below[row["parent_id"] if row["parent_id"] in known - {row["span_id"]} else ""].append(row)
    found = []
    seen: set[str] = set()
    waiting = [(0, row) for row in reversed(below[""])]
    while waiting:
        depth, row = waiting.pop()
        if row["span_id"] in seen:
            continue
        seen.add(row["span_id"])
        found.append((depth, row["service"], row["name"], float(row["ms"]), bool(row["failed"])))
        waiting += [(depth + 1, child) for child in reversed(below[row["span_id"]])]
    return found
