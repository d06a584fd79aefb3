"""`gh run list`: the runs of GitHub's workflows, as its table in a terminal and as the tab-separated lines that it gives a pipe.

A run of a workflow that deploys is a change, from its start to its end; every other run is a line. In a terminal the age is cut to its
unit (`about 30 minutes ago`), counted back from when the text was written: what it tells of lies up to one unit earlier (GitHub CLI,
`text.FuzzyAgo`). A pipe gives the time.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.change import change, logged
from lastgood.decoding.input import Claim, Decoded, Input, Settings
from lastgood.decoding.moments import age, moment
from lastgood.decoding.rows import Row
from lastgood.decoding.tables.aligned import decode_rows, headings, rows
from lastgood.decoding.tables.entries import deploys, only_builds
from lastgood.decoding.tables.spoken import named
from lastgood.decoding.text.whose import reference_for
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal
from lastgood.telemetry.tables import StoreTable

_HEADS = frozenset(["STATUS", "TITLE", "WORKFLOW", "BRANCH", "EVENT", "ID", "AGE"])
_PROMPT = re.compile(r"\s*(?:\S{0,60}[$#>] ?)?gh run\b.*|\s*|Showing \d+.*")
_STATUSES = "completed|in_progress|queued|waiting|requested|pending"
_PIPED = re.compile(
    rf"(?P<status>{_STATUSES})\t(?P<ended>\w*)\t(?P<title>[^\t]*)\t(?P<workflow>[^\t]*)\t(?P<branch>[^\t]*)\t(?P<event>\w+)\t(?P<id>\d+)\t(?P<elapsed>\w*)\t(?P<time>\d{{4}}-\S+)\s*"
)
_AGO = re.compile(r"(?:about )?(?P<number>\d+|less than a) (?P<unit>minute|hour|day|month|year)s?(?: ago)?")
_UNITS = {
    "minute": 60,
    "hour": 3600,
    "day": 86_400,
    "month": 30 * 86_400,
    "year": 365 * 86_400,
}  # seconds, as gh counts
_MARKS = {"✓": "success", "X": "failure", "-": "skipped", "*": "in_progress", "!": "action_required", "?": ""}
_NO_DEPLOY = frozenset({"success", "neutral", ""})  # what needs no state


@dataclass(frozen=True, slots=True)
class _Run:
    """A run of a workflow; its begin lies between two times, in nanoseconds."""

    ended: str
    title: str
    workflow: str
    branch: str
    number: str
    begin: int
    latest: int
    elapsed: int


def recognise(given: Input) -> Claim | None:
    """The headings of the table, below a command at most; or lines of a pipe."""
    text = given.head.decode("utf-8-sig", "replace")
    first = next((line for line in text.splitlines()[:5] if not _PROMPT.fullmatch(line)), "")
    if not (_PIPED.fullmatch(first) or set(headings(first)) >= _HEADS):
        return None
    return Claim("gh run list", 0.97, "it has the columns of gh run list")


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """For each run that deploys a change, for every other a line."""
    del claim
    reference = reference_for(given, settings)

    def made(header: str, line: str) -> Iterator[tuple[StoreTable, Row]]:
        run = _piped(line, reference) if "\t" in line else _printed(rows(header, [line])[0], reference)
        yield _row(run, settings)

    yield from decode_rows(given, _HEADS, _PROMPT, made)


def _piped(line: str, reference: Reference) -> _Run:
    found = _PIPED.fullmatch(line)
    if found is None:
        raise ValueError("it has not the columns of gh run list")
    begin, ended = moment(found["time"], reference), found["ended"] or found["status"]
    return _Run(
        ended,
        found["title"],
        found["workflow"],
        found["branch"],
        found["id"],
        begin,
        begin,
        _taken(found["elapsed"]),
    )


def _printed(row: Mapping[str, str], reference: Reference) -> _Run:
    ago = _AGO.fullmatch(row["AGE"])
    if ago is None or not row["ID"].isdecimal():
        raise ValueError("it has no id and no age")
    unit = _UNITS[ago["unit"]] * 1_000_000_000
    whole = 0 if ago["number"].startswith("less") else int(ago["number"])
    latest = reference.latest - whole * unit
    ended = _MARKS.get(row["STATUS"], row["STATUS"].lower())
    return _Run(
        ended,
        row["TITLE"],
        row["WORKFLOW"],
        row["BRANCH"],
        row["ID"],
        latest - unit,
        latest,
        _taken(row.get("ELAPSED", "")),
    )


def _taken(text: str) -> int:
    with suppress(ValueError):
        return age(text)
    return 0


def _row(run: _Run, settings: Settings) -> tuple[StoreTable, Row]:
    about = {
        "cicd.pipeline.name": run.workflow,
        "cicd.pipeline.run.id": run.number,
        "vcs.ref.head.name": run.branch,
    }
    if not any(deploys(one) and not only_builds(one) for one in (run.workflow, run.title)):
        said = f"{run.workflow}: {run.title} {run.ended}".strip()
        return logged(said, run.begin, source="github", attributes=about)
    service, version = named(run.title, settings.services)
    return change(
        "deploy", run.begin, until=run.latest + run.elapsed, id=f"github/{run.number}", title=run.title or run.workflow,
        service=service or named(run.workflow, settings.services)[0], version=version, source="github",
        state="" if run.ended in _NO_DEPLOY else run.ended, attributes=about,
    )  # fmt: skip


SOURCE = Source("github_runs", frozenset({Signal.CHANGES, Signal.LOGS}), recognise, decode, late=True)
