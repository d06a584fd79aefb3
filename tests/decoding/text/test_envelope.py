"""Envelopes: what the inner line says wins, but for the time."""

from datetime import UTC, datetime

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


def test_a_guessed_outer_year_gives_way_to_the_inner_one() -> None:
    """Read years later: syslog's header has no year, the line within has one; an outer year that is stated stays."""
    now = Reference(UTC, int(datetime(2026, 11, 22, tzinfo=UTC).timestamp()) * 1_000_000_000)
    for line, wanted in (
        (
            "Nov 22 14:41:00 web-1 shop[7]: 2024-11-22 14:40:59 ERROR [main] shop.Cart - no stock",
            "2024-11-22T14:41:00",
        ),
        (
            "Jan  1 00:00:30 web-1 shop[7]: 2023-12-31 23:59:59 ERROR [main] shop.Cart - no stock",
            "2024-01-01T00:00:30",
        ),
        (
            "Nov 21 14:41:00 web-1 shop[7]: 2021-03-04 14:40:59 ERROR [main] shop.Cart - no stock",
            "2026-11-21T14:41:00",
        ),
        (f"2026-11-21T14:41:00Z stdout F {JSON}", "2026-11-21T14:41:00"),
        ("2025-06-23T16:13:32Z stdout F Jun 23 15:52:38 web-1 shop[7]: no stock", "2025-06-23T16:13:32"),
    ):
        lines = pa.array([line.encode()])
        plan = plan_of(lines, now)
        assert plan is not None
        (row,) = unwrapped(matched(lines, plan, now)[1], plan, now)[0].to_pylist()
        assert datetime.fromisoformat(f"{wanted}+00:00") == row["Timestamp"].to_pydatetime(
            warn=False
        ).astimezone(UTC)
