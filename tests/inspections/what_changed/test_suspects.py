"""Which changes are suspects, and with which deploy each stands or falls."""

from dataclasses import replace
from datetime import timedelta

import pyarrow as pa

from inspections.scenes import ONSET, SCENE, case, change
from lastgood.algorithms.change_lineage import Origin
from lastgood.inspections.what_changed.suspects import _lately, read_suspects, rough
from lastgood.model.evidence import Provenance
from lastgood.readings.feed import CHANGES_BEFORE
from lastgood.telemetry.reader import Rows

NO_DIFFS = Rows(pa.Table.from_pylist([]), Provenance("", {}, None, 0, 0.0))
CASE = replace(case(), ask=lambda *_: NO_DIFFS)
ORIGIN = Origin(None, frozenset(), shared=False)
DAY = 24 * 60.0


def test_a_deploy_in_waves_lasts_from_the_first_to_the_last() -> None:
    """One region a quarter of an hour after the other; the second stands for both."""
    waves = [
        change(name, "deploy", lead, "cart", version="1.9") for name, lead in (("east", 20), ("west", 5))
    ]

    found = read_suspects(CASE, waves, SCENE)

    (head,) = {one.head for one in found}
    assert (ONSET - timedelta(minutes=20), ONSET - timedelta(minutes=5)) == (
        found[head].change.at,
        found[head].change.until,
    )


def test_a_change_whose_job_first_ran_about_the_onset_is_a_suspect() -> None:
    """However old it is, others of its age are none."""
    run = change("run", "cron", 1, title="dump.sh")
    old = change("old", "config", 9 * DAY), change("other", "config", 9 * DAY)

    found = read_suspects(CASE, [*old, run], SCENE, {"old": run})

    assert ["old", "run"] == [one.change.change_id for one in found]
    assert [0, 1] == [one.head for one in found]
    assert ["run"] == [one.change.change_id for one in read_suspects(CASE, [*old, run], SCENE)]


def test_a_commit_whose_job_first_ran_stands_for_itself() -> None:
    """Its deploy is as old, and had no effect; a later one did not bring it."""
    run = change("run", "cron", 1, title="dump.sh")
    sha = "4fa0183c33572c8bb4af65e43b03ab0ad6360c87"
    commit = change(sha, "commit", 9 * DAY + 60)
    deploy = change("d", "deploy", 9 * DAY, version=sha)

    later = change("later", "deploy", 30, version="0bc235aa9a9dc8bb4af65e43b03ab0ad6360c87f")

    found = read_suspects(CASE, [commit, deploy, later, run], SCENE, {sha: run})

    assert {sha: sha, "later": "later", "run": "run"} == {
        one.change.change_id: found[one.head].change.change_id for one in found
    }
    assert not next(one for one in found if one.change.change_id == sha).origin.waiting


def test_what_a_run_makes_recent_is_worth_reading() -> None:
    """By the time of the run, not its own."""
    run = change("run", "cron", 0, title="dump.sh")
    old = change("old", "config", 9 * DAY)

    assert rough(old, run, ORIGIN, SCENE) > rough(old, old, ORIGIN, SCENE)


def test_what_ended_long_before_the_data_is_no_suspect() -> None:
    """CHANGES_BEFORE the window."""
    asked, moment = case(), timedelta(seconds=1)
    last = asked.window.start - CHANGES_BEFORE
    ended = [replace(change("d", "deploy", 0), at=at, until=at) for at in (last, last - moment)]

    assert [True, False] == [_lately(asked, one) for one in ended]


def test_a_change_touches_what_runs_its_code_under_another_name() -> None:
    """And no change of another party."""
    changes = [change("a", "deploy", 1, "shop"), change("b", "deploy", 1, "site")]
    found = read_suspects(CASE, changes, replace(SCENE, running={"shop": frozenset({"cart"})}))

    assert [frozenset({"cart"}), frozenset()] == [one.origin.touched for one in found]
