"""Data that could not show a failure: requests without any status, and lines whose figures stand in their text.

"No incident" is a statement about requests and lines whose success is known. Spans without status and status code
look alike whether they fail or not, unless a metric of success or failures of the system says so; the level of a line
says little where its status or duration is part of the text, which is masked before lines are compared.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from lastgood.algorithms.metric_meaning import Role, meaning
from lastgood.model.attributes import DURATION_NS
from lastgood.model.evidence import Table
from lastgood.model.figures import count, percent
from lastgood.model.finding import Check
from lastgood.model.judgement import Amount, Count
from lastgood.model.signal import Signal
from lastgood.readings.case import Case
from lastgood.readings.doubts.doubt import Doubt
from lastgood.readings.doubts.standing import REQUESTS
from lastgood.telemetry.reader import Rows

# fmt: off
SUCCESS_KNOWN = Amount(0.5, "of requests, whose success must be known", "judgement: of less nothing can be said of all")
FIGURE_LINES = Count(30, "lines with figures of a service", "judgement: fewer are chance")
FIGURES_OF_LINES = Amount(0.5, "of a shape's lines have figures, for them to be its results", "judgement: most")
FIGURES_MANY = Amount(0.2, "of all lines have figures: they record requests", "judgement: a fifth is not a side matter")
REQUESTS_JUDGED = Count(30, "requests, to be what is judged: lines are not then", "judgement: of fewer noise cannot be measured")
# fmt: on

_JUDGED = (
    "SELECT service, countIf(judged) AS known FROM lg_spans GROUP BY service HAVING known > 0 LIMIT 5000"
)
# An access line has its status with it.
_UNREPORTED = "SELECT service, countIf(http_status = 0) AS n FROM lg_requests GROUP BY service ORDER BY service LIMIT 5000"
_LEVELLED = """
SELECT service, countIf(severity > 0) AS known FROM lg_lines GROUP BY service
HAVING known > 0 AND known >= count() / 2 LIMIT 5000"""
METRIC_POINTS = Count(10, "points of a metric, to count as sent", "judgement: fewer are a trial")
_METRICS = "SELECT metric, unit, count() AS n FROM lg_points GROUP BY metric, unit HAVING n >= {points:UInt32} LIMIT 10000"

# A word that speaks of an outcome with its number, or a number with a unit of time.
_FIGURES = (
    r"(?i)\b(status|code|http|rc|exit|took|elapsed|duration|latency|response.?time)\w*\W{1,3}\d"
    r"|\bHTTP/\d(\.\d)?\W{1,3}[1-5]\d\d\b|\b\d+(\.\d+)? ?(ms|msec|millis|milliseconds|µs|us)\b"
)
_REFUSED = (
    r"(?i)\b(status|code|http)\w*\W{1,3}(is )?5\d\d\b|\bHTTP/\d(\.\d)?\W{1,3}5\d\d\b|\breturned\W{1,2}5\d\d\b"
)
_TEXTS = f"""
SELECT service, count() AS n, countIf(told) AS figures, countIf(match(body, {{refused:String}})) AS refused,
       minIf(substring(body, 1, 120), told) AS example
FROM (SELECT service, body, match(body, {{figures:String}}) OR attributes['{DURATION_NS}'] != '' AS told FROM lg_lines)
GROUP BY service ORDER BY figures DESC, service LIMIT 5000"""


@dataclass(frozen=True, slots=True)
class Unjudged:
    """Requests of services none of whose spans says whether it went well."""

    missing: int
    counts: Mapping[str, int]  # requests by service
    known: frozenset[str]
    read: Rows


def blind(case: Case) -> Doubt | None:
    """Why a failure might not show in these data; None where it would."""
    counts = _requests(case)
    if sum(counts.values()) < REQUESTS_JUDGED:
        return None if _measured(case) else _in_the_text(case)
    found = unjudged(case)
    if found is None or _measured(case) or _levelled(case, counts):
        return None
    return Doubt(
        f"{count(found.missing)} of {count(sum(counts.values()))} requests have neither a status nor a status code, "
        "so failures would not show",
        evidence=(
            Table(
                "Requests by service",
                ("service", "requests", "success known"),
                tuple((name, n, str(name in found.known)) for name, n in sorted(counts.items())[:20]),
                found.read.provenance,
            ),
        ),
        limits=(
            Check(
                "record span status, http.response.status_code or a success rate of the entry; failures would show"
            ),
        ),
    )


def unjudged(case: Case) -> Unjudged | None:
    """Where most requests carry nothing that says whether they went well; None where that is not so."""
    if not case.has(Signal.SPANS):
        return None  # access lines, each with its status
    counts = _requests(case)
    rows = case.query(_JUDGED)
    known = frozenset(row["service"] for row in rows.dicts())
    missing = sum(row["n"] for row in case.query(_UNREPORTED).dicts() if row["service"] not in known)
    unknown = missing > (1 - SUCCESS_KNOWN) * sum(counts.values())
    return Unjudged(missing, counts, known, rows) if unknown else None


def _requests(case: Case) -> dict[str, int]:
    counts: dict[str, int] = {}
    for row in case.query(REQUESTS).dicts():
        counts[row["service"]] = counts.get(row["service"], 0) + row["n"]
    return counts


def _levelled(case: Case, counts: dict[str, int]) -> bool:
    """Whether the services that requests enter log lines with levels, which could show errors."""
    if not case.has(Signal.LOGS):
        return False
    known = {row["service"] for row in case.query(_LEVELLED).dicts()}
    return sum(n for service, n in counts.items() if service in known) > SUCCESS_KNOWN * sum(counts.values())


def _measured(case: Case) -> bool:
    """Whether a metric counts successes or failures."""
    if not case.has(Signal.METRICS):
        return False
    meant = (
        meaning(row["metric"], row["unit"]) for row in case.query(_METRICS, points=METRIC_POINTS).dicts()
    )
    return any(one is not None and one.role in {Role.SUCCESS, Role.FAILURES} for one in meant)


def _in_the_text(case: Case) -> Doubt | None:
    """That outcomes and durations are part of the text of lines."""
    if not case.has(Signal.LOGS):
        return None
    read = case.query(_TEXTS, figures=_FIGURES, refused=_REFUSED)
    rows = read.dicts()
    lines, figures, refused = (sum(row[name] for row in rows) for name in ("n", "figures", "refused"))
    if figures < max(FIGURE_LINES, FIGURES_MANY * lines) and not any(
        row["figures"] >= max(FIGURE_LINES, row["n"] * FIGURES_OF_LINES) for row in rows
    ):
        return None
    table = Table(
        "Lines with figures in their text",
        ("service", "lines", "with figures", "with a status from 500 on", "example"),
        tuple((r["service"], r["n"], r["figures"], r["refused"], r["example"]) for r in rows[:20]),
        read.provenance,
    )
    seen = f"; {count(refused)} ({percent(refused / lines)}) show a status of 500 or more" if refused else ""
    return Doubt(
        f"{count(figures)} of {count(lines)} lines have a status or a duration in their text, which is not compared{seen}",
        evidence=(table,),
        limits=(Check(f"load such lines with a mapping, which shows failures: {rows[0]['example']}"),),
    )
