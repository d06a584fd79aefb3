"""Business outcomes: payments declined, orders rejected, mails bounced, though no request fails.

A metric counts outcomes where one of its values under an outcome's label is a refusal and another is a success. So do the log
lines of a service that state one each (`status=bounced`, `"result": "declined"`). The share of refusals is compared in all, and in
each part that another label names.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from lastgood.algorithms.metric_meaning import words
from lastgood.inspections.confirm.weights import CONFIRM_LEVEL, OUTCOMES_SURE, OUTCOMES_WITHIN
from lastgood.model.answers import Confirmation, Impact, ImpactKind, Segment
from lastgood.model.attributes import HTTP_STATUS, OUTCOME_LABELS
from lastgood.model.evidence import Table
from lastgood.model.figures import count, percent
from lastgood.model.finding import Finding, Verdict
from lastgood.model.signal import Signal
from lastgood.readings.case import Case
from lastgood.readings.compared import COMPARED_FEWEST, COMPARED_LEVEL, Compared, Counted
from lastgood.telemetry.derived import first_of
from lastgood.telemetry.reader import Rows

LABELS = (*OUTCOME_LABELS, "decision", "disposition")
_OF_LINES = tuple(name for name in LABELS if "http" not in name and "code" not in name)
# Words of which one is in each refusal that is read below.
REFUSAL_WORDS = (
    "declin",
    "reject",
    "refus",
    "denied",
    "unsuccess",
    "bounced",
    "abandon",
    "unpaid",
    "undeliver",
)
_IN_TEXT = r"(?i)\\b(?:status|result|outcome|decision|disposition)\"?[=:] ?\"?([a-z][a-z_-]{1,30})"
OUTCOMES = f"""
SELECT service, metric, label.1 AS name, label.2 AS of, ended, phase, sum(value) AS total, count() AS samples, uniqExact(labels) AS series
FROM (SELECT service, metric, phase, value, cityHash64(toString(attributes), instance) AS labels, lower({first_of(["attributes"], LABELS)}) AS ended,
             arrayJoin(arrayPushFront(arrayFilter(x -> x.1 NOT IN {LABELS}, CAST(attributes, 'Array(Tuple(String, String))')), ('', ''))) AS label
      FROM lg_points WHERE phase != '' AND NOT (monotonic AND cumulative) AND isFinite(value) AND value >= 0)
WHERE match(ended, '^[a-z][a-z_ -]+$')
GROUP BY service, metric, name, of, ended, phase ORDER BY service, metric, name, of, ended, phase LIMIT 20000"""
_REFUSED = re.compile(
    r"declin|reject|refus|denied|deny|unsuccess|bounced|abandon|unpaid|undeliver|not[ _-](approved|accepted)"
)
_SERVED = re.compile(
    r"^(approv|accept|succe|ok$|complet|paid|captur|confirm|deliver|sent$|authori[sz]ed|granted|allow|pass)"
)
# Lines that state how something ended, by service: a word of refusal is looked for first, as that is quick.
_STATED = f"if({first_of(['attributes'], _OF_LINES)} != '', {first_of(['attributes'], _OF_LINES)}, extract(substring(body, 1, 600), '{_IN_TEXT}'))"
_SPEAKING = f"""
SELECT service FROM lg_lines
WHERE phase = 'bad' AND attributes['{HTTP_STATUS}'] = '' AND multiSearchAnyCaseInsensitive(concat(body, ' ', {first_of(["attributes"], _OF_LINES)}), {list(REFUSAL_WORDS)})
GROUP BY service HAVING count() >= {{least:UInt32}} ORDER BY service LIMIT 50"""
_LINES = f"""
SELECT service, 'its log lines' AS metric, label.1 AS name, label.2 AS of, ended, phase, toFloat64(count()) AS total, count() AS samples, count() AS series
FROM (SELECT service, phase, lower({_STATED}) AS ended,
             arrayJoin(arrayPushFront(arrayFilter(x -> x.1 NOT IN {LABELS} AND length(x.2) BETWEEN 1 AND 60, arrayConcat(CAST(attributes, 'Array(Tuple(String, String))'),
                 arrayMap(g -> (g[1], g[2]), extractAllGroups(substring(body, 1, 600), '\\\\b([a-z_]{{2,20}})=([A-Za-z][A-Za-z0-9._-]{{1,59}})')))), ('', ''))) AS label
      FROM lg_lines WHERE phase != '' AND service IN {{services:Array(String)}} AND attributes['{HTTP_STATUS}'] = '')
WHERE match(ended, '^[a-z][a-z_ -]+$')
GROUP BY service, name, of, ended, phase ORDER BY service, name, of, ended, phase LIMIT 20000"""

_Key = tuple[str, str, str, str]  # service, metric, a label and its value; both empty for all


def by_outcomes(case: Case) -> Finding | None:
    """That a larger share is refused than before, in all or in one part; None where that is not so."""
    if case.comparison is None:
        return None
    read = case.query(OUTCOMES) if case.has(Signal.METRICS) else None
    found = _worse(case, read) if read else None
    if found is None and case.has(Signal.LOGS):
        speaking = [row["service"] for row in case.query(_SPEAKING, least=int(COMPARED_FEWEST)).dicts()]
        found = _worse(case, case.query(_LINES, services=speaking)) if speaking else None
    return found


def _worse(case: Case, rows: Rows) -> Finding | None:
    parts = _parts(case, rows.dicts())
    level = 1 - (1 - COMPARED_LEVEL) / max(len(parts), 1)
    worse = {key: part for key, part in parts.items() if part.fails_more(level)}
    if not worse:
        return None
    key = _reported(worse, parts)
    return _finding(key, worse[key], parts.get((*key[:2], "", ""), worse[key]), rows)


def _parts(case: Case, rows: Iterable[dict[str, Any]]) -> dict[_Key, Compared]:
    """What was refused and what there was of each part, of metrics that count both."""
    found: dict[_Key, dict[str, Counted]] = defaultdict(lambda: {"good": Counted(), "bad": Counted()})
    kinds: dict[tuple[str, str], set[bool]] = defaultdict(set)
    listed = list(rows)
    for row in listed:
        if _REFUSED.search(row["ended"]) or _SERVED.search(row["ended"]):
            kinds[row["service"], row["metric"]].add(bool(_REFUSED.search(row["ended"])))
    for row in listed:
        if len(kinds[row["service"], row["metric"]]) > 1:  # refusals and successes
            number = _number(case, row)
            more = Counted(number, number if _REFUSED.search(row["ended"]) else 0.0)
            of = found[row["service"], row["metric"], row["name"], row["of"]]
            of[row["phase"]] = of[row["phase"]].plus(more)
    return {
        key: Compared(((key[0], f"{key[2]}={key[3]}" if key[2] else key[1]),), of["good"], of["bad"])
        for key, of in found.items()
        if of["good"].requests and of["bad"].requests
    }


def _number(case: Case, row: dict[str, Any]) -> float:
    """How many a row stands for: a rate is held against the time, what counts each step is added up."""
    said, comparison = set(words(row["metric"])), case.comparison
    if comparison is None or not said & {"per", "rate", "rps", "rpm"}:
        return float(row["total"])
    seconds = (comparison.good if row["phase"] == "good" else comparison.bad).seconds
    each = 60.0 if said & {"minute", "min", "rpm"} else 1.0
    return float(row["total"]) * seconds / each / _steps(row)


def _steps(row: dict[str, Any]) -> float:
    return max(float(row["samples"]) / max(float(row["series"]), 1.0), 1.0)


def _reported(worse: dict[_Key, Compared], parts: dict[_Key, Compared]) -> _Key:
    """The part with nearly all of what is refused beyond the usual, the smallest first; else the whole."""

    def extra(part: Compared) -> float:
        return part.bad.failed - part.good.share * part.bad.requests

    most = max(worse, key=lambda key: (extra(worse[key]), key[2] == ""))
    whole = parts.get((most[0], most[1], "", ""), worse[most])
    inside = [
        key
        for key in worse
        if key[:2] == most[:2] and key[2] and extra(worse[key]) >= OUTCOMES_WITHIN * extra(whole)
    ]
    return min(inside, key=lambda key: (worse[key].bad.requests, key), default=most)


def _segment(key: _Key, part: Compared, whole: Compared) -> Segment | None:
    if not key[2]:
        return None
    return Segment(
        {key[2]: key[3]},
        min(part.bad.failed / max(whole.bad.failed, 1.0), 1.0),
        min(part.bad.requests / max(whole.bad.requests, 1.0), 1.0),
        round(part.bad.failed),
        round(part.bad.requests),
        part.bad.share,
    )


def _finding(key: _Key, part: Compared, whole: Compared, rows: Rows) -> Finding:
    service, metric, name, of = key
    where = f"{service}, {name}={of}" if name else service
    impact = Impact(
        round(part.bad.requests), round(part.bad.failed), part.bad.share, part.good.share, None, ImpactKind.ERRORS,
        where, refused=True, attempts=True,
    )  # fmt: skip
    return Finding(
        Verdict.YES,
        f"{percent(part.bad.share)} of {count(round(part.bad.requests))} attempts at {where} are refused, "
        f"{percent(part.good.share)} of {count(round(part.good.requests))} before, by {metric}",
        confidence=OUTCOMES_SURE,
        answer=Confirmation(impact, *part.errors(CONFIRM_LEVEL), _segment(key, part, whole)),
        evidence=(
            Table(
                f"Attempts at {where} by outcome",
                ("phase", "attempts", "refused"),
                (
                    ("good", round(part.good.requests), round(part.good.failed)),
                    ("bad", round(part.bad.requests), round(part.bad.failed)),
                ),
                rows.provenance,
            ),
        ),
        limits=("refused attempts are counted as affected: no request fails (5xx) more often",),
    )
