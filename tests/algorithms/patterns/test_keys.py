"""Keys: messages that differ in values only have one key."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood.algorithms.patterns.keys import CUT, MAX_TOKENS, fold_repeats, key_of, kind_of_symbol, squeeze
from lastgood.algorithms.patterns.tokens import Kind


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("took 7 ms", "took 1234.5 s"),
        ("free: 12 KB of disk", "free: 7 MB of disk"),
        ("shift by -3 pages", "shift by 12 pages"),
        ("logname= uid=0 user=ann", "logname=eve uid=17 user=bob"),
        ('open name="my file" ok', 'open name="yours" ok'),
        ("state=Idle{for 3s} next", "state=Busy(job) next"),
        ("sent blk_-123 away", "sent blk_9 away"),
        ("sizes 1, 2, 3 read", "sizes 4, 5 read"),
        ("host a-7.b.example.net down", "host 10.0.0.1 down"),
        ("call () done", "call (7) done"),
        ("login for root refused", "login for 1001 refused"),
        ("p: [id 1 at 2] [id 3 at 4] end", "p: [id 5 at 6] [id 7 at 8] [id 9 at 10] end"),
    ],
)
def test_values_make_no_difference(one: str, other: str) -> None:
    """Numbers, units, signs, empty values, lists and hosts are values."""
    assert key_of(one) == key_of(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("connection opened", "connection closed"),
        ("link eth0 up", "port L3 up"),
        ("a=1 failed", "b=1 failed"),
        ("GET done", "PUT done"),
    ],
)
def test_words_do(one: str, other: str) -> None:
    """Words, and names of fields, tell messages apart."""
    assert key_of(one) != key_of(other)


def test_short_numbers_inside_words_become_one_sign() -> None:
    """eth0 and eth1 are one symbol already; merging decides about eth and wlan."""
    assert ("link", "eth#", "up") == key_of("link eth0 up")


def test_symbols_have_kinds() -> None:
    """The kind is read off the symbol, so that keys are plain text."""
    kinds = [kind_of_symbol(symbol) for symbol in ("<*>", "eth#", "a.b.c", "word", "#")]
    assert [Kind.VALUE, Kind.CODED, Kind.DOTTED, Kind.WORD, Kind.MARK] == kinds


def test_long_messages_are_cut_and_say_so() -> None:
    """A key has MAX_TOKENS symbols and a sign at most."""
    key = key_of(" ".join(f"word{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(500)))
    assert (MAX_TOKENS + 1, CUT) == (len(key), key[-1])


@given(st.lists(st.sampled_from(["<*>", "a", "b", ",", " ", ":", "(", ")"]), max_size=30))
def test_squeezing_again_changes_nothing(symbols: list[str]) -> None:
    """No two values stand side by side, and doing it twice is doing it once."""
    once = squeeze(symbols)
    assert once == squeeze(once)
    assert ("<*>", "<*>") not in set(pairwise(once))


@given(st.lists(st.sampled_from(["<*>", "a", "b", "="]), max_size=40))
def test_folding_never_adds(key: list[str]) -> None:
    """A folded key is no longer, and has the same symbols."""
    folded = fold_repeats(key)
    assert len(folded) <= len(key)
    assert set(folded) == set(key)


@given(st.text())
def test_no_text_is_without_a_key(text: str) -> None:
    """Any text has a key of bounded length without empty symbols."""
    key = key_of(text)
    assert len(key) <= MAX_TOKENS + 1
    assert all(key)
