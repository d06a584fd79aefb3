"""Runs of jobs that a change made."""

from dataclasses import replace
from pathlib import Path

from inspections.scenes import case
from inspections.test_mitigation import asked, options, weighed
from lastgood.inspections.mitigation.runs import runs_of
from lastgood.model.answers import ChangesWeighed, FailureClass
from lastgood.model.change import ChangeKind
from lastgood.model.failure import FailureKind
from lastgood.workbench.store import Store


def test_the_runs_of_a_change_are_those_within_it() -> None:
    """Not those of others, and no commits."""
    (one,) = weighed("commit").ranked
    run = replace(one, change_id="r", kind=ChangeKind.CRON, within=one.change_id)
    other, commit = replace(run, within="x"), replace(one, change_id="d", within=one.change_id)

    assert [run] == runs_of(case(ChangesWeighed((one, run, other, commit))), one)


def test_the_run_of_a_job_is_stopped_before_the_change_that_made_it_is_undone(
    store: Store, tmp_path: Path
) -> None:
    """And what a class says of some job adds nothing to it."""
    (one,) = weighed("commit").ranked
    run = replace(
        one, change_id="r", kind=ChangeKind.CRON, service="db9", title="/opt/reprice --all", within="c-1"
    )
    locks = FailureClass(FailureKind.LOCK_CONTENTION, "orders", 0.9, "deadlock found")
    found = options(asked(store, tmp_path, "", "errors=0.2%", ChangesWeighed((one, run)), locks))
    kinds = [option.kind for option in found.ranked]

    assert ("stop_job", "/opt/reprice --all") == (found.ranked[0].kind, found.ranked[0].target)
    assert ["rollback"] == kinds[1:2]
    assert 1 == kinds.count("stop_job")
