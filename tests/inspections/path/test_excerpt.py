"""A trace as a tree: children below their parents, in order of time, and nothing lost to a missing parent."""

from typing import Any

from cases import case_of
from lastgood.inspections.path.excerpt import excerpt, nested
from lastgood.inspections.path.weights import SPANS_SHOWN
from lastgood.telemetry.tables import SPANS
from lastgood.workbench.store import Store
from telemetry.rows import START, times
from worlds import put


def span(span_id: str, parent: str, failed: int = 0) -> dict[str, Any]:
    """A line of the query's answer."""
    return {"span_id": span_id, "parent_id": parent, "service": span_id, "name": "GET", "ms": 2.0, "failed": failed}  # fmt: skip


def test_children_stand_below_their_parents() -> None:
    """Bank is below payments, though cart began before it."""
    rows = [span("web", ""), span("payments", "web"), span("cart", "web"), span("bank", "payments", 1)]

    assert [(0, "web"), (1, "payments"), (2, "bank"), (1, "cart")] == [
        reported[:2] for reported in nested(rows)
    ]
    assert nested(rows)[2][4]


def test_a_span_whose_parent_is_not_there_is_a_root() -> None:
    """The caller was not sampled; two spans with the same id are one."""
    rows = [span("cart", "gone"), span("cart", "gone"), span("loop", "loop")]

    assert [(0, "cart"), (0, "loop")] == [reported[:2] for reported in nested(rows)]


def test_a_tree_has_a_bound(store: Store) -> None:
    """SPANS_SHOWN of a trace with one span more."""
    ids = [f"{n:016x}" for n in range(1, SPANS_SHOWN + 2)]
    columns = {"Timestamp": times([START] * len(ids)), "TraceId": ["f" * 32] * len(ids), "SpanId": ids}
    put(store, SPANS, columns, "a tree")

    (found,) = excerpt(case_of(store, None), "f" * 32)

    assert SPANS_SHOWN == len(found.spans)
