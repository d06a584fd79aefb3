"""YAML as plain values: mappings, lists and scalars, whatever tags a program of another language put before them."""

from collections.abc import Iterator
from typing import Any

import yaml

LARGEST = 32 * 1024 * 1024  # bytes; parsing takes some ten times the room


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
    """Nothing is made of a tag but the value behind it."""


def _untagged(loader: yaml.CSafeLoader, suffix: str, node: yaml.Node) -> Any:
    del suffix
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return node.value


_Plain.add_multi_constructor("", _untagged)
# Times stay texts: whoever reads them knows of which zone they are.
_Plain.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in found if tag != "tag:yaml.org,2002:timestamp"]
    for first, found in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def documents(content: bytes) -> Iterator[Any]:
    """Every document of a text.

    Raises:
        ValueError: it is no YAML, or larger than LARGEST.
    """
    if len(content) > LARGEST:
        raise ValueError(f"YAML of more than {LARGEST >> 20} MiB is not read")
    try:
        yield from yaml.load_all(content, _Plain)
    except _BAD as wrong:
        raise ValueError(f"it is no YAML: {str(wrong)[:200]}") from wrong
