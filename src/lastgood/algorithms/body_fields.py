"""Body fields: a JSON body as its paths and values."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

MOST_OF_PATHS = 1 << 22  # characters of all JSON paths of a body, which may be far more than the body


def body_fields(body: str) -> Sequence[tuple[str, str]]:
    """JSON paths and values as JSON text; the whole text where it is none, or too deep or wide to take apart."""
    found, size = [], 0
    try:
        for path, value in _paths(json.loads(body), "$") if body else ():
            found.append((path, value))
            size += len(path)
            if size > MOST_OF_PATHS:
                return [("", body)]
    except (ValueError, RecursionError):
        return [("", body)]
    return found


def _paths(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict) and value:
        for name, one in value.items():
            yield from _paths(one, f"{path}.{name}")
    elif isinstance(value, list) and value:
        for place, one in enumerate(value):
            yield from _paths(one, f"{path}[{place}]")
    else:
        yield path, json.dumps(value, ensure_ascii=False)
