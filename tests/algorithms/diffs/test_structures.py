"""Statements are counted before and after: what only moved is no effect."""

from lastgood.algorithms.diffs.kinds import EffectKind
from lastgood.algorithms.diffs.structures import structural_effects
from lastgood.algorithms.diffs.unified import edits


def kinds(diff: str, path: str = "cart.py") -> set[EffectKind]:
    """The kinds of the effects of all edits."""
    return {effect.kind for edit in edits(diff, path) for effect in structural_effects(edit)}


def test_a_check_that_was_rephrased_is_still_there() -> None:
    """Another name, the same check."""
    assert set() == kinds("-    if item is None:\n+    if entry is None:\n")


def test_a_call_under_a_loop_that_was_there_is_a_call_for_each() -> None:
    """The loop stands above the edit; deeper lines are in it, others are not."""
    looped = (
        "@@ -1,3 +1,4 @@\n for item in items:\n+    price = client.get_price(item)\n     total += price\n"
    )

    assert {EffectKind.CALLS_IN_LOOP} == kinds(looped)
    assert EffectKind.CALLS_IN_LOOP not in kinds(looped.replace("+    price", "+price"))


def test_the_line_shown_is_the_one_that_is_gone() -> None:
    """Two checks, one of them removed."""
    (edit,) = edits("-    validate(a)\n-    validate(b)\n+    validate(a)\n", "cart.py")

    assert ["validate(b)"] == [effect.line for effect in structural_effects(edit)]


def test_a_field_is_a_name_of_data_not_of_a_variable() -> None:
    """A key in quotes, not a local name."""
    assert {EffectKind.FIELD_RENAMED} == kinds("-    return row['total']\n+    return row['sum']\n")
    assert set() == kinds("-    total = 1\n+    grand = 1\n")


def test_a_condition_that_turned() -> None:
    """Nothing but the operator differs."""
    assert {EffectKind.CONDITION_CHANGED} == kinds("-    if a and b:\n+    if a or b:\n")


def test_a_comment_does_nothing() -> None:
    """Whatever it says."""
    assert set() == kinds("-    # validate(a)\n")
