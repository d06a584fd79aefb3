"""The change feed as changes, from a day before the window to its end, and the diffs of those worth reading.

A deploy may carry commits that are older: commits, and deploys to tell which carried them, are read from a fortnight before.
What only a log line records is a change too: what was applied (lastgood.readings.applied), and the runs of scheduled jobs
(lastgood.readings.job_runs). So is a build that only telemetry shows (lastgood.readings.first_seen).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from lastgood.algorithms.change_lineage import SHA, SHORT_SHA
from lastgood.model.attributes import HEAD_REVISION
from lastgood.model.change import Change, ChangeKind
from lastgood.model.judgement import Count, Time
from lastgood.model.window import Window
from lastgood.readings.applied import read_applied
from lastgood.readings.case import Case
from lastgood.readings.first_seen import read_first_seen
from lastgood.readings.job_runs import read_job_runs
from lastgood.readings.records import one_by_release, told_once
from lastgood.readings.rollouts import with_rollouts
from lastgood.telemetry.reader import Rows

# fmt: off
CHANGES_BEFORE = Time(1, "d before the window, from which changes are read", "judgement: causes of a day ago would have shown")
COMMITS = Time(14, "d before it, from which commits are read", "judgement: a deploy may carry older ones")
CHANGES_MOST = Count(2000, "changes that are read", "judgement: bounds the work; it is said when it cuts")
PIPELINE_AFTER = Time(1, "d from a commit to the run of a pipeline that has its title", "judgement: pipelines run at once; the rest is waiting for a review")
DIFF_LENGTH = Count(64 * 1024, "characters of one diff", "judgement: bounds the work; longer ones are moves and vendored code")
# fmt: on
CHANGES = f"""
SELECT id, ts, until, kind, service, title, version, previous, state, within, files, attributes
FROM lg_changes WHERE kind IN ('commit', 'deploy') OR toUnixTimestamp64Nano(ts) >= {{day_ns:Int64}}
ORDER BY ts DESC, kind, service, id LIMIT {CHANGES_MOST}"""
DIFFS = f"""
SELECT id, ts, substringUTF8(diff, 1, {DIFF_LENGTH}) AS patch FROM lg_changes
WHERE diff != '' AND has({{ids:Array(String)}}, id) ORDER BY ts DESC, id LIMIT {CHANGES_MOST}"""


def read_changes(case: Case) -> tuple[list[Change], Rows]:
    """The changes, newest first, and the rows they were read from."""
    day = case.window.start - CHANGES_BEFORE
    read = case.query(CHANGES, window=_around(case), day_ns=int(day.timestamp() * 1e9))
    reported = with_rollouts(list(_of_repositories(told_once([change_of(row) for row in read.dicts()]))))
    found = one_by_release(
        [
            *reported,
            *read_applied(case, reported, _around(case)),
            *read_job_runs(case, reported, Window(day, case.window.end)),
        ]
    )
    found += read_first_seen(case, found)
    return sorted(found, key=lambda one: one.at, reverse=True), read


def _of_repositories(changes: Sequence[Change]) -> Iterator[Change]:
    """The changes; a deploy that names no service is of the repository whose commit it names, by its revision or by its title."""
    commits = [one for one in changes if one.kind is ChangeKind.COMMIT]
    whose = {one.change_id[:SHORT_SHA]: one.service for one in commits}
    for one in changes:
        if one.kind is not ChangeKind.DEPLOY or one.service:
            yield one
            continue
        revisions = (v[:SHORT_SHA] for v in one.attributes.values() if SHA.match(v))
        if known := next(filter(None, map(whose.get, revisions)), ""):
            yield replace(one, service=known)
            continue
        titled = [c for c in commits if one.title and c.title == one.title and _went_out(c, one)]
        revision = {HEAD_REVISION: titled[0].change_id} if len(titled) == 1 else {}
        service = titled[0].service if revision else ""
        yield replace(one, service=service, attributes={**one.attributes, **revision})


def _went_out(commit: Change, deploy: Change) -> bool:
    """Whether a pipeline that is called like a commit ran for it: soon after."""
    return deploy.at - PIPELINE_AFTER <= commit.at <= deploy.until


def read_diffs(case: Case, wanted: Collection[str]) -> dict[tuple[str, Any], str]:
    """The diffs of changes, by id and time: an id may come again."""
    if not wanted:
        return {}
    rows = case.query(DIFFS, window=_around(case), ids=sorted(wanted)).dicts()
    return {(row["id"], row["ts"]): row["patch"] for row in rows}


def _around(case: Case) -> Window:
    return Window(case.window.start - COMMITS, case.window.end)


def change_of(row: Mapping[str, Any]) -> Change:
    """A row of CHANGES as a change."""
    return Change(
        row["id"], ChangeKind(row["kind"]), row["ts"], max(row["until"], row["ts"]), row["service"], row["title"], row["version"],
        row["previous"], row["state"], row["within"], tuple(row["files"]), dict(row["attributes"]),
    )  # fmt: skip
