"""What is kept: how long, by which key, and how much of it."""

from lastgood.algorithms.diffs.keeping import keeping_effects
from lastgood.algorithms.diffs.kinds import EffectKind
from lastgood.algorithms.diffs.syntax import read
from lastgood.algorithms.diffs.unified import hunks


def kinds(diff: str, path: str = "cart.py") -> set[EffectKind]:
    """The kinds of the effects of all places."""
    return {effect.kind for hunk in hunks(diff, path) for effect in keeping_effects(read(hunk))}


def test_what_lives_long_and_only_grows() -> None:
    """Not what is gone with its function, nor what is emptied."""
    grows = "+SEEN = {}\n+\n def f(a):\n+    SEEN[a.id] = a\n     return a\n"

    assert {EffectKind.CACHE_UNBOUNDED} == kinds(grows)
    assert set() == kinds(grows.replace("+SEEN = {}", "+    SEEN = {}"))
    assert set() == kinds(grows + "+    SEEN.pop(b)\n")


def test_a_cache_that_is_gone_or_lost_its_bound() -> None:
    """Nothing is spared; nothing is forgotten."""
    assert {EffectKind.CACHE_REMOVED} == kinds("-@lru_cache(maxsize=9)\n def f(a):\n     return a\n")
    assert {EffectKind.CACHE_UNBOUNDED} == kinds(
        "-@lru_cache(maxsize=9)\n+@lru_cache(maxsize=None)\n def f(a):\n     return a\n"
    )


def test_the_key_of_a_cache() -> None:
    """Another text, not another name for it."""
    assert {EffectKind.CACHE_KEY_CHANGED} == kinds('-key = f"a:{b}:{c}"\n+key = f"a:{b}"\n')
    assert set() == kinds('-key = f"a:{b}"\n+cache_key = f"a:{b}"\n')


def test_everything_is_asked_for() -> None:
    """A limit that is gone, by a call or by a cut."""
    assert {EffectKind.SIZE_UNLIMITED} == kinds("-    rows = q.all()[:50]\n+    rows = q.all()\n")
    assert {EffectKind.SIZE_UNLIMITED} == kinds(
        " db.Orders\n     .Where(a)\n-    .Take(9)\n     .ToList();\n", "a.cs"
    )
