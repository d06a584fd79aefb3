"""YAML as plain values: mappings, lists and scalars, whatever tags a program of another language put before them."""

from collections.abc import Iterator
from typing import Any

import yaml

from lastgood.model.figures import count

LARGEST = 32 * 1024 * 1024  # bytes
MOST_VALUES = (
    3_000_000  # of one document: while it is read each takes some 450 bytes, so that 2 GB are enough
)
_MARKS = (b"\n", b",", b":", b"[", b"{", b"-", b"?")  # each value has one of them before it or behind it
_DIGITS = 19

_BAD = (
    yaml.YAMLError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    RecursionError,
    ArithmeticError,
)


class _Plain(yaml.CSafeLoader):
    """Nothing is made of a tag but the value behind it, and of no alias more than a text might hold."""

    def construct_document(self, node: yaml.Node) -> Any:
        _unfolded(node, {})
        return super().construct_document(node)


def _unfolded(node: yaml.Node, known: dict[int, int | None]) -> int:
    """How many values and characters a node holds with every alias in full."""
    if isinstance(node, yaml.ScalarNode):
        return 1 + len(node.value)
    if id(node) not in known:
        known[id(node)] = None
        pairs = isinstance(node, yaml.MappingNode)
        parts = (part for pair in node.value for part in pair) if pairs else node.value
        known[id(node)] = 1 + sum(_unfolded(part, known) for part in parts)
    size = known[id(node)]
    if size is None:
        raise ValueError("a value holds itself")
    if size > LARGEST:
        raise ValueError("its aliases repeat too much")
    return size


def _untagged(loader: yaml.CSafeLoader, suffix: str, node: yaml.Node) -> Any:
    del suffix
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return node.value


def _whole_number(loader: Any, node: yaml.ScalarNode) -> Any:
    """A number; what is a time of day or longer than any count stays a text."""
    written = loader.construct_scalar(node)
    return loader.construct_yaml_int(node) if len(written) <= _DIGITS and ":" not in written else written


def _written(loader: Any, node: yaml.Node) -> Any:
    return loader.construct_scalar(node)


_Plain.add_multi_constructor("", _untagged)
_Plain.add_constructor("tag:yaml.org,2002:int", _whole_number)
# A version 1.10 is not 1.1.
_Plain.add_constructor("tag:yaml.org,2002:float", _written)
# Times stay texts: whoever reads them knows of which zone they are.
_Plain.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in found if tag != "tag:yaml.org,2002:timestamp"]
    for first, found in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def _values(content: bytes) -> int:
    """How many values the largest document has; counted no further than MOST_VALUES."""
    most = found = 0
    for event in yaml.parse(content, _Plain):
        if isinstance(event, yaml.DocumentStartEvent):
            found = 0
        found += isinstance(event, yaml.NodeEvent)
        most = max(most, found)
        if most > MOST_VALUES:
            break
    return most


def documents(content: bytes) -> Iterator[Any]:
    """Every document of a text.

    Raises:
        ValueError: it is no YAML, or larger than LARGEST or MOST_VALUES.
    """
    if len(content) > LARGEST:
        raise ValueError(f"YAML of more than {LARGEST >> 20} MiB is not read")
    try:
        too_many = 2 * sum(map(content.count, _MARKS)) > MOST_VALUES and _values(content) > MOST_VALUES
        if not too_many:
            yield from yaml.load_all(content, _Plain)
    except _BAD as wrong:
        raise ValueError(f"it is not YAML: {str(wrong)[:200]}") from wrong
    if too_many:
        raise ValueError(
            f"a YAML document of more than {count(MOST_VALUES)} values is not read: it does not fit into memory. "
            "Load parts of it, or the same as JSON lines."
        )
