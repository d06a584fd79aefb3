"""About a store: only where locks were seen a query is ended, and never at an instance of who calls it."""

from dataclasses import replace
from pathlib import Path

import pytest

from inspections.scenes import case
from inspections.test_mitigation import asked, options, weighed
from lastgood.algorithms.diffs.kinds import EffectKind
from lastgood.inspections.mitigation.stores import locks_seen, store_of, work_on
from lastgood.model.answers import ChangesWeighed, ChangeVerdict, Culprit, Culprits, FailureClass
from lastgood.model.failure import FailureKind
from lastgood.workbench.store import Store

STORE = "pg-eu-1b.internal"
SLOW = FailureClass(FailureKind.SLOW_DATABASE, STORE, 0.7, f"the time is spent in {STORE}")
TIMED_OUT = Culprits(
    (Culprit("orders", "orders-eu-1b", STORE, "database", 0.9, "canceling statement due to statement timeout"),)
)  # fmt: skip


def work(title: str, service: str = "postgres", verdict: ChangeVerdict = ChangeVerdict.POSSIBLE) -> ChangesWeighed:  # fmt: skip
    """A change of the settings of a store, as a suspect."""
    (one,) = weighed("config", verdict, service).ranked
    return ChangesWeighed((replace(one, title=title),))


@pytest.mark.parametrize(
    ("because", "locked"),
    [
        ("canceling statement due to statement timeout", False),
        ("clocks and blocks of the disk", False),
        ("deadlock detected", True),
        ("could not obtain lock on row", True),
        ("pg_locks_waiting rose", True),
    ],
)
def test_a_query_is_ended_where_locks_were_seen(
    store: Store, tmp_path: Path, because: str, locked: bool
) -> None:
    """A statement that ran out of time waits for anything; what cannot be undone needs more."""
    (one,) = TIMED_OUT.ranked
    culprits = Culprits((replace(one, because=because),))
    ranked = options(asked(store, tmp_path, "", "errors=0.2%", SLOW, culprits)).ranked

    assert locked is locks_seen(case(culprits), SLOW)
    assert locked is ("end_blockers" in [option.kind for option in ranked])
    assert {STORE} == {option.target for option in ranked}


def test_contention_is_of_locks() -> None:
    """Its class says so, or that there are signs of it too."""
    other = replace(SLOW, name=FailureKind.OVERLOAD)

    assert locks_seen(case(), replace(SLOW, name=FailureKind.LOCK_CONTENTION))
    assert locks_seen(case(), replace(SLOW, also=(FailureKind.LOCK_CONTENTION,)))
    assert (STORE, "") == (store_of(case(), other), store_of(case(), replace(other, subject="orders")))


def test_work_on_the_store_that_may_be_the_cause_is_stopped(store: Store, tmp_path: Path) -> None:
    """It is offered first, and as what it is: possible."""
    reindex = work("pg-eu-1b: reindex products started")
    first = options(asked(store, tmp_path, "", "errors=0.2%", SLOW, TIMED_OUT, reindex)).ranked[0]

    assert "stop_job" == first.kind
    assert "reindex products started" in first.target
    assert "only a possible cause" in first.because


@pytest.mark.parametrize(
    "other",
    [
        work("pg-us-1: reindex products started"),
        work("pg-eu-1b: reindex products started", verdict=ChangeVerdict.UNLIKELY),
        work("pg-eu-1b: new password"),
    ],
)
def test_other_changes_are_not_stopped(other: ChangesWeighed) -> None:
    """Of another store, unlikely, or nothing that runs."""
    assert [] == [*work_on(case(other), STORE)]


@pytest.mark.parametrize(("culprit", "kept"), [("orders", True), ("postgresql", False)])
def test_a_store_serves_no_kept_answers(store: Store, tmp_path: Path, culprit: str, *, kept: bool) -> None:
    """Whoever calls it may."""
    slow = FailureClass(FailureKind.DEPENDENCY_SLOW, "ledger", 0.9, "its calls are late")
    culprits = Culprits((Culprit(culprit, None, None, "code", 0.8, "x"),))
    found = options(asked(store, tmp_path, "", "errors=0.2%", slow, culprits)).ranked

    assert kept is any(one.kind == "serve_stale" for one in found)


def test_a_schema_goes_back_with_no_code(store: Store, tmp_path: Path) -> None:
    """What dropped an index is undone in the store; what locks is ended; what changes code only goes back with it."""
    found = []
    for effects in (
        (EffectKind.INDEX_DROPPED.value,),
        (EffectKind.LOCKING_MIGRATION.value,),
        (EffectKind.WORK_ADDED.value,),
    ):
        (one,) = weighed("commit").ranked
        changes = ChangesWeighed((replace(one, effects=effects),))
        found.append(options(asked(store, tmp_path, "", "errors=0.2%", changes)).ranked[0].kind)

    assert ["roll_forward", "end_blockers", "rollback"] == found
