"""The same thing in several languages is the same part."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood.algorithms.diffs.grammars import GRAMMARS, Form
from lastgood.algorithms.diffs.parts import Part
from lastgood.algorithms.diffs.syntax import read
from lastgood.algorithms.diffs.unified import hunks


def got(text: str, path: str) -> list[Part]:
    """The parts of lines that came."""
    return [
        part
        for hunk in hunks("".join(f"+{line}\n" for line in text.split("\n")), path)
        for part in read(hunk).got
    ]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", "f.setMax(a, 4)"), ("a.go", "f.setMax(a, 4)"), ("A.java", "f.setMax(a, 4);"), ("a.ts", "f.setMax(a, 4);"),
        ("a.js", "f.setMax(a, 4);"), ("a.cs", "f.setMax(a, 4);"), ("a.rb", "f.setMax(a, 4)"), ("a.kt", "f.setMax(a, 4)"),
        ("a.rs", "f.setMax(a, 4);"), ("a.php", "f->setMax(a, 4);"),
    ],
)  # fmt: skip
def test_a_call(path: str, text: str) -> None:
    """Its name and what it is given."""
    (call,) = (part for part in got(text, path) if part.form is Form.CALL)

    assert ("setmax", "(a, 4)") == (call.last, call.value)


@pytest.mark.parametrize(
    ("path", "text", "around"),
    [
        ("a.yaml", "pool:\n  max: 4", ("pool",)), ("a.json", '{"pool": {"max": 4}}', ("pool",)), ("a.toml", "pool = {max = 4}", ("pool",)),
        ("a.tf", "pool {\n  max = 4\n}", ("pool",)), ("a.py", "pool(max=4)", ("pool",)), ("a.ts", "new pool({ max: 4 })", ("pool",)),
        ("a.rb", "pool(max: 4)", ("pool",)), ("a.php", "$x = ['pool' => ['max' => 4]];", ("x", "pool")), ("Dockerfile", "ENV max=4", ()),
        ("a.env", "max=4", ()),
    ],
)  # fmt: skip
def test_a_setting(path: str, text: str, around: tuple[str, ...]) -> None:
    """Its name, its value, and the names around it."""
    found = [part for part in got(text, path) if part.form is Form.SETTING and part.name.strip("'") == "max"]

    assert [("4", around)] == [
        (part.value, tuple(name.strip("'") for name in part.place.path)) for part in found
    ]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", "if a is None:\n    return 1"), ("a.go", "if a == nil {\n\treturn 1\n}"), ("A.java", "if (a == null) {\n  return 1;\n}"),
        ("a.ts", "if (a == null) return 1;"), ("a.cs", "if (a == null) return 1;"), ("a.rb", "return 1 if a.nil?"),
        ("a.kt", "if (a == null) return 1"), ("a.rs", "if a.is_none() {\n    return 1;\n}"), ("a.php", "if ($a === null) {\n  return 1;\n}"),
    ],
)  # fmt: skip
def test_a_guard(path: str, text: str) -> None:
    """A condition with the statement that leaves."""
    (guard,) = (part for part in got(text, path) if part.form is Form.GUARD)

    assert guard.exits.startswith("return")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", "# f(1)\nlog.info('f(%s)', f(1))"), ("a.py", 'def a():\n    """f(1)\n\n    f(2)\n    """'),
        ("a.go", "// f(1)\nslog.Info(f(1))"), ("A.java", "/** f(1) */\nlog.warn(f(1));"), ("a.ts", "console.log(f(1)); // f(1)"),
    ],
)  # fmt: skip
def test_what_is_only_said_is_nothing(path: str, text: str) -> None:
    """Comments, documentation, lines of a log."""
    assert [] == [part.name for part in got(text, path) if part.form is Form.CALL]


def test_a_part_says_where_it_is() -> None:
    """The function, and that it is in a loop."""
    (call,) = (p for p in got("def a():\n    for b in c:\n        d.e(b)", "a.py") if p.form is Form.CALL)

    assert ("a", True) == (call.place.function, call.place.loop)


@given(
    st.sampled_from([grammar.files.split("|")[0].strip("?") for grammar in GRAMMARS]), st.text(max_size=60)
)
def test_no_text_stops_it(ending: str, text: str) -> None:
    """In any language."""
    for hunk in hunks(f"-{text}\n+{text[::-1]}\n", f"a.{ending}"):
        assert all(part.line in hunk.lines for part in read(hunk).lost)
