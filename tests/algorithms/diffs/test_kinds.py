"""Every kind of effect has its meaning."""

from lastgood.algorithms.diffs.kinds import MEANINGS, Effect, EffectKind, Trouble


def test_every_kind_can_cause_something() -> None:
    """No kind without trouble, and none that is typical and rare at once."""
    assert set(EffectKind) == set(MEANINGS)
    assert all(meaning.typical | meaning.at_times for meaning in MEANINGS.values())
    assert all(not meaning.typical & meaning.at_times for meaning in MEANINGS.values())


def test_what_fills_takes_its_time() -> None:
    """A cache without a bound is slow to show, a removed check is not."""
    kept, unchecked = (
        Effect(kind, "a.py", "x") for kind in (EffectKind.CACHE_UNBOUNDED, EffectKind.CHECK_REMOVED)
    )

    assert (True, False) == (kept.meaning.slow, unchecked.meaning.slow)
    assert Trouble.MEMORY in kept.meaning.typical
