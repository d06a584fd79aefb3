"""Envelopes: what the inner line says wins, but for the time."""

from datetime import UTC

import pyarrow as pa

from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.text.envelope import matched, unwrapped
from lastgood.decoding.text.plan import plan_of

REFERENCE = Reference(UTC, 4_102_444_800_000_000_000)
JSON = '{"level":"error","msg":"no stock","service":"cart","time":"2026-11-22T14:40:00Z"}'


def test_only_the_rows_that_hold_a_line_are_opened() -> None:
    """The plain one keeps its text; the order stays."""
    lines = pa.array(
        [f"Nov 22 14:41:0{n} web-1 docker: {text}".encode() for n, text in enumerate(("plain", JSON, "also"))]
    )
    plan = plan_of(lines, REFERENCE)
    assert plan is not None
    mask, outer = matched(lines, plan, REFERENCE)
    table, _ = unwrapped(outer, plan, REFERENCE)
    rows = table.to_pylist()

    assert mask.all()
    assert ["plain", "no stock", "also"] == [row["Body"] for row in rows]
    assert ["docker", "cart", "docker"] == [row["ServiceName"] for row in rows]
    assert [0, 17, 0] == [row["SeverityNumber"] for row in rows]
    assert rows[0]["Timestamp"].second + 1 == rows[1]["Timestamp"].second


def test_an_inner_time_that_differs_is_kept() -> None:
    """The outside stamped it a minute later."""
    lines = pa.array([f"2026-11-22T14:41:00Z stdout F {JSON}".encode()])
    plan = plan_of(lines, REFERENCE)
    assert plan is not None
    table, held = unwrapped(matched(lines, plan, REFERENCE)[1], plan, REFERENCE)
    (row,) = table.to_pylist()

    assert held.all()
    assert 41 == row["Timestamp"].minute
    assert "2026-11-22T14:40:00" in dict(row["LogAttributes"])["log.time"]


def test_a_message_over_lines_is_read_by_its_first() -> None:
    """What is below it stays with it, and tells the exception."""
    text = r"2026-11-22 14:41:00,123 ERROR [main] shop.Cart - no stock\njava.io.IOException: gone\n\tat shop.Cart.go(Cart.java:7)\n"
    lines = pa.array([f'{{"time":"2026-11-22T14:41:00Z","log":"{text}"}}'.encode()] * 3)
    plan = plan_of(lines, REFERENCE)
    assert plan is not None
    table, held = unwrapped(matched(lines, plan, REFERENCE)[1], plan, REFERENCE)
    row = table.to_pylist()[0]

    assert held.all()
    assert row["SeverityNumber"] == 17
    assert row["ScopeName"] == "shop.Cart"
    assert row["Body"] == "no stock\njava.io.IOException: gone\n\tat shop.Cart.go(Cart.java:7)"
    assert dict(row["LogAttributes"])["exception.type"] == "java.io.IOException"
