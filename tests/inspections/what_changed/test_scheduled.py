"""Changes to jobs, which show when the job runs."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cases import case_of, reported
from inspections.scenes import ONSET, SCENE, change
from lastgood.algorithms.change_lineage import Origin
from lastgood.algorithms.change_timing import timing
from lastgood.inspections.what_changed import scheduled
from lastgood.inspections.what_changed.content import read_content
from lastgood.inspections.what_changed.scheduled import first_runs, taken_with_runs
from lastgood.inspections.what_changed.suspects import Suspect
from lastgood.inspections.what_changed.weights import HOOK_NEAR, JOB_LETTERS, JOB_NEAR, RUN_ALONE
from lastgood.model.change import Change
from lastgood.workbench.store import Store

WORLD = f"""
scenario  a job that is scheduled anew
seed      5
time      {ONSET - timedelta(minutes=50):%Y-%m-%d %H:%M} .. {ONSET + timedelta(minutes=10):%H:%M}
logs      db-1 info "served" rate=1/s
change    commit ops "dump.sh every four hours" id=abc at {ONSET - timedelta(minutes=40):%H:%M}
change    commit ops "grafana colours" id=def at {ONSET - timedelta(minutes=30):%H:%M}
"""
RUN = change("cron/db-1/dump.sh/1", "cron", 1, "db-1", title="/usr/local/bin/dump.sh")

EARLIER = replace(RUN, at=RUN.at - timedelta(minutes=30), until=RUN.at - timedelta(minutes=30))


@pytest.mark.parametrize(
    ("runs", "found"),
    [
        ([RUN], {"abc"}),
        ([RUN, EARLIER], set()),  # not the first
        ([replace(RUN, at=ONSET + timedelta(minutes=5))], set()),  # after it
        (
            [replace(RUN, at=ONSET - timedelta(minutes=20), until=ONSET - timedelta(minutes=20))],
            set(),
        ),  # long before
        ([replace(RUN, title="/opt/other.sh")], set()),
        ([replace(RUN, title="/bin/" + "grafana"[: JOB_LETTERS - 1])], set()),
    ],
)
def test_the_first_run_about_the_onset_stands_for_the_change(
    store: Store, tmp_path: Path, runs: list[Change], found: set[str]
) -> None:
    """Of the changes that name the job."""
    case = case_of(store, reported(store, tmp_path, WORLD, 50))

    assert found == set(first_runs(case, runs, SCENE))


def test_the_run_counts_for_its_change() -> None:
    """And hardly by itself."""
    suspects = [
        Suspect(one, Origin(None, frozenset(), shared=False), read_content(one, ""), head)
        for head, one in enumerate([change("abc", "commit", 40), RUN])
    ]
    weights = {0: 0.2, 1: 0.6}
    made_by = taken_with_runs(suspects, weights, {"abc": RUN})

    assert {1: 0} == made_by
    assert {0: 0.6, 1: 0.6 * RUN_ALONE} == weights


def test_a_name_of_just_enough_letters_is_looked_for(store: Store, tmp_path: Path) -> None:
    """One letter fewer is a word of any diff."""
    case = case_of(store, reported(store, tmp_path, WORLD, 50))
    run = replace(RUN, title="/bin/" + "grafana"[:JOB_LETTERS])

    assert {"def"} == set(first_runs(case, [run], SCENE))


def test_a_run_just_near_enough_is_about_the_onset(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the least weight by its time, and with a little less."""
    case = case_of(store, reported(store, tmp_path, WORLD, 50))
    least = timing("cron", RUN.at, RUN.until, SCENE.low, SCENE.high).weight

    monkeypatch.setattr(scheduled, "JOB_NEAR", least)
    assert {"abc"} == set(first_runs(case, [RUN], SCENE))
    monkeypatch.setattr(scheduled, "JOB_NEAR", least * 1.01)
    assert {} == first_runs(case, [RUN], SCENE)


def test_a_run_is_about_the_onset_up_to_a_time_before_it(store: Store, tmp_path: Path) -> None:
    """To the second: as long as its weight by its time is JOB_NEAR."""
    case = case_of(store, reported(store, tmp_path, WORLD, 50))
    each = [
        replace(RUN, at=ONSET - timedelta(seconds=n), until=ONSET - timedelta(seconds=n)) for n in range(1800)
    ]
    first = next(
        n
        for n, run in enumerate(each)
        if timing("cron", run.at, run.until, SCENE.low, SCENE.high).weight < JOB_NEAR
    )

    assert [{"abc"}, set()] == [set(first_runs(case, [each[n]], SCENE)) for n in (first - 1, first)]


@pytest.mark.parametrize(("times", "joined"), [(0.5, True), (1.5, False)])
def test_a_renewal_in_which_a_hook_ran_is_one_with_the_change_of_the_hook(
    times: float, *, joined: bool
) -> None:
    """The certificate came by the renewal, and what it holds by the hook."""
    before = 1 + times * HOOK_NEAR.total_seconds() / 60
    run = change("run", "cron", 1, "certbot", title="/etc/letsencrypt/renewal-hooks/deploy/50-nginx.sh")
    made, renewed = (
        change("hook", "commit", 9000, "edge"),
        change("cert", "certificate", before, "api.example"),
    )
    suspects = [
        Suspect(one, Origin(None, frozenset(), shared=False), read_content(one, ""), n)
        for n, one in enumerate((made, run, renewed))
    ]
    weights = {0: 0.5, 1: 0.1, 2: 6.0}

    taken_with_runs(suspects, weights, {"hook": run})

    assert weights[0] == (6.0 if joined else 0.5)
    assert weights[2] == pytest.approx(6.0 * (RUN_ALONE if joined else 1))
