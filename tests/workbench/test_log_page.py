"""The page of logs: the newest lines are looked for where the counts say that they are."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lastgood.model.window import Window
from lastgood.workbench import log_page
from lastgood.workbench.log_page import logs_page
from lastgood.workbench.service import Service
from lastgood.workbench.store import Store
from lives import NOW, after, write_lines
from services import service_over

WINDOW = Window(after(0), after(60_000))


@pytest.fixture
def service(store: Store, tmp_path: Path) -> Iterator[Service]:
    """A line a second for a minute; errors only at its start."""
    write_lines(store, *((after(n * 1000), "web", 17 if n < 3 else 9, f"job {n}") for n in range(60)))
    with service_over(store, tmp_path, lambda: NOW) as opened:
        yield opened


@pytest.mark.parametrize(
    ("query", "matched", "bodies"),
    [
        ("", 60, ["job 58", "job 59"]),
        ("level:error", 3, ["job 1", "job 2"]),
        ("nothing", 0, []),
    ],
)
def test_the_newest_lines_are_found_wherever_they_are(
    service: Service, monkeypatch: pytest.MonkeyPatch, query: str, matched: int, bodies: list[str]
) -> None:
    """At the end of the window, at its start, or nowhere; all are counted."""
    monkeypatch.setattr(log_page, "MOST_MATCHES", 2)
    page = logs_page(service, query, WINDOW, around=0, patterns=False)

    assert (matched, 60) == (page.found.matched, page.found.searched)
    assert bodies == [line.body for line in page.found.lines]
    assert matched == sum(sum(one.values()) for one in page.histogram.counts)
    assert page.patterns is None


def test_the_lines_around_are_of_the_whole_window(service: Service) -> None:
    """Also of those before the newest match."""
    page = logs_page(service, "level:error", WINDOW, around=2, patterns=True)

    assert ["job 0", "job 1", "job 2", "job 3", "job 4"] == [line.body for line in page.found.lines]
    assert page.patterns is not None
    assert (1, "job 0") == (page.patterns.total, page.patterns.patterns[0].sample)
