"""Every kind of effect has its meaning."""

from lastgood.algorithms.diffs.kinds import (
    CAUSED,
    MEANINGS,
    ON_CALLEES,
    ON_ITSELF,
    ON_PARTIES_OUTSIDE,
    Effect,
    EffectKind,
    Trouble,
)


def test_every_kind_can_cause_something() -> None:
    """No kind without trouble, and none that is typical and rare at once."""
    assert set(EffectKind) == set(MEANINGS)
    assert all(meaning.typical | meaning.at_times for meaning in MEANINGS.values())
    assert all(not meaning.typical & meaning.at_times for meaning in MEANINGS.values())


def test_what_is_caused_has_words() -> None:
    """No sentence says that a change causes `code`."""
    assert set(Trouble) == set(CAUSED)
    assert not {"code", "store", "cpu", "silence"} & set(CAUSED.values())


def test_what_fills_takes_its_time() -> None:
    """A cache without a bound is slow to show, a removed check is not."""
    kept, unchecked = (
        Effect(kind, "a.py", "x") for kind in (EffectKind.CACHE_UNBOUNDED, EffectKind.CHECK_REMOVED)
    )

    assert (True, False) == (kept.meaning.slow, unchecked.meaning.slow)
    assert Trouble.MEMORY in kept.meaning.typical


def test_every_kind_is_placed() -> None:
    """It shows at the place of the change alone, or at callees or parties outside too."""
    beyond = ON_CALLEES | ON_PARTIES_OUTSIDE

    assert frozenset(EffectKind) == ON_ITSELF | beyond
    assert frozenset() == ON_ITSELF & beyond
