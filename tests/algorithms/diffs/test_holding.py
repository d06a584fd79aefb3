"""What is held is counted by what gives it back, in whatever way."""

import pytest

from lastgood.algorithms.diffs.holding import holding_effects
from lastgood.algorithms.diffs.kinds import EffectKind
from lastgood.algorithms.diffs.syntax import read
from lastgood.algorithms.diffs.unified import hunks


def kinds(diff: str, path: str = "a.go") -> set[EffectKind]:
    """The kinds of the effects of all places."""
    return {effect.kind for hunk in hunks(diff, path) for effect in holding_effects(read(hunk))}


def test_what_is_given_back_in_another_way_is_given_back() -> None:
    """By a scope instead of a call, later instead of sooner."""
    opened = "-    f = open(path)\n-    text = f.read()\n-    f.close()\n+    with open(path) as f:\n+        text = f.read()\n"
    moved = " f, err := os.Open(p)\n-defer f.Close()\n if err != nil {\n return err\n }\n+defer f.Close()\n"

    assert set() == kinds(opened, "a.py")
    assert set() == kinds(moved)


def test_what_is_no_longer_given_back() -> None:
    """A scope that is gone, and what runs at the end."""
    assert {EffectKind.RELEASE_REMOVED} == kinds("-\tdefer rows.Close()\n")
    assert {EffectKind.RELEASE_REMOVED} == kinds(
        "-    with open(path) as f:\n-        text = f.read()\n+    text = open(path).read()\n", "a.py"
    )
    assert set() == kinds("-\tdefer span.End()\n")


TAKEN = """ async function list(id) {
-  const { rows } = await pool.query(SQL, [id]);
+  const client = await pool.connect();
+  const { rows } = await client.query(SQL, [id]);
+  if (rows.length === 0) return [];
+  client.release();
   return rows;
 }
"""


@pytest.mark.parametrize(
    ("diff", "path", "kept"),
    [
        (TAKEN, "a.js", True),
        (TAKEN.replace("+  if (rows.length === 0) return [];\n", ""), "a.js", False),
        (TAKEN.replace("rows.length === 0", "!client"), "a.js", False),  # there is none to give back
        (TAKEN.replace("+  client.release();\n", "").replace("+  if (rows.length === 0) return [];\n", ""), "a.js", True),
        ("-    return pool.fetch(sql)\n+    with pool.acquire() as conn:\n+        if not sql:\n+            return None\n+        return conn.fetch(sql)\n", "a.py", False),
        ("-\treturn pool.Query(q)\n+\tc, err := pool.Acquire(ctx)\n+\tif err != nil {\n+\t\treturn err\n+\t}\n+\tdefer c.Release()\n", "a.go", False),
    ],
)  # fmt: skip
def test_what_is_taken_is_given_back_on_each_way(diff: str, path: str, *, kept: bool) -> None:
    """A way out before it is given back, or no giving back where the pool did it itself before."""
    assert kept is (EffectKind.RELEASE_REMOVED in kinds(diff, path))


def test_a_lock_is_a_lock_whatever_takes_it() -> None:
    """A call, a scope, a word before a method; what it no longer gives back was its own."""
    assert {EffectKind.LOCK_REMOVED} == kinds("-\tc.mu.Lock()\n-\tdefer c.mu.Unlock()\n \tc.n++\n")
    assert {EffectKind.LOCK_REMOVED} == kinds("-    with self._lock:\n-        n()\n+    n()\n", "a.py")
    assert {EffectKind.LOCK_ADDED} == kinds("-  void a() {\n+  synchronized void a() {\n   }\n", "A.java")


def test_a_transaction() -> None:
    """Around what was alone, and the other way round."""
    bare, held = "     debit(a)\n", "     with db.transaction():\n         debit(a)\n"

    assert {EffectKind.TRANSACTION_REMOVED} == kinds(
        held.replace("     ", "-    ", 1) + bare.replace(" ", "+", 1), "a.py"
    )
    assert {EffectKind.TRANSACTION_ADDED} == kinds("+@Transactional\n public void pay() {\n }\n", "A.java")
