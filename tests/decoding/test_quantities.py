"""Quantities as programs print them."""

import hypothesis
import pytest
from hypothesis import strategies as st

from lastgood.decoding.quantities import quantity


@pytest.mark.parametrize(
    ("text", "of", "expected"),
    [
        ("410m", "", (0.41, "{cpu}")),
        ("612Mi", "", (612 * 2.0**20, "By")),
        ("1.5GiB", "", (1.5 * 2**30, "By")),
        ("1.2kB", "", (1200.0, "By")),
        ("8.5g", "By", (8.5 * 2**30, "By")),
        ("3.5k", "", (3500.0, "")),
        ("12%", "", (12.0, "%")),
        ("20 ms", "", (0.02, "s")),
        ("2m", "s", (120.0, "s")),
        ("1,234.5", "", (1234.5, "")),
        ("12,5", "", (12.5, "")),
        ("5 KB/s", "", (5000.0, "By/s")),
        ("120 reads/s", "", (120.0, "reads/s")),
        ("-3", "", (-3.0, "")),
        ("38C", "", (38.0, "Cel")),
    ],
)
def test_a_number_and_its_unit(text: str, of: str, expected: tuple[float, str]) -> None:
    """In bytes, seconds, processors, percent, or as it is written."""
    assert expected == quantity(text, of)


@pytest.mark.parametrize(
    "text", ["", "abc", "cart-1", "3f2a9c", "10.0.0.1", "2026-11-10", "12:30", "4 active", "e041", "%", "nan"]
)
def test_what_is_no_quantity(text: str) -> None:
    """Names, addresses, times, and a number with a word that is no unit."""
    assert None is quantity(text)


@hypothesis.given(st.text(max_size=40))
def test_any_text_is_a_quantity_or_none(text: str) -> None:
    """It never fails."""
    quantity(text)
