"""Troubles: words for each, and rows of an answer by their columns."""

from lastgood.model.failure import FAILURES
from lastgood.model.trouble import (
    SYSTEM_NAMES,
    TROUBLE_WORDS,
    CheckVerdict,
    LiveAnswer,
    Runbook,
    System,
    Trouble,
    TroubleCheck,
)


def test_every_trouble_and_system_has_its_words() -> None:
    """And every class of failure that has a runbook has one that exists."""
    assert set(Trouble) == set(TROUBLE_WORDS)
    assert set(System) == set(SYSTEM_NAMES)
    assert set(Trouble) >= {one.trouble for one in FAILURES.values() if one.trouble}


def test_rows_are_read_by_their_columns() -> None:
    """Each with all columns."""
    answer = LiveAnswer(
        System.REDIS, "redis://h", "redis-slow", "SLOWLOG GET", ("id", "seconds"), ((1, 0.5), (2, 0.1))
    )

    assert ({"id": 1, "seconds": 0.5}, {"id": 2, "seconds": 0.1}) == answer.records


def test_checks_are_found_by_what_they_say() -> None:
    """In their order."""
    checks = tuple(
        TroubleCheck(n, f"c{n}", "?", said, "", True)
        for n, said in enumerate((CheckVerdict.NO, CheckVerdict.YES, CheckVerdict.NO))
    )

    assert (checks[0], checks[2]) == Runbook(Trouble.GC, checks).saying(CheckVerdict.NO)
