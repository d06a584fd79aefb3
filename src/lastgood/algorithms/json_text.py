"""JSON text of any values that a parser of JSON gives, however deep, large or odd: writing them never fails.

The fast writer refuses what the readers take: objects and lists 255 deep or more, integers beyond 64 bits, halves
of surrogate pairs. Those are written by a slower one that keeps no stack.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

_END = object()


def json_text(value: Any) -> bytes:
    """A value as JSON in UTF-8, without white space. Half a surrogate pair becomes U+FFFD, no number becomes null."""
    try:
        return orjson.dumps(value)
    except (TypeError, RecursionError):  # orjson.JSONEncodeError is a TypeError
        return "".join(_parts(value)).encode()


def _parts(value: Any) -> Iterator[str]:
    """The text of a value piece by piece. The stack is a list, so no depth is too deep."""
    stack: list[
        tuple[Iterator[Any], str]
    ] = []  # what is still to be written of a list or object, and its end
    item: Any = value
    while True:
        if isinstance(item, Mapping | list | tuple):
            is_object = isinstance(item, Mapping)
            yield "{" if is_object else "["
            stack.append((iter(item.items() if is_object else item), "}" if is_object else "]"))  # type: ignore[union-attr]
            first = True
        else:
            yield _plain(item)
            first = False
        while stack and (item := next(stack[-1][0], _END)) is _END:
            yield stack.pop()[1]
            first = False
        if not stack:
            return
        if not first:
            yield ","
        if stack[-1][1] == "}":
            name, item = item
            yield f"{_plain(name if isinstance(name, str) else str(name))}:"


def _plain(value: Any) -> str:
    """A value that holds no others."""
    if isinstance(value, int) and not isinstance(value, bool):
        return _digits(value)
    if value is None or isinstance(value, bool | float):
        return orjson.dumps(value).decode()
    return orjson.dumps(_whole(value if isinstance(value, str) else str(value))).decode()


def _digits(value: int) -> str:
    try:
        return str(int(value))
    except ValueError:  # more digits than Python writes in reasonable time
        return f'"{value:#x}"'


def _whole(text: str) -> str:
    """The text with its surrogate pairs joined, and U+FFFD for every half of one."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
