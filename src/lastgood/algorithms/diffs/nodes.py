"""What one node of a tree says, in any language: what it calls, sets and leaves by."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from lastgood.algorithms.diffs.grammars import ARGUMENTS, FORMS, LAMBDAS, LEAVES, Form
from lastgood.algorithms.diffs.parts import text_of

if TYPE_CHECKING:
    from tree_sitter import Node

_ITERATES = re.compile(
    r"(^|[.>:])(for_?each|each\w*|map|flat_?map|select|collect|filter_map|for_each|forEach|flatMap|Select|SelectMany|ForEach|associate\w*|mapNotNull)$"
)


def iterates(node: "Node", name: str) -> bool:
    """Whether a call does what it is given for each of several things."""
    return bool(_ITERATES.search(name)) and any(_is_lambda(child, node) for child in _around(node))


def _around(node: "Node") -> Iterator["Node"]:
    for child in node.named_children:
        yield child
        if child.type in ARGUMENTS:
            for given in child.named_children:
                yield given
                yield from given.named_children[:1]


def _is_lambda(child: "Node", call: "Node") -> bool:
    return child.type in LAMBDAS or (child.type == "method_reference" and call.type != child.type)


def callee(node: "Node") -> tuple[str, str]:
    """What a node calls, without what its receivers were given, and with what."""
    arguments = next((child for child in node.children if child.type in ARGUMENTS), None)
    end = arguments or next((child for child in node.children if child.type in LAMBDAS), None)
    text = node.text or b""
    name = (text[: end.start_byte - node.start_byte] if end is not None else text).decode("utf-8", "replace")
    value = text_of(arguments) if arguments else ""
    return _plain_name(name), value


def _plain_name(text: str) -> str:
    """A path of names without what stands in brackets: `db.Where.Find` of `db.Where("a = ?", b).Find`."""
    found, depth = list[str](), 0
    for piece in re.split(r"([()\[\]{}])", text[-2000:]):
        depth += piece in {"(", "[", "{"}
        if depth <= 0 and piece not in {")", "]", "}"}:
            found.append(piece)
        depth -= piece in {")", "]", "}"}
    name = "".join("".join(found).split()).removeprefix("await").removeprefix("new").lstrip("@#!&*")
    return re.sub(r"<.*?>|\\?$", "", name)[-120:] if name else ""


def row_of_call(node: "Node") -> int:
    """The line of the name that is called, which is the last of a chain."""
    end = next((child for child in node.children if child.type in ARGUMENTS or child.type in LAMBDAS), None)
    return int(end.start_point[0] if end is not None else node.end_point[0])


def pair(node: "Node") -> tuple["Node | None", "Node | None"]:
    """The name and the value of what sets one."""
    for name, value in (
        ("left", "right"),
        ("name", "value"),
        ("key", "value"),
        ("pattern", "value"),
        ("name", "default"),
        ("label", "body"),
    ):
        if key := node.child_by_field_name(name):
            held = node.child_by_field_name(value)
            rest = [child for child in node.named_children if child != key]
            return key, held or (rest[-1] if rest and not node.type.endswith("parameter") else None)
    children = node.named_children
    signs = any(not child.is_named and child.type in {"=", "=>", ":", ":="} for child in node.children)
    return (
        (children[0], children[-1]) if len(children) >= 2 and (signs or node.type == "pair") else (None, None)
    )


def listed(node: "Node", key: str) -> str:
    """The name of a setting; of a list's `name: A, value: b` it is A."""
    if key.strip("\"'") != "value" or node.parent is None:
        return key
    pairs = (pair(child) for child in node.parent.named_children)
    return next(
        (text_of(value) for name, value in pairs if name and value and text_of(name).strip("\"'") == "name"),
        key,
    )


def holds(value: "Node") -> bool:
    """Whether a value is made of settings of its own."""
    kind = value.type
    if value.named_child_count == 0:
        return False
    if kind in LAMBDAS or kind in {
        "object",
        "dictionary",
        "inline_table",
        "flow_mapping",
        "block_mapping",
        "array_creation_expression",
        "hash",
    }:
        return True
    inner = [child for child in value.named_children if FORMS.get(child.type) is not Form.COMMENT]
    return (
        kind in {"block_node", "flow_node", "expression", "collection_value", "literal_element"}
        and len(inner) == 1
        and holds(inner[0])
    )


def leaving(node: "Node") -> "Node | None":
    """The statement by which the body of a condition leaves."""
    body = node.child_by_field_name("consequence") or node.child_by_field_name("body")
    if body is None and node.type not in {"conditional_expression", "ternary_expression", "conditional"}:
        body = next(iter(node.named_children[1:2]), None)
    waiting = [body] if body is not None else []
    for _ in range(60):
        if not waiting:
            return None
        one = waiting.pop()
        if one.type in LEAVES:
            return one
        if FORMS.get(one.type) in {None, Form.BLOCK, Form.CALL} and one.type not in LAMBDAS - {"block"}:
            if FORMS.get(one.type) is Form.CALL and re.match(
                r"panic|abort|fail|raise|exit|die|process\.exit|head|render|throw", text_of(one)
            ):
                return one
            waiting.extend(one.named_children)
    return None
