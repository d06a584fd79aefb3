"""Amounts are read as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood.algorithms.diffs.amounts import amount
from lastgood.algorithms.metric_meaning import words


@pytest.mark.parametrize(
    ("text", "name", "wanted"),
    [
        ("30s", "timeout", "30 s"), ("24h", "ttl", "86400 s"), ("500", "timeout_ms", "0.5 s"), ("60 * 60", "ttl_seconds", "3600 s"),
        ("5*time.Second", "WithTimeout", "5 s"), ("Duration.ofMinutes(2)", "timeout", "120 s"), ("timedelta(hours=1)", "ttl", "3600 s"),
        ("Duration::from_millis(20)", "timeout", "0.02 s"), ("TimeSpan.FromSeconds(3)", "timeout", "3 s"), ("5.minutes", "expires_in", "300 s"),
        ("PT30S", "timeout", "30 s"), ("512Mi", "memory", "5.36871e+08 By"), ("1g", "Xmx", "1e+09 By"), ("512m", "Xmx", "5.12e+08 By"),
        ("250m", "cpu", "0.25"), ("20%", "rollout", "0.2 share"), ("5_000", "max", "5000"), ('"50"', "pool", "50"), ("-1", "limit", "-1"),
    ],
)  # fmt: skip
def test_an_amount_has_its_unit(text: str, name: str, wanted: str) -> None:
    """Written with the value, or reported by the name."""
    assert wanted == str(amount(text, words(name)))


def test_what_is_no_amount_is_none() -> None:
    """A word, nothing, a number beyond all numbers."""
    assert [None, None, None] == [amount("fast"), amount(""), amount("9" * 400)]


@given(st.text(), st.lists(st.text(), max_size=2))
def test_no_text_stops_it(text: str, name: list[str]) -> None:
    """An amount is finite, or there is none."""
    found = amount(text, name)

    assert found is None or abs(found.value) < float("inf")
