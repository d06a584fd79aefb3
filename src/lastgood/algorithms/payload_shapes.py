"""Payload shapes: few of many payloads that together have every shape of value at every place.

A shape is what code stumbles over: null, empty, a length or number of another order, another alphabet, a time with or
without its zone, more items, a field that is absent. Chosen greedily (set cover).
"""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
_ZONE = re.compile(r"(?:Z|[+-]\d\d:?\d\d)$")


def shapes_of(body: str) -> frozenset[str]:
    """The shapes of values of a payload, with their places; of one that is no JSON, that of its text."""
    try:
        return frozenset(_walked(json.loads(body), "$"))
    except (ValueError, RecursionError):
        return frozenset({f"text {_of_text(body)}"})


def covering(bodies: Sequence[str], most: int) -> tuple[int, ...]:
    """The positions of at most so many payloads that cover the most shapes; nothing that adds none."""
    shapes = [shapes_of(body) for body in bodies]
    chosen, covered = list[int](), set[str]()
    while len(chosen) < most:
        best = max(range(len(bodies)), key=lambda n: (len(shapes[n] - covered), -n), default=None)
        if best is None or not shapes[best] - covered:
            break
        chosen.append(best)
        covered |= shapes[best]
    return tuple(chosen)


def _walked(value: Any, place: str) -> Iterator[str]:
    if isinstance(value, dict):
        yield f"{place} {'fields' if value else 'no field'}"
        for name, one in value.items():
            yield from _walked(one, f"{place}.{name}")
    elif isinstance(value, list):
        yield f"{place} {_size(len(value))} items"
        for one in value:
            yield from _walked(one, f"{place}[]")
    elif isinstance(value, str):
        yield f"{place} {_of_text(value)}"
    elif value is None or isinstance(value, bool):
        yield f"{place} {value}"
    else:
        sign = "-" if value < 0 else ""
        whole = "" if isinstance(value, int) else " with a fraction"
        yield f"{place} {sign}{_size(int(abs(value)) if abs(value) < 1e300 else 10**300)}{whole}"


def _of_text(text: str) -> str:
    if _TIME.match(text):
        return "time with a zone" if _ZONE.search(text) else "time without a zone"
    letters = "plain" if text.isascii() else "other letters"
    spaced = " with blanks around" if text != text.strip() else ""
    return f"{_size(len(text))} {letters}{spaced}"


def _size(number: int) -> str:
    """The order of a number: 0, 1, and by its digits."""
    return str(number) if number < 2 else f"{len(str(number))} digits"
