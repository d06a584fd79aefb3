"""Runs of scheduled jobs and hooks that only log lines tell of, as changes.

cron writes a line for each command that it starts (Debian's `CRON[1]: (root) CMD (backup.sh)`, cronie's `CROND`, anacron's
``Job `cron.daily' started``), certbot for each hook that it runs after a renewal. What runs every few minutes is the machine's own upkeep and no news.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from lastgood.model.change import Change, ChangeKind
from lastgood.model.judgement import Count, Time
from lastgood.model.signal import Signal
from lastgood.model.window import Window
from lastgood.readings.case import Case

# fmt: off
JOB_RUNS_MOST = Count(12, "runs of one job on one machine, for them to be changes", "judgement: what runs oftener is upkeep, and its runs before show no more")
JOB_TITLE = Count(160, "characters of a command, as the title of its run", "judgement: so that a line stays readable")
JOB_REPORTED = Time(2, "min between a line and a feed's record of the same run", "judgement: schedulers write within that")
# fmt: on
# cron and cronie, anacron, certbot (https://eff-certbot.readthedocs.io: hooks), run-parts.
_STARTS = (
    r"^\([A-Za-z0-9_.-]+\) CMD \((.+)\)$",
    r"^Job `(.+). started$",
    r"[Rr]unning [a-z]+-hook command: (\S.*)$",
    r"run-parts: executing (\S.*)$",
)  # fmt: skip
# What each of them holds: to look for words costs a third.
_WORDS = [" CMD (", "Job `", "-hook command: ", "run-parts: executing "]
RUNS = f"""
SELECT ts, service, instance, coalesce(nullIf(extract(body, {{first:String}}), ''), nullIf(extract(body, {{second:String}}), ''),
       nullIf(extract(body, {{third:String}}), ''), extract(body, {{fourth:String}})) AS command
FROM lg_lines WHERE multiSearchAny(body, {_WORDS}) AND multiMatchAny(body, {{starts:Array(String)}})
ORDER BY service, command, ts LIMIT 20000"""
_SCRIPT = re.compile(r"[\w.-]*[\w-]\.(?:sh|py|rb|pl|php|js|jar|sql)\b")
# What starts a program, or stands before it.
_STARTERS = frozenset(
    "sh bash env nice ionice flock timeout command test sudo exec time python python3 php ruby perl java node bin cd".split()
)
_COMMON_NAMES = frozenset({"run", "start", "main", "cron", "job", "exec"})


def read_job_runs(case: Case, changes: Sequence[Change], window: Window) -> list[Change]:
    """The runs, but for those that a feed reports and those of jobs that run all the time."""
    if not case.has(Signal.LOGS):
        return []
    named = dict(zip(("first", "second", "third", "fourth"), _STARTS, strict=True))
    rows = case.query(RUNS, window=window, starts=list(_STARTS), **named).dicts()
    reported = [one for one in changes if one.kind is ChangeKind.CRON]
    return [run for run in _runs(rows) if not any(_same(run, one) for one in reported)]


def _runs(rows: Sequence[dict[str, Any]]) -> Iterator[Change]:
    for (service, command), group in groupby(rows, key=lambda row: (row["service"], row["command"])):
        own = list(group)
        if command and len(own) <= JOB_RUNS_MOST:
            for row in own:
                yield Change(
                    f"cron/{row['instance'] or service}/{job_of(command)}/{int(row['ts'].timestamp())}",
                    ChangeKind.CRON,
                    row["ts"],
                    row["ts"],
                    service,
                    command[:JOB_TITLE],
                )


def _same(run: Change, one: Change) -> bool:
    return abs(run.at - one.at) <= JOB_REPORTED and job_of(run.title) in f"{one.title} {one.change_id}"


def job_of(command: str) -> str:
    """The program of a command, without its folder and what starts it; of one called `run` its folder's name."""
    if script := _SCRIPT.search(command):
        return script[0]
    for part in re.sub(r"^cd \S+ *(&&|;) *", "", command).split():
        *folders, name = part.rstrip("/").split("/")
        if (
            name.startswith("-")
            or "=" in name
            or name in _STARTERS
            or folders[1:2] in (["tmp"], ["run"], ["var"])
        ):
            continue
        return folders[-1] if name in _COMMON_NAMES and folders and folders[-1] else name
    return command
