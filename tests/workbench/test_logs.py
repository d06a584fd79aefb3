"""Searching lines: what matches, what is around, what comes in."""

from datetime import UTC, timedelta

import pytest

from lastgood.errors import NoDataError
from lastgood.model.window import Window
from lastgood.workbench.logs import Asked, follow, histogram, patterns_of, search
from lastgood.workbench.store import Store
from lives import DAY, NOW, after, write_lines


def asked(query: str) -> Asked:
    """A query put at three in the afternoon."""
    return Asked(query, NOW, UTC)


def some_lines(store: Store) -> None:
    """Twenty lines of two services, every tenth an error."""
    write_lines(
        store,
        *(
            (after(n * 1000), "ab"[n % 2], 17 if n % 10 == 9 else 9, f"job {n} took {n} ms")
            for n in range(20)
        ),
    )


def test_the_newest_lines_oldest_first(store: Store) -> None:
    """A limit keeps the newest, and is distinguished from no match and no data."""
    some_lines(store)

    found = search(store, asked("level:info"), limit=3)

    assert ["job 16 took 16 ms", "job 17 took 17 ms", "job 18 took 18 ms"] == [
        line.body for line in found.lines
    ]
    assert (18, 20, True) == (found.matched, found.searched, found.cut_off)
    none = search(store, asked("nothing"), limit=3)
    assert (0, 20, False) == (none.matched, none.searched, none.cut_off)


def test_no_lines_at_all(store: Store) -> None:
    """An empty store is refused; an empty window is an answer."""
    with pytest.raises(NoDataError):
        search(store, asked("x"), limit=1)
    some_lines(store)
    elsewhere = Asked("x", NOW, UTC, window=Window(DAY.end, DAY.end + timedelta(hours=1)))

    assert 0 == search(store, elsewhere, limit=1).searched


def test_context_is_of_the_same_service(store: Store) -> None:
    """One line before and after each match, marked as not matching."""
    some_lines(store)

    found = search(store, asked("level:error"), limit=50, around=1)

    assert [(7, False), (9, True), (11, False), (17, False), (19, True)] == [
        (int(line.body.split()[1]), line.matched) for line in found.lines
    ]


def test_a_limit_counts_matches_and_not_their_context(store: Store) -> None:
    """The newest match with the lines around it, and nothing of the older one."""
    some_lines(store)

    found = search(store, asked("level:error"), limit=1, around=2)

    assert [(15, False), (17, False), (19, True)] == [
        (int(line.body.split()[1]), line.matched) for line in found.lines
    ]
    assert found.cut_off


def test_a_histogram_counts_levels(store: Store) -> None:
    """Equal stretches over the whole window, by level."""
    some_lines(store)

    found = histogram(store, asked(""), buckets=2)

    assert 20 == sum(sum(counts.values()) for counts in found.counts)
    assert 2 == sum(counts.get("error", 0) for counts in found.counts)


def test_patterns_are_counted(store: Store) -> None:
    """Lines that differ in numbers are one pattern of their service."""
    some_lines(store)

    found = patterns_of(store, asked("job"), limit=1)

    (pattern,) = found.patterns
    assert (10, 2, 20) == (pattern.count, found.total, found.searched)
    assert "job <*> took <*> ms" == pattern.template


def test_following_gives_each_line_once(store: Store) -> None:
    """Lines that come in between two looks are given in order, also late ones, and never again."""
    write_lines(store, (NOW - timedelta(seconds=2), "a", 9, "first"))
    later = [
        (NOW + timedelta(seconds=1), "a", 9, "third"),
        (NOW - timedelta(seconds=1), "a", 9, "second, late"),
    ]

    def wait() -> None:
        if later:
            write_lines(store, later.pop())
            write_lines(store, later.pop())

    since = Asked("", NOW, UTC, window=Window(NOW - timedelta(minutes=1), NOW))
    lines = follow(store, since, clock=lambda: NOW, wait=wait, refresh=lambda: None)

    assert ["first", "second, late", "third"] == [next(lines).body for _ in range(3)]


def test_following_without_a_start_gives_only_what_is_new(store: Store) -> None:
    """Lines from before are not repeated, however old the new ones' times are."""
    write_lines(store, (after(0), "a", 9, "old"))
    lines = follow(
        store, asked(""), clock=lambda: NOW, wait=lambda: write_lines(store, (after(5), "a", 9, "new")),
        refresh=lambda: None,
    )  # fmt: skip

    assert "new" == next(lines).body
