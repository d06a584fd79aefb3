"""One node of a tree, in several languages."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from lastgood.algorithms.diffs.grammars import FORMS, Form, grammar_of, parser_of
from lastgood.algorithms.diffs.nodes import callee, holds, iterates, leaving, listed, pair, row_of_call
from lastgood.algorithms.diffs.parts import text_of

if TYPE_CHECKING:
    from tree_sitter import Node


def nodes(text: str, path: str, form: Form) -> Iterator["Node"]:
    """The nodes of a form, from the outside in."""
    grammar = grammar_of(path)
    assert grammar is not None
    waiting = [parser_of(grammar).parse(text.encode()).root_node]
    while waiting:
        node = waiting.pop(0)
        if FORMS.get(node.type) is form:
            yield node
        waiting.extend(node.children)


@pytest.mark.parametrize(
    ("path", "text", "name", "value"),
    [
        ("a.py", "a.b(c).d(e)", "a.b.d", "(e)"),
        ("A.java", "new Pool<String>(4);", "Pool", "(4)"),
        ("a.ts", "await a\n  .b(c)\n  .d(e);", "a.b.d", "(e)"),
        ("a.php", "$a->b($c);", "$a->b", "($c)"),
        ("a.rb", "a.each { |b| c(b) }", "a.each", ""),
    ],
)
def test_what_is_called(path: str, text: str, name: str, value: str) -> None:
    """Without what is given to those before it; on the line of its own name."""
    node = next(nodes(text, path, Form.CALL))

    assert (name, value) == callee(node)
    assert text.count("\n") == row_of_call(node)


def test_what_is_done_for_each() -> None:
    """With what is done given, by whatever name."""
    assert iterates(next(nodes("a.map((b) => c(b));", "a.ts", Form.CALL)), "a.map")
    assert not iterates(next(nodes("a.map(b);", "a.ts", Form.CALL)), "a.map")


def test_a_name_with_its_value() -> None:
    """A list's name is that of its value; a value made of settings is none itself."""
    text = "- name: A\n  value: b\n- c: {d: 1}\n"
    found = [(pair(node), node) for node in nodes(text, "a.yaml", Form.SETTING)]

    assert [("name", False), ("A", False), ("c", True), ("d", False)] == [
        (listed(node, text_of(name)), holds(value)) for (name, value), node in found if name and value
    ]


def test_the_statement_that_leaves() -> None:
    """The one of its own body, not of a function in it."""
    left = leaving(next(nodes("if (a) { b(); return 1; }", "a.ts", Form.GUARD)))

    assert left is not None
    assert "return 1;" == text_of(left)
    assert leaving(next(nodes("if (a) { b(() => { return 1; }); }", "a.ts", Form.GUARD))) is None
