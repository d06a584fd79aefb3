"""A hunk read as edits of a syntax: the parts that its place had and has, in one form for every language.

Both sides are parsed as fragments (tree-sitter recovers from what is missing); only what stands on changed lines is
kept.
"""

import re
from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING

from lastgood.algorithms.diffs.grammars import (
    ARGUMENTS,
    FORMS,
    Form,
    Grammar,
    fits,
    grammar_of,
)
from lastgood.algorithms.diffs.nodes import callee, holds, iterates, leaving, listed, pair, row_of_call
from lastgood.algorithms.diffs.parts import (
    JOINS,
    LONGEST_PART,
    MOST_NODES,
    Edits,
    Part,
    Place,
    parsed,
    text_of,
    touched,
)
from lastgood.algorithms.diffs.plain import options, plain_parts
from lastgood.algorithms.diffs.unified import Hunk, Line, Role

if TYPE_CHECKING:
    from tree_sitter import Node

DEEPEST_SYNTAX = 400
_AWAITS = frozenset({"await_expression", "await"})
_AROUND = frozenset({"for_in_clause", "range_clause", *_AWAITS})
_WITHIN = frozenset({Form.GUARD, Form.LOOP})
_LEAF_SIGNS = frozenset({"?.", "&.", "??", "?:", "??=", "synchronized", "using"})
_SAFE_SIGNS = frozenset({"?.", "&.", "??", "?:", "??="})
_LOG = re.compile(r"(^|[.\->:])_?(log|logger|logging|slog|zap|console|logrus|zerolog|tracing)\w*(\(\))?(\.|->|::)\w+|^(log|print|println|puts|console|debug|info|warn|warning|error|trace|fmt\.Print\w*|printf|print_r|error_log|tracing::\w+)!?$", re.IGNORECASE)  # fmt: skip
_AMOUNT = re.compile(
    r"[\d\"'-]|[\w.:]*(Duration|TimeSpan|timedelta)|\w+ ?\* ?|[\w.]*\b(true|false|True|False|None)$|[\w.:]*(Level|LEVEL|DEBUG|INFO|WARN|ERROR|TRACE)\b"
)
_SUMS = frozenset(["max", "min", "round", "pow", "int", "float", "str", "range", "slice", "sum", "len", "Math.max", "Math.min"])  # fmt: skip
_SETS_LOG = re.compile(r"set\w*level|basicconfig|getlogger|level$", re.IGNORECASE)


def read(hunk: Hunk) -> Edits:
    """The edits of a hunk, by the grammar of its language, or by the look of its lines where there is none."""
    grammar = grammar_of(hunk.path)
    if grammar and grammar.indented and not fits(line.text for line in hunk.lines):
        grammar = None
    sides = list[list[Part]]()
    for sign in "-+":
        lines = hunk.side(sign)
        if not any(line.sign == sign for line in lines):
            sides.append([])
        elif grammar is None:
            sides.append([_shaped(Part(*found)) for found in plain_parts(hunk, lines, sign)])
        else:
            sides.append(_Reader(lines, sign, hunk).parts(grammar))
    old, new = sides
    return Edits(hunk, old, new)


def _shaped(part: Part) -> Part:
    """A part recognised by its look alone."""
    exits = part.value.rpartition("; ")[2] if part.form is Form.GUARD else ""
    return replace(part, text=part.line.text.strip(), exits=exits)


class _Reader:
    """One side of a hunk on its way to parts."""

    def __init__(self, lines: list[Line], sign: str, hunk: Hunk) -> None:
        self.lines, self.found = lines, list[Part]()
        self.changed = [0, *accumulate(line.sign == sign for line in lines)]  # how many before each line
        self.offset, self.left, self.code = 0, MOST_NODES, hunk.role is Role.CODE
        self.start = Place(
            waits=bool(re.search(r"\basync\b|\bsuspend\b", hunk.heading)), function=hunk.heading
        )

    def parts(self, grammar: Grammar) -> list[Part]:
        root, self.offset = parsed("\n".join(line.text for line in self.lines), grammar)
        self._walk(root)
        for row, line in enumerate(self.lines):
            if self.changed[row + 1] > self.changed[row]:
                self.found += [
                    Part(Form.SETTING, name, value, line, self.start) for name, value in options(line.text)
                ]
        return self.found

    def _walk(self, root: "Node") -> None:
        """Every node that stands on a changed line, from the outside in; not recursive, as code may nest without end."""
        waiting = [(root, self.start, 0)]
        while waiting and self.left > 0:
            node, place, depth = waiting.pop()
            self.left -= 1
            if not self._touched(node.start_point[0], node.end_point[0]) or depth > DEEPEST_SYNTAX:
                continue
            form = FORMS.get(node.type)
            if form is Form.COMMENT or _documents(node):
                continue
            if not node.is_named:
                self._sign(node, place)
                continue
            within = self._take(node, form, place) if form else place
            if within is not None:
                special = form in _WITHIN or node.type in _AROUND
                waiting.extend(
                    (child, _inner(node, child, form, (place, within)) if special else within, depth + 1)
                    for child in reversed(node.children)
                    if child.child_count or child.type in _LEAF_SIGNS or child.type in FORMS
                )

    def _touched(self, first: int, last: int) -> bool:
        return touched(self.changed, first - self.offset, last - self.offset)

    def _add(
        self,
        form: Form,
        said: tuple[str, str],
        node: "Node",
        place: Place,
        row: int | None = None,
        exits: str = "",
    ) -> None:
        """Keep a part, with its name and value, on the line where it starts or on another one."""
        at = (node.start_point[0] if row is None else row) - self.offset
        if 0 <= at < len(self.lines):
            name, value = (" ".join(text.split())[:LONGEST_PART] for text in said)
            line = self.lines[at]
            self.found.append(Part(form, name, value, line, place, exits, JOINS.sub("", text_of(node)), node))

    def _sign(self, node: "Node", place: Place) -> None:
        """What a mere sign says: `?.`, `synchronized`."""
        if node.type in _SAFE_SIGNS:
            around = node.parent or node
            self._add(Form.SAFE, (node.type, text_of(around)), around, place, node.start_point[0])
        elif node.type == "using" and node.parent and node.parent.type == "local_declaration_statement":
            self._add(Form.SCOPE, ("using", text_of(node.parent)), node, place)
        elif node.type == "synchronized" and node.parent and node.parent.type == "modifiers":
            self._add(Form.MARK, ("synchronized", ""), node, place)

    def _take(self, node: "Node", form: Form, place: Place) -> Place | None:
        """Keep what a node says, and give what stands around its children; None where they say nothing."""
        ways = {
            Form.CALL: self._call,
            Form.SETTING: self._setting,
            Form.GUARD: self._guard,
            Form.FUNCTION: self._function,
            Form.BLOCK: self._block,
        }
        return ways[form](node, place) if form in ways else self._named(node, form, place)

    def _function(self, node: "Node", place: Place) -> Place:
        name = node.child_by_field_name("name")
        waits = place.waits or bool(re.search(r"\b(async|suspend)\b", text_of(node)[:80]))
        function = text_of(name) if name else place.function
        if name and self._touched(node.start_point[0], name.end_point[0]):
            self._add(Form.FUNCTION, (function, ""), name, place)
        return replace(place, function=function, waits=waits, loop=place.loop and name is None)

    def _block(self, node: "Node", place: Place) -> Place:
        labels = [child for child in node.named_children if child.type in {"identifier", "string_lit"}]
        return replace(place, path=(*place.path, *(text_of(child).strip('"') for child in labels)))

    def _named(self, node: "Node", form: Form, place: Place) -> Place:
        text, name = text_of(node), node.child_by_field_name("name")
        first = text.split("\n", 1)[0]
        starts = self._touched(node.start_point[0], node.start_point[0])
        match form:
            case Form.MARK:
                calls = next(
                    (child for child in node.named_children if FORMS.get(child.type) is Form.CALL), node
                )
                said = callee(calls)
                if starts:
                    self._add(form, said, node, place)
                return place if calls is not node else replace(place, path=(*place.path, said[0]))
            case Form.CASE if starts and node.named_children:
                self._add(form, (text_of(node.named_children[0]), text), node, place)
            case Form.LOOP | Form.FINALLY | Form.HANDLER if starts:
                self._add(form, (node.type, first), node, place)
            case Form.SAFE if self._touched(node.end_point[0], node.end_point[0]):
                self._add(form, (node.type, text), node, place, node.end_point[0])
            case Form.SCOPE if starts:
                self._add(form, ("", first.split("{", 1)[0]), node, place)
            case Form.LATER | Form.SPAWN | Form.THROW | Form.FIELD | Form.TEXT if starts or form is Form.TEXT:
                self._add(form, (text_of(name) if name else "", text), node, place)
            case _:
                pass
        return replace(
            place,
            loop=place.loop or form is Form.LOOP,
            final=place.final or form in {Form.FINALLY, Form.LATER},
            handler=place.handler or form is Form.HANDLER,
        )

    def _call(self, node: "Node", place: Place) -> Place | None:
        name, value = callee(node)
        if _LOG.search(name) and not _SETS_LOG.search(name):
            return None
        row = row_of_call(node)
        if self._touched(row, row):
            self._add(Form.CALL, (name, value), node, place, row)
        self._second(node, name, place)
        return replace(place, loop=place.loop or iterates(node, name), path=(*place.path, name[-60:]))

    def _second(self, node: "Node", name: str, place: Place) -> None:
        """The settings that a call makes: `setMax(4)`, `get("WORKERS", 4)`, `WithTimeout(ctx, 5 * time.Second)`."""
        given = next((child for child in node.children if child.type in ARGUMENTS), None)
        if given is None:
            return
        args = [
            text_of(child) for child in ([given] if given.type.endswith("literal") else given.named_children)
        ]
        row = given.start_point[0]
        quoted = len(args) == 2 and re.fullmatch(r"[\"':][\w.\-/]+[\"']?", args[0])
        if (
            name in _SUMS
            or not 0 < len(args) <= 4
            or not self._touched(row, given.end_point[0])
            or any(len(arg) > 120 for arg in args)
        ):
            return
        if quoted:
            self._add(Form.SETTING, (args[0].strip("\"':"), args[1]), given, place, row)
        last = re.split(r"[.:>\\]+", name)[-1]
        for n, arg in enumerate(args):
            unit = f", {args[n + 1]}" if n + 1 < len(args) and re.search(r"Unit\.\w+$", args[n + 1]) else ""
            if _AMOUNT.match(arg):
                self._add(Form.SETTING, (f"{last}#{n}" if n else last, arg + unit), given, place, row)

    def _setting(self, node: "Node", place: Place) -> Place | None:
        key, value = pair(node)
        if key is None:
            return place
        name = listed(node, text_of(key)).strip("\"'`$").rsplit("\n", 1)[-1]
        if value is None or value.end_point[0] - value.start_point[0] > 3 or holds(value):
            own = self._touched(key.start_point[0], key.start_point[0])
            if own and value is not None and self.code and text_of(key)[:1] in {"'", '"'}:
                self._add(Form.CASE, (name, text_of(value)), node, place)
            return replace(place, path=(*place.path, name)) if len(name) < 80 else place
        if self._touched(key.start_point[0], value.end_point[0]):
            self._add(Form.SETTING, (name, text_of(value)), node, place, value.start_point[0])
        return place

    def _guard(self, node: "Node", place: Place) -> Place | None:
        condition = node.child_by_field_name("condition") or next(iter(node.named_children), None)
        leaves = leaving(node)
        head = condition.end_point[0] if condition else node.start_point[0]
        rows = [*range(node.start_point[0], head + 1), *([leaves.start_point[0]] if leaves else [])]
        if condition is not None and any(self._touched(row, row) for row in rows):
            start = node.child_by_field_name("initializer")
            asked = (f"{text_of(start)}; " if start else "") + text_of(condition)
            self._add(Form.GUARD, (node.type, asked), node, place, exits=text_of(leaves) if leaves else "")
        return place


def _inner(node: "Node", child: "Node", form: Form | None, places: tuple[Place, Place]) -> Place:
    """What stands around one child: what is gone through is asked for once, before the loop."""
    outside, place = places
    if (form is Form.LOOP or node.type in {"for_in_clause", "range_clause"}) and child in {
        node.child_by_field_name("right"),
        node.child_by_field_name("value"),
    }:
        return replace(outside, loop=False) if form is not Form.LOOP else outside
    if form is Form.GUARD and child == (
        node.child_by_field_name("condition") or (node.named_children[:1] and node.named_children[0])
    ):
        return replace(place, guard=True)
    return replace(place, waits=True) if node.type in _AWAITS else place


def _documents(node: "Node") -> bool:
    """Whether a statement is a text of several lines and nothing else."""
    alone = (
        node.type == "expression_statement" and node.child_count == 1 and node.children[0].type == "string"
    )
    return alone and (node.text or b"").lstrip(b"rRuU")[:3] in {b'"""', b"'''"}
