"""Names of data, zones and rules of access."""

from lastgood.algorithms.diffs.fields import field_effects
from lastgood.algorithms.diffs.kinds import EffectKind
from lastgood.algorithms.diffs.syntax import read
from lastgood.algorithms.diffs.unified import hunks


def kinds(diff: str, path: str = "cart.py") -> set[EffectKind]:
    """The kinds of the effects of all places."""
    return {effect.kind for hunk in hunks(diff, path) for effect in field_effects(read(hunk))}


def test_a_field_is_a_name_of_data_not_of_a_variable() -> None:
    """A key, not a local name, a function or a text for people."""
    assert {EffectKind.FIELD_RENAMED} == kinds("-    return row['total']\n+    return row['sum']\n")
    assert set() == kinds("-    total = 1\n+    grand = 1\n")
    assert set() == kinds("-    return self.total_of(a)\n+    return self.sum_of(a)\n")
    assert set() == kinds("-    raise Error('total')\n+    raise Error('sum')\n")


def test_a_field_that_is_gone() -> None:
    """Of a contract; a line less of code is none."""
    assert {EffectKind.FIELD_REMOVED} == kinds("-  string currency = 4;\n", "api/order.proto")
    assert {EffectKind.FIELD_REMOVED} == kinds(
        " interface A {\n   id: string;\n-  name: string;\n }\n", "src/api/a.ts"
    )
    assert set() == kinds("-    total = 1\n")


def test_another_zone_or_encoding() -> None:
    """By the names that they have everywhere."""
    assert {EffectKind.LOCALE_CHANGED} == kinds("-a = b.decode('utf-8')\n+a = b.decode('latin-1')\n")
    assert set() == kinds("-a = b.decode('utf-8')\n+c = b.decode('UTF-8')\n")


def test_who_may_connect() -> None:
    """What is no longer let through."""
    assert {EffectKind.ACCESS_CHANGED} == kinds(
        ' ingress {\n-  cidr_blocks = ["10.0.0.0/8", "10.64.0.0/10"]\n+  cidr_blocks = ["10.0.0.0/8"]\n }\n',
        "a.tf",
    )


def test_a_condition_that_turned() -> None:
    """Nothing but the operator differs."""
    assert {EffectKind.CONDITION_CHANGED} == kinds("-    if a and b:\n+    if a or b:\n")
