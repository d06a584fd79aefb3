"""Verdicts on what a running system answered; on real systems: workbench/test_trouble."""

import pytest

from lastgood.algorithms.live_questions import HIDDEN
from lastgood.inspections.trouble.answered import live
from lastgood.inspections.trouble.checks import CHECKS, Live
from lastgood.inspections.trouble.looked import Looked
from lastgood.inspections.trouble.weights import CONNECTIONS_USED, LOCK_WAITED, MEMORY_FULL
from lastgood.model.sql_answer import Cell
from lastgood.model.trouble import CheckVerdict, LiveAnswer, Trouble, TroublesAsked

YES, NO, CANNOT_TELL, ASK = CheckVerdict
LOOKS = {check.name: check.look for check in CHECKS if isinstance(check.look, Live)}
_BLOCKED = ("pid", "blocked_by", "seconds", "blocker_state", "query", "blocker_query")


def answer(name: str, columns: tuple[str, ...], *rows: tuple[Cell, ...], problem: str = "") -> LiveAnswer:
    """What a system said to the question of a check."""
    look = LOOKS[name]
    return LiveAnswer(look.system, "db", look.question, "SELECT", columns, rows, problem)


def verdict(name: str, *answers: LiveAnswer) -> tuple[CheckVerdict, str]:
    """The verdict of the check, and its reason."""
    seen = live(LOOKS[name], Looked(None, TroublesAsked((), answers)), Trouble.DATABASE)
    return seen.verdict, seen.because


def waits(seconds: float | str | None) -> tuple[Cell, ...]:
    """A session that waits for another."""
    return 11, 12, seconds, "idle in transaction", "UPDATE a", "UPDATE b"


@pytest.mark.parametrize(
    ("seconds", "expected"), [(LOCK_WAITED, YES), (f"{LOCK_WAITED:.6f}", YES), (LOCK_WAITED - 0.1, NO)]
)
def test_the_longest_wait_decides(seconds: float | str, expected: CheckVerdict) -> None:
    """From its row on; decimals come as text."""
    assert expected is verdict("pg-blocked", answer("pg-blocked", _BLOCKED, waits(0), waits(seconds)))[0]


def test_a_share_of_a_limit_that_is_not_set_cannot_tell() -> None:
    """Redis without maxmemory may fill the machine; that is another check."""
    columns = ("used_memory", "maxmemory", "evicted_keys")
    found = [
        verdict("redis-memory", answer("redis-memory", columns, (used, limit, 0)))[0]
        for used, limit in ((1000 * MEMORY_FULL, 1000), (1000 * MEMORY_FULL - 1, 1000), (10, 0))
    ]

    assert [YES, NO, CANNOT_TELL] == found


def test_sessions_that_may_not_be_seen_are_no_no() -> None:
    """A yes is a yes; else the right is named."""
    hidden = (11, 12, None, None, HIDDEN, HIDDEN)

    assert CANNOT_TELL is verdict("pg-blocked", answer("pg-blocked", _BLOCKED, hidden))[0]
    assert YES is verdict("pg-blocked", answer("pg-blocked", _BLOCKED, hidden, waits(9)))[0]
    assert NO is verdict("pg-blocked", answer("pg-blocked", _BLOCKED))[0]


def test_a_refused_connection_is_exhaustion_only_if_it_says_so() -> None:
    """And only for the check of connections."""
    full = "cannot be reached: FATAL: sorry, too many clients already"

    assert YES is verdict("pg-connections", answer("pg-connections", (), problem=full))[0]
    assert (
        CANNOT_TELL is verdict("pg-connections", answer("pg-connections", (), problem="no answer in time"))[0]
    )
    assert CANNOT_TELL is verdict("pg-blocked", answer("pg-blocked", (), problem=full))[0]


def test_of_several_databases_the_worst_is_said() -> None:
    """A yes before what cannot tell before a no; no one asked: the command."""
    columns = ("used", "most", "active", "idle")
    limit = int(100 * CONNECTIONS_USED)
    calm, full = ((columns, (used, 100, 1, 2)) for used in (limit - 1, limit))
    answers = [answer("pg-connections", *one) for one in (calm, full)]

    assert (YES, f"db: {limit} of 100 connections are in use (1 active, 2 idle)") == verdict(
        "pg-connections", *answers
    )
    assert NO is verdict("pg-connections", answers[0])[0]
    assert ASK is verdict("pg-connections")[0]
