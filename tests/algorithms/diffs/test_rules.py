"""A rule counts parts before and after."""

from lastgood.algorithms.diffs.kinds import EffectKind
from lastgood.algorithms.diffs.rules import counted, rule
from lastgood.algorithms.diffs.syntax import read
from lastgood.algorithms.diffs.unified import hunks

RULE = rule(r"^lock$", EffectKind.LOCK_REMOVED, EffectKind.LOCK_ADDED, "call")


def found(diff: str) -> list[tuple[EffectKind, str, str]]:
    """Kind, line and function of what the rule finds."""
    (hunk,) = hunks(diff, "a.py")
    return [(effect.kind, effect.line, effect.function) for effect in counted(read(hunk), [RULE])]


def test_fewer_and_more() -> None:
    """With the line and the function; as many as before are nothing."""
    assert [(EffectKind.LOCK_REMOVED, "lock(a)", "f")] == found(" def f():\n-    lock(a)\n     b()\n")
    assert [(EffectKind.LOCK_ADDED, "lock(a)", "f")] == found(" def f():\n+    lock(a)\n     b()\n")
    assert [] == found("-lock(a)\n+lock(b)\n")


def test_unless() -> None:
    """Where something says that it is none."""
    (hunk,) = hunks("-lock(a)\n", "a.py")
    spared = rule(r"^lock$", EffectKind.LOCK_REMOVED, unless=lambda _, lost: "a" in lost[0].value)

    assert [] == list(counted(read(hunk), [spared]))
