"""The parts of a place in code, and the trees that they are read from.

A part is compared by its shape: its text without breaks, quotes and the names of variables.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING

from lastgood.algorithms.diffs.fragments import whole
from lastgood.algorithms.diffs.grammars import (
    FORMS,
    NAMED_GRAMMARS,
    Form,
    Grammar,
    fits,
    grammar_of,
    parser_of,
)
from lastgood.algorithms.diffs.unified import Hunk, Line
from lastgood.algorithms.metric_meaning import words

if TYPE_CHECKING:
    from tree_sitter import Node

MOST_NODES = 60_000  # of one side of a hunk
LONGEST_PART = 300  # characters of a part
JOINS = re.compile(r"[\s\"'`]+|,(?=\s*[)\]}])")


@dataclass(frozen=True, slots=True)
class Place:
    """What stands around a part."""

    loop: bool = False
    waits: bool = False  # await, or a function that may wait
    final: bool = False  # runs at the end whatever happens
    guard: bool = False  # within a condition
    handler: bool = False
    function: str = ""
    path: tuple[str, ...] = ()  # of a configuration: names from the outside in


@dataclass(frozen=True)
class Part:
    """One thing that a place does, in any language."""

    form: Form
    name: str  # what it calls, sets, marks
    value: str  # its arguments, the value, the condition
    line: Line
    place: Place = field(default_factory=Place)
    exits: str = ""  # of a guard: the statement that leaves
    text: str = ""
    node: "Node | None" = field(default=None, compare=False, repr=False)

    @cached_property
    def shape(self) -> str:
        """What it does, whatever the names of its variables: what is compared."""
        each = "@" if self.place.loop and self.form is Form.CALL else ""
        if self.node is None or self.form is Form.SETTING:
            return f"{each}{JOINS.sub('', self.name)}({JOINS.sub('', self.value)}"
        return each + _shape(self.node)

    @cached_property
    def words(self) -> list[str]:
        """The words of the name, in order."""
        return words(self.name)

    @cached_property
    def last(self) -> str:
        """The last name of a path of names, lower case: `close` of `rows.Close`."""
        return re.split(r"[.:>\\]+", self.name)[-1].strip("?!").lower()


@dataclass(frozen=True)
class Edits:
    """What one place lost and got; what only moved, was renamed or laid out otherwise is in neither."""

    hunk: Hunk
    old: list[Part]
    new: list[Part]
    called: frozenset[str] = frozenset()  # what the whole diff calls now, by its last name
    made: frozenset[str] = frozenset()  # the functions and members that it declares now

    @cached_property
    def lost(self) -> list[Part]:
        """Parts that are no longer there."""
        return _without(self.old, self.new)

    @cached_property
    def got(self) -> list[Part]:
        """Parts that were not there."""
        return _without(self.new, self.old)


def _without(some: list[Part], others: list[Part]) -> list[Part]:
    """Parts whose shape the others do not have as often; of several alike, those whose very text is not there."""
    if not others:
        return some
    left = Counter((part.form, part.shape) for part in others)
    texts = {part.text for part in others}
    found = list[Part]()
    for part in sorted(some, key=lambda part: part.text not in texts):
        if left[part.form, part.shape] > 0:
            left[part.form, part.shape] -= 1
        else:
            found.append(part)
    return sorted(found, key=lambda part: part.line.number or 0)


def tokens(lines: Sequence[Line], path: str) -> list[list[tuple[str, str]]]:
    """The signs of each changed line with the types of their nodes, without comments."""
    grammar = grammar_of(path)
    if grammar is None or not fits(line.text for line in lines):
        return [[(sign, "") for sign in re.findall(r"[\w\-.]+|[^\w\s]", line.text)] for line in lines]
    root, offset = parsed("\n".join(line.text for line in lines), grammar)
    changed = [0, *accumulate(line.sign != " " for line in lines)]
    found: list[list[tuple[str, str]]] = [[] for _ in lines]
    for leaf in _leaves(root, changed, offset):
        row = leaf.start_point[0] - offset
        if 0 <= row < len(lines) and FORMS.get(leaf.type) is not Form.COMMENT:
            found[row].append((text_of(leaf), leaf.type))
    return found


@lru_cache(maxsize=4)
def parsed(text: str, grammar: Grammar) -> tuple["Node", int]:
    """The tree of a fragment, and how many lines stand before it."""
    made, offset = whole(text.split("\n"), grammar)
    return parser_of(grammar).parse(made.encode("utf-8", "replace")).root_node, offset


def _leaves(root: "Node", changed: Sequence[int] = (), offset: int = 0) -> Iterator["Node"]:
    """The leaves of a tree, texts whole; those on changed lines only, where these are given."""
    waiting, left = [root], MOST_NODES
    while waiting and (left := left - 1):
        node = waiting.pop()
        if changed and not touched(changed, node.start_point[0] - offset, node.end_point[0] - offset):
            continue
        if node.child_count == 0 or FORMS.get(node.type) is Form.TEXT:
            yield node
        else:
            waiting.extend(reversed(node.children))


def touched(changed: Sequence[int], first: int, last: int) -> bool:
    """Whether any of some lines is changed; `changed` counts those before each."""
    end = min(last + 1, len(changed) - 1)
    return end > 0 and changed[end] > changed[min(max(0, first), end)]


def text_of(node: "Node") -> str:
    """The beginning of what a node is written as."""
    return (node.text or b"")[:LONGEST_PART].decode("utf-8", "replace")


def _shape(node: "Node") -> str:
    """The text of a node without breaks, quotes, comments and the names of variables."""
    signs = list[str]()
    for leaf in _leaves(node):
        if FORMS.get(leaf.type) is Form.COMMENT or len(signs) > 120:
            continue
        variable = leaf.type in NAMED_GRAMMARS and not _is_member(leaf)
        signs.append("_" if variable else JOINS.sub("", text_of(leaf)))
    return "".join(signs).rstrip(";").replace(",)", ")")


def _is_member(leaf: "Node") -> bool:
    """Whether a name is of data or of something called, rather than of a variable."""
    parent = leaf.parent
    if parent is None:
        return False
    if parent.type in NAMED_GRAMMARS:
        return False
    before = leaf.prev_sibling
    return (
        (before is not None and before.type in {".", "->", "::", "?.", "&.", "?->", "@"})
        or (FORMS.get(parent.type) in {Form.CALL, Form.MARK} and leaf.start_byte <= parent.start_byte + 4)
        or parent.type in {"keyword_argument", "pair"}
    )
