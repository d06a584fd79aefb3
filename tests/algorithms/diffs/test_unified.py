"""Diffs are read in every form they come in."""

from hypothesis import given
from hypothesis import strategies as st

from lastgood.algorithms.diffs.unified import LONGEST_LINE, MOST_LINES, Role, hunks, paths, role_of

GIT = """diff --git a/src/cart.py b/src/cart.py
index 1..2 100644
--- a/src/cart.py
+++ b/src/cart.py
@@ -10,6 +10,5 @@ def total(cart):
     tax = rate(cart)
-    if tax is None:
-        tax = 0
+    tax = tax or 0
     return tax
@@ -40,2 +39,3 @@
 x
+y
 z
diff --git a/old.sql b/old.sql
--- a/old.sql
+++ /dev/null
@@ -1,2 +0,0 @@
--- a comment of SQL
-DROP TABLE x;
"""


def test_a_diff_of_git() -> None:
    """Files, places, numbers in the new file, the function around; a removed comment of SQL is a line."""
    first, second, third = hunks(GIT)

    assert ("src/cart.py", "def total(cart):", ["    tax = rate(cart)"]) == (
        first.path,
        first.heading,
        first.above,
    )
    assert ["    if tax is None:", "        tax = 0"] == [line.text for line in first.before]
    assert [("    tax = tax or 0", 11)] == [(line.text, line.number) for line in first.after]
    assert ["    tax = rate(cart)", "    tax = tax or 0", "    return tax"] == [
        line.text for line in first.side("+")
    ]
    assert ("y", 40) == (second.after[0].text, second.after[0].number)
    assert ("old.sql", ["-- a comment of SQL", "DROP TABLE x;"]) == (
        third.path,
        [line.text for line in third.before],
    )
    assert ("src/cart.py", "old.sql") == paths(GIT)


def test_lines_lost_and_got_with_nothing_between_them() -> None:
    """Two runs of one place."""
    (hunk,) = hunks("-a\n+b\n c\n+d\n", "a.py")

    assert [(["a"], ["b"]), ([], ["d"])] == [
        ([line.text for line in lost], [line.text for line in got]) for lost, got in hunk.runs()
    ]


def test_lines_with_a_sign_and_nothing_else() -> None:
    """As people paste them: the file is the one that is reported beside."""
    (hunk,) = hunks("-ttl: 60\n+ttl: 2\n", "a.yaml")

    assert ("a.yaml", "ttl: 60", "ttl: 2", Role.CONFIG) == (
        hunk.path,
        hunk.before[0].text,
        hunk.after[0].text,
        hunk.role,
    )


def test_a_diff_that_is_cut_off() -> None:
    """What came before the cut is read."""
    assert "    if tax is None:" == hunks(GIT[:210])[0].before[0].text


def test_files_are_reported_by_what_they_are_for() -> None:
    """A test, a manifest, a migration, prose, a style, a pipeline, configuration; else code."""
    reported = {
        "tests/test_cart.py": Role.TEST, "cart_test.go": Role.TEST, "cart.spec.ts": Role.TEST, "CartTest.java": Role.TEST,
        "requirements.txt": Role.MANIFEST, "web/package.json": Role.MANIFEST, "api/Api.csproj": Role.MANIFEST,
        "db/migrations/0001_init.py": Role.SQL, "x.sql": Role.SQL, "README.md": Role.PROSE, "README": Role.PROSE, "docs/x.html": Role.PROSE,
        "a.css": Role.LOOK, ".github/workflows/ci.yml": Role.PIPELINE, "Makefile": Role.PIPELINE,
        "values.yaml": Role.CONFIG, ".env.production": Role.CONFIG, "Dockerfile": Role.CONFIG, "main.tf": Role.CONFIG,
        "cart.py": Role.CODE, "": Role.CODE, "contest/latest.go": Role.CODE,
    }  # fmt: skip

    assert reported == {path: role_of(path) for path in reported}


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    """No place is without a change, and none holds a line that was not there."""
    for hunk in hunks(text):
        assert hunk.before or hunk.after
        assert all(line.text in text for line in hunk.lines)


def test_what_is_read_has_an_end() -> None:
    """A line and a diff without end are cut."""
    (hunk,) = hunks("+" + "x" * 10**6 + "\n+y\n" * 10**5)

    assert LONGEST_LINE >= len(hunk.lines[0].text)
    assert MOST_LINES == len(hunk.after)
