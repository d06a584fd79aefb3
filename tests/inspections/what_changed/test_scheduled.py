"""Changes to jobs, which show when the job runs."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cases import case_of, reported
from inspections.scenes import ONSET, SCENE, change
from lastgood.algorithms.change_lineage import Origin
from lastgood.inspections.what_changed.content import read_content
from lastgood.inspections.what_changed.scheduled import first_runs, taken_with_runs
from lastgood.inspections.what_changed.suspects import Suspect
from lastgood.inspections.what_changed.weights import JOB_LETTERS, JOB_NEAR, RUN_ALONE
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
    assert 0 < JOB_NEAR < 1


def test_the_run_counts_for_its_change() -> None:
    """And hardly by itself."""
    suspects = [
        Suspect(one, Origin(None, frozenset(), shared=False), read_content(one, ""), head)
        for head, one in enumerate([change("abc", "commit", 40), RUN])
    ]
    weights = {0: 0.2, 1: 0.6}
    taken_with_runs(suspects, weights, {"abc": RUN})

    assert {0: 0.6, 1: 0.6 * RUN_ALONE} == weights
