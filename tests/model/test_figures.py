"""Figures: how numbers are written in a sentence."""

from datetime import UTC, datetime, timedelta, timezone
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood.model import figures


def plain(text: str) -> str:
    """With ordinary spaces."""
    return text.replace(figures.NBSP, " ")


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (0.0, "0 %"),
        (1.0, "100 %"),
        (0.049, "4.9 %"),
        (0.5, "50 %"),
        (0.0026, "0.26 %"),
        (0.9996, "99.96 %"),
        (0.00001, "under 0.01 %"),
        (0.99999, "over 99.99 %"),
    ],
)
def test_percent(share: float, expected: str) -> None:
    """One decimal, two near the ends; what is not all is not 100."""
    assert expected == plain(figures.percent(share))


@given(st.floats(0, 1, exclude_min=True, exclude_max=True))
def test_only_all_is_all(share: float) -> None:
    """Neither end is reached by rounding."""
    assert plain(figures.percent(share)) not in {"0 %", "100 %"}


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0.0, "0 s"),
        (1e-9, "1 ns"),
        (0.25, "250 ms"),
        (1.5, "1.5 s"),
        (60.0, "1 min"),
        (13_380.0, "3 h 43 min"),
        (86_400.0 * 12, "12 d"),
    ],
)
def test_duration(seconds: float, expected: str) -> None:
    """The largest unit, a second one only where it matters."""
    assert expected == plain(figures.duration(seconds))
    assert expected == plain(figures.nanoseconds(seconds * 1e9))


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (0.0, "", "0"),
        (0.012345, "", "0.0123"),
        (4.5, "GB", "4.5 GB"),
        (123.4, "", "123"),
        (9_876.0, "", "9 876"),
        (12_345.6, "ms", "12 346 ms"),
        (-0.5, "", "-0.5"),
    ],
)
def test_an_amount_has_three_digits(value: float, unit: str, expected: str) -> None:
    """And is whole where it is large."""
    assert expected == plain(figures.amount(value, unit))


@given(st.floats(-1e12, 1e12))
def test_an_amount_is_close(value: float) -> None:
    """Rounding to three digits loses at most half of the third; nothing is written with an exponent."""
    text = plain(figures.amount(value)).replace(" ", "")

    assert "e" not in text
    assert abs(float(text) - value) <= max(abs(value) * 0.005, 0.5 if abs(value) >= 10_000 else 0.0) + 1e-12


def test_counts_part_thousands() -> None:
    """One of a thing is singular."""
    assert "17 280 requests" == plain(figures.counted(17_280, "request"))
    assert "1 trace" == figures.counted(1, "trace").replace(figures.NBSP, " ")
    assert "2 cherries" == plain(figures.counted(2, "cherry", "cherries"))
    assert ["0.4", "9.5", "12", "1 204"] == [plain(figures.expected(n)) for n in (0.4, 9.5, 12.3, 1204.4)]


def test_ratios_quantiles_and_differences() -> None:
    """Two digits of a ratio below ten."""
    assert ["2.5 times", "0.33 times", "140 times"] == [
        plain(figures.multiple(n)) for n in (2.5, 1 / 3, 140.2)
    ]
    assert ["p50", "p95", "p99.9"] == [figures.quantile_name(n) for n in (0.5, 0.95, 0.999)]
    assert ["+5 points", "-1.2 points"] == [figures.points(n) for n in (0.05, -0.012)]


def test_times_are_in_utc() -> None:
    """With the date only where it is another day."""
    at = datetime(2026, 11, 20, 15, 45, 20, tzinfo=timezone(timedelta(hours=1)))

    assert "14:45:20" == figures.clock(at, at)
    assert "2026-11-20 14:45:20" == figures.clock(at, at + timedelta(days=1))
    assert "14:45 UTC" == figures.minute(at, at)
    assert "2026-11-20T14:45:20Z" == figures.stamp(at)
    assert figures.stamp(at) == figures.stamp(at.astimezone(UTC))


def test_a_lead_says_on_which_side() -> None:
    """Of the onset."""
    reported = [plain(figures.lead(timedelta(seconds=seconds))) for seconds in (240.0, -50.0, 0.4)]

    assert ["4 min before the onset", "50 s after the onset", "at the onset"] == reported


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (8.59, 10.2, "8.6 to 10 s"),
        (0.95, 1.13, "950 ms to 1.1 s"),
        (0.0401, 0.0404, "40 ms"),
        (55.0, 65.0, "55 s to 1 min 5 s"),
    ],
)
def test_a_duration_between_two(low: float, high: float, expected: str) -> None:
    """The unit stands once where both have it; what reads alike is one number."""
    assert expected == plain(figures.duration_between(low, high))


def test_a_ratio_to_nothing_has_a_figure() -> None:
    """Where none of the others is affected, an interval has no upper end."""
    assert ("∞", "-∞", "∞ times") == (figures.count(inf), figures.count(-inf), plain(figures.multiple(inf)))


@given(st.text("ab cé\u00a0", max_size=60), st.integers(4, 40))
def test_a_text_is_cut_at_a_word(text: str, most: int) -> None:
    """Never longer, and its words are whole, unless one alone is too long; figures keep their no-break spaces."""
    cut = figures.shortened(text, most)
    flat = " ".join(part for part in text.split(" ") if part)

    assert len(cut) <= most
    assert cut == flat or cut.endswith("…")
    if cut.endswith(" …"):
        assert set(cut[:-2].split(" ")) <= set(flat.split(" "))


def test_what_is_cut_says_so() -> None:
    """With an ellipsis after the last whole word; one word that is too long is cut."""
    assert "connection refused by …" == figures.shortened("connection refused by vault.internal:8200", 30)
    assert "connection refused" == figures.shortened("connection  refused\n", 18)
    assert "aaaaaaaa…" == figures.shortened("a" * 30, 9)


def test_a_minute_is_that_which_has_begun() -> None:
    """One law for every time that is shown in minutes: its last moment is of the same minute as its first."""
    first = datetime(2026, 11, 22, 14, 45, tzinfo=UTC)
    for seconds in (0, 29, 30, 59.999999):
        assert "14:45 UTC" == figures.minute(first + timedelta(seconds=seconds), first)
