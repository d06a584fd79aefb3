"""Background jobs: runs that workers' log lines say ended, in failure or done, though no request fails.

Each runner has its own sentence for it (Celery, Sidekiq, Active Job, Delayed Job, Resque, RQ, Laravel, Spring Batch), and programs of
one's own write pairs (`job=mail status=failed`). A retry is a run that failed. The share of failed runs is compared by job.
"""

from collections import defaultdict

from lastgood.inspections.confirm.weights import CONFIRM_LEVEL, JOBS_SURE, JOBS_WITHIN
from lastgood.model.answers import Confirmation, Impact, ImpactKind, Segment
from lastgood.model.attributes import CODE_NAMESPACE, HTTP_STATUS
from lastgood.model.evidence import Table
from lastgood.model.figures import count, percent
from lastgood.model.finding import Finding, Verdict
from lastgood.model.signal import Signal
from lastgood.model.window import Comparison
from lastgood.readings.case import Case
from lastgood.readings.compared import COMPARED_FEWEST, COMPARED_LEVEL, Compared, Counted, together
from lastgood.telemetry.reader import Rows

_CLASS = r"[A-Z]\\w*(?:(?:::|\\\\)[A-Z]\\w*)*"  # of Ruby and of PHP
_DONE = (
    "succeeded",
    "Performed",
    "done",
    "DONE",
    "Processed",
    "COMPLETED",
    "Successfully completed",
    "success",
    "completed",
    "ok",
)
# Sentences with the job before how it ended, and those with it behind; texts that one of the failed ones holds.
_BEFORE = (
    r"Task ([\\w.]+)\\[[^\\]]{1,80}\\] (succeeded|raised|retry|rejected)",
    rf"^({_CLASS}) (done|fail)\\b",
    rf"({_CLASS}) \\.{{2,}}.* (DONE|FAIL)\\b",
    rf"Job ({_CLASS}[.#\\w]*) \\(id=\\d+\\).* (COMPLETED|FAILED)\\b",
    rf"\\(Job\\{{[^}}]*\\}} \\| ({_CLASS}) \\|.*\\) (failed)\\b",
    r"Job: \\[\\w*Job: \\[name=([\\w.-]+)\\]\\] completed with .*status: \\[(COMPLETED|FAILED)\\]",
    r"\\b(?:job|task|job_name|task_name|worker)=\"?([\\w.:-]+).*\\b(?:status|result|outcome|state)=\"?(succeeded|success|completed|done|ok|failed|failure|error|timeout)\\b",
)
_BEHIND = (
    rf"(Performed|Error performing|Retrying|Stopped retrying|Discarded) ({_CLASS}) (?:\\(Job ID|from |in \\d|after |due )",
    rf"(Processed|Failed): +({_CLASS})",
    rf"(done): \\(Job\\{{[^}}]*\\}} \\| ({_CLASS}) \\|",
    r"(Successfully completed|exception raised while executing) \\(?([\\w.]+)[()]",
    r"((?:Hard|Soft) time limit) \\([^)]*\\) exceeded for ([\\w.]+)\\[",
)
_FAILED = ("] raised ", "] retry: ", "] rejected", " fail", "FAIL", " FAILED", "Failed:", "Error performing", "Retrying ", "Stopped retrying", "Discarded ", "exception raised while executing", "time limit (", "=fail", "=error", "=timeout")  # fmt: skip
_CLASS_OF = f"attributes['{CODE_NAMESPACE}']"
_TEXT = f"substring(concat({_CLASS_OF}, if({_CLASS_OF} != '', ' ', ''), body), 1, 600)"
_GROUPS = ", ".join(
    [
        *(f"extractGroups(said, '{one}')" for one in _BEFORE),
        *(f"arrayReverse(extractGroups(said, '{one}'))" for one in _BEHIND),
    ]
)
_NO_REQUEST = f"attributes['{HTTP_STATUS}'] = ''"
_WORKERS = f"""
SELECT service FROM (SELECT service, {_TEXT} AS said FROM lg_lines WHERE phase = 'bad' AND {_NO_REQUEST} AND multiSearchAny(said, {list(_FAILED)}))
WHERE arrayExists(groups -> length(groups) = 2, [{_GROUPS}])
GROUP BY service HAVING count() >= {{least:UInt32}} ORDER BY service LIMIT 50"""
_RUNS = f"""
SELECT service, run[1] AS job, phase, count() AS runs, countIf(run[2] NOT IN {_DONE}) AS failed
FROM (SELECT service, phase, {_TEXT} AS said, arrayFirst(groups -> length(groups) = 2, [{_GROUPS}]) AS run
      FROM lg_lines WHERE phase != '' AND service IN {{services:Array(String)}} AND {_NO_REQUEST})
WHERE length(run) = 2 GROUP BY service, job, phase ORDER BY service, job, phase LIMIT 5000"""


def by_jobs(case: Case, comparison: Comparison) -> Finding | None:
    """That a larger share of a job's runs fails than before; None where that is not so."""
    if not case.has(Signal.LOGS):
        return None
    workers = [
        row["service"]
        for row in case.query(_WORKERS, window=comparison.bad, least=int(COMPARED_FEWEST)).dicts()
    ]
    if not workers:
        return None
    rows = case.query(_RUNS, window=comparison.hull, services=workers)
    parts = _parts(rows)
    level = 1 - (1 - COMPARED_LEVEL) / max(len(parts), 1)
    worse = [part for part in parts if part.fails_more(level)]
    if not worse:
        return None
    return _finding(worst_of(worse), together(parts), rows)


def worst_of(worse: list[Compared]) -> Compared:
    """The job with nearly all of the failed runs beyond the usual; else all jobs whose runs fail more, together."""
    most = max(worse, key=_extra)
    return most if _extra(most) >= JOBS_WITHIN * sum(map(_extra, worse)) else together(worse)


def _parts(rows: Rows) -> list[Compared]:
    counted: dict[tuple[str, str], dict[str, Counted]] = defaultdict(
        lambda: {"good": Counted(), "bad": Counted()}
    )
    for row in rows.dicts():
        counted[row["service"], row["job"]][row["phase"]] = Counted(row["runs"], row["failed"])
    found = (Compared((place,), of["good"], of["bad"]) for place, of in counted.items())
    return [part for part in found if part.good.requests and part.bad.requests]


def _extra(part: Compared) -> float:
    return part.bad.failed - part.good.share * part.bad.requests


def _finding(part: Compared, whole: Compared, rows: Rows) -> Finding:
    where = ", ".join(f"{service} {job}" for service, job in part.places)
    good, bad = part.good, part.bad
    impact = Impact(
        round(bad.requests),
        round(bad.failed),
        bad.share,
        good.share,
        None,
        ImpactKind.ERRORS,
        where,
        attempts=True,
    )
    segment = None
    if len(part.places) == 1 and bad.requests < whole.bad.requests:
        segment = Segment(
            {"job": part.places[0][1]}, bad.failed / max(whole.bad.failed, 1.0), bad.requests / whole.bad.requests,
            round(bad.failed), round(bad.requests), bad.share,
        )  # fmt: skip
    counts = tuple(
        (phase, round(one.requests), round(one.failed)) for phase, one in (("good", good), ("bad", bad))
    )
    return Finding(
        Verdict.YES,
        f"{percent(bad.share)} of {count(round(bad.requests))} runs of {where} fail, {percent(good.share)} of {count(round(good.requests))} before",
        confidence=JOBS_SURE,
        answer=Confirmation(impact, *part.errors(CONFIRM_LEVEL), segment),
        evidence=(Table(f"Runs of {where}", ("phase", "runs", "failed"), counts, rows.provenance),),
        limits=(
            "runs of background jobs are counted, by what their log lines say: no request fails more often",
        ),
    )
