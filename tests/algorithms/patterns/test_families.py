"""Families: patterns that differ in one word."""

from lastgood.algorithms.patterns.families import families
from lastgood.algorithms.patterns.keys import key_of


def test_reasons_of_one_failure_are_a_family() -> None:
    """The word that differs is the part; what agrees is the family."""
    keys = [key_of(f"Charge {n} failed: card {why}") for n, why in ((1, "declined"), (2, "expired"))]
    (family,) = families(keys)
    assert ("declined", "expired") == tuple(key[family.place] for key in family.members)


def test_short_messages_are_not_related() -> None:
    """With one other word in common, everything would be."""
    assert () == families([key_of("job started"), key_of("job ended")])


def test_a_pattern_has_one_family() -> None:
    """Of two families that could hold it, the larger one does."""
    texts = ("door of room opened", "door of room closed", "door of room locked", "lid of room opened")
    assert [3] == [len(family.members) for family in families(key_of(text) for text in texts)]
