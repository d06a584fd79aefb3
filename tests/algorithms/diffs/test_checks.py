"""Checks are counted before and after, whatever they look like: what only moved or was rephrased is no effect."""

from lastgood.algorithms.diffs.checks import check_effects, turned
from lastgood.algorithms.diffs.kinds import EffectKind
from lastgood.algorithms.diffs.syntax import read
from lastgood.algorithms.diffs.unified import hunks


def kinds(diff: str, path: str = "cart.py") -> set[EffectKind]:
    """The kinds of the effects of all places."""
    return {effect.kind for hunk in hunks(diff, path) for effect in check_effects(read(hunk))}


def test_a_check_that_was_rephrased_is_still_there() -> None:
    """Another name, another form, two in one."""
    assert set() == kinds("-    if item is None:\n+    if entry is None:\n         return 0\n")
    assert set() == kinds(
        "-  if (a == null) {\n-    return 0;\n-  }\n-  return a.size;\n+  return a == null ? 0 : a.size;\n",
        "a.ts",
    )
    assert set() == kinds("-if (!a || !a.b) {\n+if (!a?.b) {\n   return;\n }\n", "a.ts")


def test_the_line_shown_is_the_one_that_is_gone() -> None:
    """Two checks, one of them removed."""
    (hunk,) = hunks("-    validate(a)\n-    validate(b)\n+    validate(a)\n", "cart.py")

    assert ["validate(b)"] == [effect.line for effect in check_effects(read(hunk))]


def test_what_is_refused_now_was_taken_before() -> None:
    """A condition that throws; one that only leaves early refuses nothing."""
    refusing = "+    if not order.region:\n+        raise BadRequest()\n     save(order)\n"

    assert {EffectKind.CHECK_ADDED} == kinds(refusing)
    assert set() == kinds(refusing.replace("raise BadRequest()", "return seen"))


def test_an_error_that_nobody_looks_at() -> None:
    """As a value, or as an exception."""
    assert {EffectKind.HANDLER_REMOVED} == kinds("-\tif err != nil {\n-\t\treturn err\n-\t}\n", "a.go")
    assert {EffectKind.HANDLER_REMOVED} == kinds(
        "-const a = await b().catch(() => []);\n+const a = await b();\n", "a.ts"
    )


def test_a_case_that_is_gone() -> None:
    """Of a switch, or of a table of what to do."""
    assert {EffectKind.BRANCH_REMOVED} == kinds(
        '-    case "a":\n-        return 1\n     case _:\n         return 2\n'
    )
    assert {EffectKind.BRANCH_REMOVED} == kinds(" ROUTES = {\n     'a': {'q': 1},\n-    'b': {'q': 2},\n }\n")


def test_a_condition_that_turned() -> None:
    """Nothing but how it decides or steps differs."""
    assert turned(["a", "<", "b"], ["a", "<=", "b"])
    assert turned(["a", "[", "n", "-", "1", "]"], ["a", "[", "n", "]"])
    assert not turned(["a", "<", "b"], ["a", "<", "c"])
    assert not turned(["a"], ["a"])
