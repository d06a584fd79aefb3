"""Parts are compared by their shape, and signs are read line by line."""

from lastgood.algorithms.diffs.grammars import Form
from lastgood.algorithms.diffs.parts import tokens
from lastgood.algorithms.diffs.syntax import read
from lastgood.algorithms.diffs.unified import hunks


def names(diff: str, path: str) -> tuple[list[str], list[str]]:
    """The names of what was lost and got."""
    (hunk,) = hunks(diff, path)
    edits = read(hunk)
    return [part.name for part in edits.lost], [part.name for part in edits.got]


def test_a_variable_of_another_name_is_the_same() -> None:
    """A member or a function of another name is another."""
    assert ([], []) == names("-    conn.close()\n+    c.close()\n", "a.py")
    assert (["conn.close"], ["conn.open"]) == names("-    conn.close()\n+    conn.open()\n", "a.py")


def test_the_layout_is_nothing() -> None:
    """Breaks, quotes and commas at the end."""
    assert ([], []) == names("-f(a, 'b', c=1)\n+f(\n+    a,\n+    \"b\",\n+    c=1,\n+)\n", "a.py")


def test_of_several_alike_the_one_that_is_gone_is_reported() -> None:
    """By its very text."""
    (hunk,) = hunks("-check(a)\n-check(b)\n+check(a)\n", "a.py")

    assert ["check(b)"] == [part.line.text for part in read(hunk).lost if part.form is Form.CALL]


def test_signs_of_changed_lines() -> None:
    """Texts whole, comments not at all, unchanged lines empty."""
    (hunk,) = hunks('+a = "b c"  # d\n e = 1\n', "a.py")

    assert [["a", "=", '"b c"'], []] == [
        [text for text, _ in line] for line in tokens(hunk.side("+"), "a.py")
    ]
