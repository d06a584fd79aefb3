"""Settings that a feed tells in words are diffs."""

from hypothesis import given
from hypothesis import strategies as st

from lastgood.algorithms.diffs.effects import effects
from lastgood.algorithms.diffs.kinds import EffectKind
from lastgood.algorithms.diffs.spoken import spoken_diff


def test_old_and_new_value_of_attributes() -> None:
    """As audit logs have them."""
    assert "-pool.size: 50\n+pool.size: 5\n" == spoken_diff(
        "", {"key": "pool.size", "old_value": "50", "new_value": "5"}
    )


def test_a_title_with_both_values() -> None:
    """As people write them."""
    for title in ("pool_size 50 -> 5", "pool_size: 50 → 5", "set pool_size from 50 to 5"):
        assert [EffectKind.POOL_LOWERED] == [
            effect.kind for effect in effects(spoken_diff(title, {}), ["a.yaml"])
        ]


def test_prose_is_no_setting() -> None:
    """Words to words."""
    assert "" == spoken_diff("moved docs to wiki", {}) == spoken_diff("", {"old": "a", "new": "a"})


@given(st.text(), st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=3))
def test_no_text_stops_it(title: str, attributes: dict[str, str]) -> None:
    """Two lines or none."""
    assert "" == (found := spoken_diff(title, attributes)) or found.startswith("-")
