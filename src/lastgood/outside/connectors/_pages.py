"""Answers that come page by page, the newest first: what does not come is said."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

import orjson

from lastgood.errors import NotFetchedError
from lastgood.outside.connectors._registry import Document, Limit
from lastgood.outside.connectors.limits import PAGES

_T = TypeVar("_T")
Page = tuple[list[Any], Any]  # its rows, and what to ask the next one with: None behind the last


def paged(
    name: str,
    ask: Callable[[Any], Page],
    what: str,
    moment: Callable[[Any], object],
    *,
    first: Any = None,
    written: Callable[[list[Any]], bytes] = orjson.dumps,
) -> Iterator[Document | Limit]:
    """A document for each page: `NAME-01.json`.

    `ask` is given what the page before returned, `first` for the first one. `what` and the `moment` of the last row are for the
    sentence on what is missing: "deployments before 2026-11-30T02:00:00Z".

    Raises:
        NotFetchedError: not even the first page came.
    """
    cursor, last = first, ""
    for number in range(1, PAGES + 1):
        try:
            rows, cursor = ask(cursor)
        except NotFetchedError as problem:
            if number == 1:
                raise
            yield Limit(f"{what} before {last} did not come: {problem.message}")
            return
        if rows:
            last = str(moment(rows[-1]))
            yield Document(f"{name}-{number:02}.json", written(rows))
        if cursor is None:
            return
    yield Limit(f"{what} before {last} were left out: {PAGES} pages are read")


def bunches(rows: Sequence[_T], size: int) -> Iterator[Sequence[_T]]:
    """Rows that are asked for together, so many at a time."""
    return (rows[begin : begin + size] for begin in range(0, len(rows), size))
