"""Pages: those that come are documents, and what does not come is a sentence."""

import pytest

from lastgood.errors import NotFetchedError
from lastgood.outside.connectors import _pages
from lastgood.outside.connectors._pages import Page, paged
from lastgood.outside.connectors._registry import Document, Limit


def shown(found: list[Document | Limit]) -> list[str]:
    """Names of documents, and sentences."""
    return [one.name if isinstance(one, Document) else one.sentence for one in found]


def test_each_page_is_asked_for_with_what_the_one_before_gave() -> None:
    """An empty one is no document."""
    pages: dict[int, Page] = {0: ([3], 1), 1: ([], 2), 2: ([1], None)}

    assert ["x-01.json", "x-03.json"] == shown(list(paged("x", pages.__getitem__, "rows", str, first=0)))


def test_a_later_page_that_does_not_come_is_a_limit() -> None:
    """The first one is an error: there is nothing."""

    def ask(page: int) -> Page:
        if page:
            raise NotFetchedError("gone.")
        return [7], 1

    assert ["x-01.json", "rows before 7 did not come: gone."] == shown(
        list(paged("x", ask, "rows", str, first=0))
    )
    with pytest.raises(NotFetchedError, match="gone"):
        list(paged("x", ask, "rows", str, first=1))


def test_pages_without_end_are_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the time of the last row that came."""
    monkeypatch.setattr(_pages, "PAGES", 2)
    found = shown(list(paged("x", lambda page: ([9 - page], page + 1), "rows", str, first=0)))

    assert ["x-01.json", "x-02.json", "rows before 8 were left out: 2 pages are read"] == found
