"""How alike two descriptions are, and by what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood.algorithms.likeness import Described, likeness, rarity

WEIGHTS = {"cause": 0.6, "services": 0.4}
WORDS = st.frozensets(st.sampled_from("abcdef"), max_size=4)
THINGS = st.fixed_dictionaries({"cause": WORDS, "services": WORDS})


def described(cause: str, services: str) -> Described:
    """A thing by its letters."""
    return {"cause": frozenset(cause), "services": frozenset(services)}


@given(THINGS, THINGS, st.lists(THINGS, max_size=5))
def test_likeness_is_fair(one: Described, other: Described, more: list[Described]) -> None:
    """Between 0 and 1, the same both ways; 1 with itself, 0 where nothing is shared."""
    rare = rarity([one, other, *more])
    found, back = likeness(one, other, WEIGHTS, rare), likeness(other, one, WEIGHTS, rare)

    assert 0 <= found.score <= 1
    assert found.score == pytest.approx(back.score)
    assert (found.shared, found.compared) == (back.shared, back.compared)
    assert (found.score > 0) == bool(found.shared)
    if any(one.values()):
        assert 1 == pytest.approx(likeness(one, one, WEIGHTS, rare).score)


def test_what_is_rare_counts_more() -> None:
    """Two that share a word no one else has are more alike than two that share everybody's."""
    crowd = [described("x", "a") for _ in range(50)]
    one, rare_twin, common_twin = described("xy", "a"), described("y", "b"), described("x", "b")
    rare = rarity([one, rare_twin, common_twin, *crowd])

    assert (
        likeness(one, rare_twin, WEIGHTS, rare).score
        > 2 * likeness(one, common_twin, WEIGHTS, rare).score
        > 0
    )
    assert ("y", "x") == likeness(one, described("xy", ""), WEIGHTS, rare).shared["cause"]


def test_what_is_not_known_is_not_different() -> None:
    """It is only compared less."""
    one = described("x", "a")
    found = likeness(one, described("x", ""), WEIGHTS, rarity([one]))

    assert 1.0 == pytest.approx(found.score)
    assert 0.6 == pytest.approx(found.compared)
    assert (0.0, 0.0) == (likeness(one, {}, WEIGHTS, {}).score, likeness(one, {}, WEIGHTS, {}).compared)
