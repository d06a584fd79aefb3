"""One law for each thing: what several questions decide is decided in one place."""

import ast
import inspect
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from lastgood.algorithms import causation
from lastgood.hypotheses import causation as board
from lastgood.inspections.what_changed import defence, exposure, timed
from lastgood.model import attributes
from lastgood.surfaces.invocation import PLACEHOLDERS
from trees import nodes, tree

SOURCE = Path(__file__).parents[1] / "src" / "lastgood"
CODE = sorted(SOURCE.rglob("*.py"))


def test_the_card_and_the_board_test_causation_alike() -> None:
    """Each test is one function that both use, and no module defines it again."""
    tests = {
        name
        for name, one in vars(causation).items()
        if inspect.isfunction(one) and one.__module__ == causation.__name__ and name[0] != "_"
    }
    card = vars(defence) | vars(exposure) | vars(timed)
    shared = {
        "recurrence",
        "earlier_runs",
        "undone_at",
        "reversal",
        "compared_sides",
        "declared_share",
        "dosed",
    }
    again = [
        f"{path.relative_to(SOURCE)}: {node.name}"
        for path in CODE
        if path != Path(causation.__file__)
        for node in nodes(path)
        if isinstance(node, ast.FunctionDef) and node.name in tests
    ]

    assert {True} == {vars(board)[name] is card[name] is vars(causation)[name] for name in shared}
    assert [] == again


READING = [
    path
    for path in CODE
    if path.relative_to(SOURCE).parts[0] in {"telemetry", "readings", "inspections", "hypotheses"}
]


def written(path: Path) -> Iterator[str]:
    """The texts of a module that are no docstrings."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    docs = {
        id(node.body[0].value)
        for node in nodes(path)
        if isinstance(node, documented) and isinstance(node.body[0], ast.Expr)
    }
    for node in nodes(path):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value


def test_an_attribute_is_spelled_in_one_place() -> None:
    """Relations, readings and questions take names of attributes from lastgood.model.attributes."""
    values = (one if isinstance(one, tuple) else (one,) for one in vars(attributes).values())
    known = {name for each in values for name in each if isinstance(name, str) and "." in name}
    found = [
        (str(path.relative_to(SOURCE)), text[:80])
        for path in READING
        for text in written(path)
        if text in known or re.search(r"ttributes\['[\w.]+'\]", text)
    ]

    assert "service.name" in known
    assert [] == found


def spoken(path: Path) -> Iterator[str]:
    """The texts of a module, with braces where values are filled in."""
    for node in nodes(path):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


# Words in capitals beside a command: kinds of files in the help of replay, and options of other programs.
NO_PLACEHOLDERS = frozenset({"HAR", "HTTP", "HOST", "YOUR"})


def test_a_word_to_fill_in_is_one_that_is_refused() -> None:
    """Every word in capitals in a printed command is a placeholder that the command line knows."""
    found = {
        word
        for path in CODE
        for text in spoken(path)
        for one in re.finditer(r"(?:lastgood [a-z]|(?<![\w-])--[a-z][a-z-]+ (?=[A-Z]))[^`\n]*", text)
        for word in re.findall(r"(?<![\w$\"{-])(?:[A-Z]{2,}…?|…)(?!\w)", one[0])
    }

    assert "WHY" in found
    assert set() == found - set(PLACEHOLDERS) - NO_PLACEHOLDERS


def test_environments_and_parts_are_named_in_one_place() -> None:
    """No other module lists words for what is not production."""
    lists = [
        str(path.relative_to(SOURCE))
        for path in READING
        for node in nodes(path)
        if isinstance(node, ast.Set | ast.Tuple | ast.List)
        and len({n.value for n in node.elts if isinstance(n, ast.Constant)} & attributes.NOT_PRODUCTION) > 1
    ]

    assert [] == lists


def test_an_interval_of_a_share_and_the_end_of_a_deployment_are_one_law() -> None:
    """One function is called after Wilson; one module lists the words of deployments that did not happen."""
    functions = [
        path.relative_to(SOURCE).as_posix()
        for path in CODE
        for node in nodes(path)
        if isinstance(node, ast.FunctionDef) and "wilson" in node.name
    ]
    listed = [
        path.relative_to(SOURCE).as_posix() for path in CODE if {"skipped", "aborted"} <= set(spoken(path))
    ]

    assert ["algorithms/counts.py"] == functions
    assert ["model/change.py"] == listed


# Texts of a finding, which are for people. Answers are found by the question's name, or by their type.
FOR_PEOPLE = {"question", "because"}
LOOKED_INTO = {"startswith", "endswith", "find", "index", "count", "search", "match", "fullmatch", "get"}
# What an error reported stands in the reason as it is: its words are telemetry.
# The last one: a probe that was kept has no question but the command that made it.
QUOTED = {
    "inspections/culprit/statements.py",
    "inspections/mitigation/__init__.py",
    "workbench/probes_seen.py",
}


@cache
def sentences() -> frozenset[str]:
    """The names of constants that are several words."""
    return frozenset(
        name.id
        for path in CODE
        for line in tree(path).body
        if isinstance(line, ast.Assign)
        for target in line.targets
        for name, value in _pairs(target, line.value)
        if isinstance(name, ast.Name) and _words(value)
    )


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        yield from zip(target.elts, value.elts, strict=False)
    else:
        yield target, value


def _words(node: ast.AST) -> bool:
    """Whether a literal, or one in a tuple or set, is several words: no name is."""
    literals = (one.value for one in (node, *getattr(node, "elts", ())) if isinstance(one, ast.Constant))
    return any(isinstance(one, str) and " " in one.strip() for one in literals)


def _known_words(node: ast.AST) -> bool:
    """The same, or a constant that is."""
    named = (one.id for one in (node, *getattr(node, "elts", ())) if isinstance(one, ast.Name))
    return _words(node) or any(one in sentences() for one in named)


def _for_people(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in FOR_PEOPLE


def by_words(node: ast.AST) -> bool:
    """Whether something is found by the words of a finding: compared, searched, matched, or used as a key."""
    match node:
        case ast.Compare(left=left, comparators=others, ops=ops):
            sides = [left, *others]
            inside = any(isinstance(op, ast.In | ast.NotIn) for op in ops) and _for_people(others[-1])
            literal = any(isinstance(one, ast.Constant) for one in sides)
            return any(map(_for_people, sides)) and (any(map(_known_words, sides)) or (inside and literal))
        case ast.Call(func=ast.Attribute(value=value, attr=name), args=args) if name in LOOKED_INTO:
            return _for_people(value) or any(map(_for_people, args))
        case ast.Match(subject=subject):
            return _for_people(subject)
        case ast.MatchClass(kwd_attrs=names, kwd_patterns=patterns):
            return any(
                name in FOR_PEOPLE and isinstance(one, ast.MatchValue)
                for name, one in zip(names, patterns, strict=True)
            )
        case ast.DictComp(
            key=key, generators=[ast.comprehension(iter=ast.Call(func=ast.Name(id="inspections")))]
        ):
            return _for_people(key)
        case _:
            return False


def test_no_answer_is_found_by_the_words_of_a_question() -> None:
    """Whoever rewords a question or a reason changes nothing but what people read."""
    found = {
        f"{name}:{node.lineno}: {ast.unparse(node)[:80]}"
        for path in CODE
        if (name := path.relative_to(SOURCE).as_posix()) not in {"model/finding.py", *QUOTED}
        for node in nodes(path)
        if by_words(node) and isinstance(node, ast.expr | ast.Match | ast.pattern)
    }

    assert set() == {
        one for one in found if not one.startswith("workbench/budget.py")
    }  # seconds of a question


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('one.question == "Is it real?"', True),
        ('"no requests" in one.because', True),
        ('one.because.startswith("unknown")', True),
        ("PATTERN.search(one.because)", True),
        ('one.question in {"Is it real?", "x"}', True),
        ("{one.question: one.gives for one in inspections()}", True),
        ('one.name == "confirm"', False),
        ('one.question == "confirm"', False),
        ("print(one.because)", False),
    ],
)
def test_words_as_a_key_are_seen(code: str, found: bool) -> None:
    """Compared, searched, or a key; a name is one word."""
    assert found is any(by_words(node) for node in ast.walk(ast.parse(code)))


SENTENCE_WORDS = 20
SAID = {"Finding", "Weight", "Mitigation", "Row", "_option"}  # and every error


def template(node: ast.expr) -> str:
    """A text as it is written, with a word for each value that is filled in; empty where it is none."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=values):
            return "".join(template(one) or "X" for one in values)
        case ast.BinOp(op=ast.Add(), left=left, right=right) if template(left) or template(right):
            return (template(left) or "X") + (template(right) or "X")
    return ""


def test_no_sentence_of_the_card_or_of_an_error_is_long() -> None:
    """At most 20 words from one stop to the next, whatever is filled in is one; they are read at night."""
    found = [
        (len(re.findall(r"\S*\w\S*", sentence)), f"{path.relative_to(SOURCE)}: {sentence}")
        for path in CODE
        for node in nodes(path)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        if node.func.id in SAID or node.func.id.endswith("Error")
        for given in (*node.args, *(keyword.value for keyword in node.keywords))
        for sentence in re.split(r"(?<=[.!?:;])\s+", template(given))
    ]

    assert len(found) > 1000
    assert [] == [sentence for words, sentence in found if words > SENTENCE_WORDS]
