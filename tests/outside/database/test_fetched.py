"""Rows within limits."""

from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from lastgood.outside.database.fetched import bounded, lines, too_costly, too_slow
from lastgood.outside.database.limits import Limits


@given(
    st.lists(st.tuples(st.text(max_size=50), st.integers()), max_size=30),
    st.integers(1, 40),
    st.integers(1, 500),
)
def test_no_answer_is_larger_than_its_limits(rows: list[tuple[str, int]], most: int, size: int) -> None:
    """In rows and bytes; and it is all of it, unless it says that it is cut off."""
    taken, cut = bounded(rows, Limits(rows=most, answer_bytes=size))

    assert len(taken) <= most
    assert sum(len(text.encode()) for text, _ in taken if isinstance(text, str)) <= size
    assert bool(cut) == (list(taken) != rows)


def test_values_become_those_of_json() -> None:
    """No digit of a decimal is lost, and bytes are only counted."""
    row = (Decimal("1.10"), b"abc", datetime(2026, 11, 22, tzinfo=UTC), None, True, 1.5)

    assert ((("1.10", "3 bytes", "2026-11-22T00:00:00+00:00", None, True, 1.5),), "") == bounded(
        [row], Limits()
    )


def test_a_limit_that_stopped_a_query_is_named() -> None:
    """With the option that raises it, or where to look."""
    assert ["a", "b"] == list(lines(ValueError("a\n\n b")))
    assert "--max-cost" in too_costly(2e6, 1e6, "rows").hint
    assert "--timeout" in too_slow(Limits()).hint
    assert "pg_locks" in too_slow(Limits(), waiting=True).hint
