"""Changes to jobs that a scheduler starts later: what such a change did shows when the job runs for the first time since."""

import re
from collections.abc import Mapping, MutableMapping, Sequence

from lastgood.algorithms.change_timing import timing
from lastgood.inspections.what_changed.scene import Scene
from lastgood.inspections.what_changed.suspects import Suspect
from lastgood.inspections.what_changed.weights import HOOK_NEAR, JOB_LETTERS, JOB_NEAR, RUN_ALONE
from lastgood.model.change import Change
from lastgood.model.window import Window
from lastgood.readings.case import Case
from lastgood.readings.feed import COMMITS
from lastgood.readings.job_runs import job_of

HOOK = re.compile(r"hook", re.IGNORECASE)
_NAMING = """
SELECT id FROM lg_changes
WHERE kind IN ('commit', 'config', 'deploy') AND ts < fromUnixTimestamp64Nano({until:Int64}, 'UTC')
  AND position(concat(title, ' ', arrayStringConcat(files, ' '), ' ', diff), {job:String}) > 0
ORDER BY id LIMIT 200"""


def first_runs(case: Case, changes: Sequence[Change], scene: Scene) -> Mapping[str, Change]:
    """The first run of a job about the onset, by the id of each earlier change that names the job."""
    runs = [one for one in changes if one.kind == "cron"]
    found: dict[str, Change] = {}
    for run in runs:
        job = job_of(run.title)
        near = timing("cron", run.at, run.until, scene.low, scene.high)
        again = any(
            other.at < run.at and other.service == run.service and job_of(other.title) == job
            for other in runs
        )
        if again or near.after or near.weight < JOB_NEAR or len(job) < JOB_LETTERS:
            continue
        around = Window(case.window.start - COMMITS, case.window.end)
        until = int(run.at.timestamp() * 1e9)
        for row in case.query(_NAMING, window=around, until=until, job=job).dicts():
            found.setdefault(row["id"], run)
    return found


def taken_with_runs(
    suspects: Sequence[Suspect], weights: MutableMapping[int, float], runs: Mapping[str, Change]
) -> Mapping[int, int]:
    """A run and the change that made it are one: the change is as heavy as the run, which hardly counts beside it.

    So is the renewal of a certificate in which a hook ran. Gives the place of the change that made each run.
    """
    places = {suspect.change.change_id: n for n, suspect in enumerate(suspects)}
    made = {
        (suspect.head, place)
        for suspect in suspects
        if (run := runs.get(suspect.change.change_id)) is not None
        for place in (places.get(run.change_id, -1), *_renewals(suspects, run))
    }
    for head, place in made:
        if head in weights and place in weights and head != place:
            weights[head] = max(weights[head], weights[place])
    for place in {place for _, place in made} & weights.keys():
        weights[place] *= RUN_ALONE
    return {place: head for head, place in made if place in weights and suspects[place].change.kind == "cron"}


def _renewals(suspects: Sequence[Suspect], run: Change) -> list[int]:
    """The places of changes of certificates in which a hook ran, where it is one."""
    if not HOOK.search(run.title):
        return []
    return [
        n
        for n, one in enumerate(suspects)
        if one.change.kind == "certificate"
        and one.change.at - HOOK_NEAR <= run.at <= one.change.until + HOOK_NEAR
    ]
