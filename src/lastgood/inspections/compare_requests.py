"""What do failing requests have in common that working ones do not?

What it asks
    Which attribute, peer, statement, code path, thread, log line or size is on nearly all failing requests and on
    hardly any working one, or the other way round.
Why on-call asks it
    "97 % of what fails has X, 3 % of what works" is the shortest way from a symptom to its mechanism, also when
    it is not about who is affected (that is blast_radius).
Reads
    lg_requests, lg_spans, lg_lines.
How
    Up to five hundred failing requests of each operation that fails more than before, and as many working ones of
    it, taken by the hash of their trace: of the same time where there are enough, else of the good window. A
    request has whatever any of its spans and log lines has: attributes, resource, span names, peers, error types,
    shapes of lines; a number is also at least each power of two. What is on both alike does not count. The difference of the
    two shares has Newcombe's interval (1998) at 99 %, divided over everything that was seen (Bonferroni), and
    must lie above a fifth: differences below are no common trait. Things on exactly the same requests are
    reported once, with the others beside them. Words for the failure itself (error types, error lines) are listed
    last: they show how it fails, not why.
Stays silent when
    There is no comparison, fewer than ten requests fail or fewer than ten work, or traffic is what is missing.
Known traps
    A step that comes after the failure is missing from failing requests because they failed. Status codes and
    durations are left out, for they are what failing means. What is sent only with failures (a stack, a
    payload) separates them perfectly and explains nothing. Requests that retry have more of everything.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lastgood.inspections._registry import Stage, inspection
from lastgood.model.answers import Confirmation, ImpactKind, InCommon, Onset, RequestsCompared
from lastgood.model.evidence import Table
from lastgood.model.figures import percent
from lastgood.model.finding import Finding, Verdict
from lastgood.model.judgement import Amount, Count
from lastgood.model.signal import Signal
from lastgood.model.window import Window
from lastgood.readings.carried import Asked, slow_requests
from lastgood.readings.case import Case
from lastgood.readings.compared import Compared, compared_requests
from lastgood.readings.in_common import (
    LONGEST_NUMBER,
    NO_AMOUNT,
    NUMBER,
    SIDE_REQUESTS,
    TRAIT_LEVEL,
    WORKING_NOW,
    trait_interval,
)
from lastgood.readings.series import IS_BAD_LINE
from lastgood.telemetry.derived import TRACE_HASHES
from lastgood.telemetry.reader import Rows

# fmt: off
REQUESTS_EACH = Count(500, "requests of each side and operation that are read", "judgement: bounds the work; more hardly narrow an interval")
DRAWN_TIMES = Count(3, "times as many as are wanted, expected below a hash", "judgement: fewer than are wanted do not happen then")
PAST_CHOICE = Count(20_000, "requests of the good window to choose from", "judgement: bounds the work")
TRAITS_SHOWN = Count(12, "traits that are shown", "judgement: so that a table stays readable")
TRAIT_MOST_SURE = Amount(0.95, "of confidence at most", "judgement: what is common need not be the cause")
TRAIT_UNSURE = Amount(0.1, "of what the share lacks to all of the failing ones is lacking to confidence", "judgement: little, for retries and second causes mix in")
NO_TRAIT = Amount(0.8, "of confidence that nothing is common", "judgement: what is not reported of requests cannot be seen")
TRAITS_REPORTED = Count(3, "traits in the sentence, and others reported with one", "judgement: so that a line stays readable")
VALUE_LENGTH = Count(160, "characters of a value that are looked at", "judgement: longer ones differ by ids")
# fmt: on

# What failing means, and what is of one request only.
_MEANS_FAILING = (
    r"(?i)^((http\.)?(response\.)?status(_code|_text|_class|code)?|(rpc\.)?grpc\.status_code|rpc\.grpc\.status_code|otel\.status.*"
    r"|error|outcome|result|success|level|severity.*|.*(duration|latency|elapsed|timestamp).*"
    r"|(request|trace|span|parent|correlation|transaction|event)[._]?id|lg\..*)$"
)
_SAYS_FAILING = r"(?i)^(error[._].*|exception.*|.*stack_?trace.*|message|error type|error line)$"
_ID = "if(trace_id != '', trace_id, toString(cityHash64(ts, attributes)))"  # of access lines
_REQUESTS = """
SELECT %s AS id, concat(service, ' ', operation) AS place, toUInt8(%s) AS hit, phase, trace_hash
FROM lg_requests WHERE phase != ''"""
_TRACES = f"""
SELECT id, '' AS place, failed AS hit, era AS phase, hash AS trace_hash FROM (
    SELECT trace_id AS id, toUInt8(max({IS_BAD_LINE})) AS failed, min(phase) AS era, any(trace_hash) AS hash
    FROM lg_lines WHERE phase != '' AND trace_id != '' GROUP BY trace_id)"""
_CHOSEN = f"""
SELECT id, place, hit, phase, trace_hash FROM (%s)
WHERE trace_hash < intDiv({TRACE_HASHES}, {{every:UInt32}})
  AND (hit OR trace_hash < transform(place, {{busy:Array(String)}}, {{enough:Array(UInt32)}}, toUInt32({TRACE_HASHES})))
ORDER BY trace_hash, id LIMIT {{each:UInt32}} BY place, hit"""

_PAIRS = """arrayConcat(%s,
        arrayZip(arrayMap(k -> toString(k), mapKeys(attributes)), mapValues(attributes)),
        arrayZip(arrayMap(k -> toString(k), mapKeys(resource)), mapValues(resource)))"""
_OF_SPANS = (
    _PAIRS % "[('span', toString(name)), ('peer', toString(peer)), ('error type', toString(error_type))]"
)
_OF_LINES = _PAIRS % f"[(if({IS_BAD_LINE}, 'error line', 'line'), concat(toString(shape), ' ', body))]"
_DETAILS = {
    "lg_spans": f"SELECT trace_id AS id, service, {_OF_SPANS} AS pairs FROM lg_spans WHERE trace_hash <= {{most:UInt16}}",
    "lg_requests": f"""
    SELECT {_ID} AS id, service, {_PAIRS % "[('operation', toString(operation))]"} AS pairs
    FROM lg_requests WHERE trace_hash <= {{most:UInt16}}""",
    "lg_lines": f"""
    SELECT trace_id AS id, service, {_OF_LINES} AS pairs FROM lg_lines
    WHERE trace_id != '' AND trace_hash <= {{most:UInt16}}""",
}
_NUMBER = NUMBER.replace("\\", "\\\\")
# A line is known by its shape; a number is at least each power of two up to it.
_SEEN = f"""
SELECT service, key, value, min(text) AS text, uniqExactIf(id, hit) AS failing, uniqExactIf(id, NOT hit) AS working,
       groupBitXor(cityHash64(id)) AS same
FROM (
    SELECT DISTINCT id, has({{failing:Array(String)}}, id) AS hit, service, pair.1 AS key,
           arrayJoin(if(length(pair.2) < {LONGEST_NUMBER} AND match(pair.2, '{_NUMBER}') AND NOT match(key, '{NO_AMOUNT}'),
               arrayPushFront(arrayMap(k -> concat('at least ', toString(toUInt64(exp2(k)))),
                                       range(1, toUInt8(1 + log2(toFloat64OrZero(pair.2))))), pair.2),
               [pair.2])) AS whole,
           if(endsWith(key, 'line'), substringIndex(whole, ' ', 1), leftUTF8(whole, {VALUE_LENGTH})) AS value,
           if(endsWith(key, 'line'), leftUTF8(substring(whole, position(whole, ' ') + 1), {VALUE_LENGTH}), '') AS text
    FROM (SELECT id, service, arrayJoin(pairs) AS pair FROM (%s) WHERE id IN {{every:Array(String)}})
    WHERE pair.2 != '' AND NOT match(pair.1, {{means:String}})
)
GROUP BY service, key, value HAVING failing + working >= {{least:UInt32}}
ORDER BY failing + working DESC, service, key, value LIMIT 20000"""


@dataclass(frozen=True, slots=True)
class Sides:
    """The requests that are compared, by their ids, and how far the working ones were sought."""

    failing: tuple[str, ...]
    working: tuple[str, ...]
    most: int  # the largest hash of their traces
    before: int  # working ones that are of the good window


@inspection(
    "What do failing requests have in common?",
    stage=Stage.EXPLAIN,
    needs={Signal.SPANS, Signal.LOGS},
    uses=(Onset, Confirmation),
    gives=RequestsCompared,
)
def compare_requests(case: Case) -> Iterator[Finding]:
    """What is on failing requests and not on working ones, and the other way round."""
    found = case.earlier(Confirmation)
    kind = found.impact.kind if found else None
    if case.comparison is None:
        yield Finding(Verdict.UNKNOWN, "there is no good and bad window to compare")
        return
    if kind is ImpactKind.TRAFFIC_LOSS:
        yield Finding(Verdict.UNKNOWN, "requests that do not come carry nothing to compare")
        return
    sides = _sides(case, kind)
    if min(len(sides.failing), len(sides.working)) < SIDE_REQUESTS:
        few = f"{len(sides.failing)} failing and {len(sides.working)} working requests"
        yield Finding(
            Verdict.UNKNOWN,
            "there are no failing and working requests to compare"
            if not any(map(len, (sides.failing, sides.working)))
            else f"{few} are too few to compare",
        )
        return
    yield _finding(sides, *_seen(case, sides))


def _sides(case: Case, kind: ImpactKind | None) -> Sides:
    """As many working requests of each operation as failing ones."""
    parts, _ = compared_requests(case)
    bound: dict[str, Any] = {}
    if parts:
        asked = (
            slow_requests("lg_requests", "operation", "1", parts, {})
            if kind is ImpactKind.LATENCY
            else Asked("lg_requests", "operation", "1", "failed", {})
        )
        sql = _REQUESTS % (_ID, asked.hit)
        bound = asked.parameters
    else:
        sql = _TRACES
    bad, good = (case.comparison.bad, case.comparison.good) if case.comparison else (None, None)
    rows = case.query(_CHOSEN % sql, window=bad, each=REQUESTS_EACH, every=1, **bound, **_enough(parts, kind))
    failing, working = _by_place(rows, hit=1), _by_place(rows, hit=0)
    # Where no more fail than before, their failures are of another kind.
    worse = {" ".join(place) for part in parts if part.fails_more() or part.slower() for place in part.places}
    failing = {place: mine for place, mine in failing.items() if place in worse} or failing
    if any(len(working[place]) < min(WORKING_NOW, len(mine)) for place, mine in failing.items()):
        many = sum(part.good.requests for part in parts)
        before = case.query(
            _CHOSEN % sql,
            window=good,
            each=REQUESTS_EACH,
            every=1 + int(many // PAST_CHOICE),
            **bound,
            **_enough((), kind),
        )
        for place, mine in _by_place(before, hit=0).items():
            working[place] += mine
    taken = [row for mine in failing.values() for row in mine]
    ids = {row["id"] for row in taken}
    others = [
        row
        for place, mine in failing.items()
        for row in working[place][: max(SIDE_REQUESTS, len(mine))]
        if row["id"] not in ids
    ]
    return Sides(
        tuple(row["id"] for row in taken),
        tuple(row["id"] for row in others),
        max((row["trace_hash"] for row in (*taken, *others)), default=0),
        sum(row["phase"] == "good" for row in others),
    )


def _enough(parts: Iterable[Compared], kind: ImpactKind | None) -> dict[str, Any]:
    """The hashes of busy operations below which there are surely as many working requests as are taken."""
    known = parts if kind is not ImpactKind.LATENCY else ()  # how many are not slow is not known
    working = {" ".join(part.places[0]): part.bad.requests - part.bad.failed for part in known}
    busy = {place: n for place, n in working.items() if n > DRAWN_TIMES * REQUESTS_EACH}
    return {
        "busy": [*busy, ""],
        "enough": [
            *(int(TRACE_HASHES * DRAWN_TIMES * REQUESTS_EACH / n) for n in busy.values()),
            TRACE_HASHES,
        ],
    }


def _by_place(rows: Rows, hit: int) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows.dicts():
        if row["hit"] == hit:
            found[row["place"]].append(row)
    return found


def _seen(case: Case, sides: Sides) -> tuple[list[dict[str, Any]], Rows]:
    """Everything that any of the requests has, with how many have it."""
    sources = ["lg_spans"] if case.has(Signal.SPANS) else []
    if not sources or any(map(str.isdigit, (*sides.failing, *sides.working))):  # access logs name no trace
        sources.append("lg_requests")
    sources += ["lg_lines"] if case.has(Signal.LOGS) else []
    window: Window | None = _hull(case)
    if not sides.before and case.comparison:
        window = case.comparison.bad
    rows = case.query(
        _SEEN % "\n    UNION ALL ".join(_DETAILS[source] for source in sources),
        window=window,
        failing=list(sides.failing),
        every=[*sides.failing, *sides.working],
        most=sides.most,
        least=SIDE_REQUESTS,
        means=_MEANS_FAILING,
    )
    return rows.dicts(), rows


def _finding(sides: Sides, seen: list[dict[str, Any]], rows: Rows) -> Finding:
    found = _distinct(_traits(sides, seen))
    counted = f"{len(sides.failing)} failing and {len(sides.working)} working requests of the same operations"
    limits = (f"{sides.before} of the working requests are of the good window",) if sides.before else ()
    if not found:
        reported = f"nothing of {len(seen)} things on {counted} is on one side much more than on the other"
        return Finding(
            Verdict.NO, reported, NO_TRAIT, RequestsCompared(()), (_table((), sides, rows),), limits
        )
    why = [one for one in found if not one.says_failing] or list(found)
    because = "; ".join(_in_words(one) for one in why[:TRAITS_REPORTED])
    return Finding(
        Verdict.YES,
        f"{because} ({counted})",
        min(TRAIT_MOST_SURE, round(1 - (1 - TRAIT_LEVEL) - (1 - why[0].low) * TRAIT_UNSURE, 3)),
        RequestsCompared(tuple(found)),
        (_table(found, sides, rows),),
        limits,
    )


def _traits(sides: Sides, seen: list[dict[str, Any]]) -> Iterator[tuple[int, InCommon]]:
    """What is beyond chance and large, with the fingerprint of the requests that have it."""
    every = len(sides.failing), len(sides.working)
    for row in seen:
        failing, working = row["failing"] / every[0], row["working"] / every[1]
        apart = trait_interval((row["failing"], every[0]), (row["working"], every[1]), len(seen))
        if apart is not None:
            name = row["text"] or row["value"]
            says = bool(_says_failing(row["key"]))
            yield row["same"], InCommon(row["service"], row["key"], name, failing, working, *apart, says)


def _says_failing(key: str) -> bool:
    return re.match(_SAYS_FAILING, key) is not None


def _distinct(traits: Iterator[tuple[int, InCommon]]) -> list[InCommon]:
    """Each set of requests once: what is on failing ones, the clearest first, then what they lack, and how it fails; of a number's limits the best."""
    by: dict[int, list[InCommon]] = defaultdict(list)
    for same, one in traits:
        by[same].append(one)
    firsts = [_together(mine) for mine in by.values()]
    firsts.sort(
        key=lambda one: (
            one.says_failing,
            one.failing < one.working,
            -one.low,
            one.service,
            one.key,
            one.value,
        )
    )
    kept: dict[tuple[str, str, bool], InCommon] = {}
    for one in firsts:
        kept.setdefault((one.service, one.key if one.value.startswith("at least") else f"{one.key}={one.value}",
                         one.failing >= one.working), one)  # fmt: skip
    return list(kept.values())[:TRAITS_SHOWN]


def _together(mine: list[InCommon]) -> InCommon:
    """The first of those on the same requests, the others named with it."""
    ordered = sorted(
        mine, key=lambda one: (one.says_failing, len(one.value), one.service, one.key, one.value)
    )
    others = tuple(f"{one.service} {one.key}={one.value}".strip() for one in ordered[1 : 1 + TRAITS_REPORTED])
    return replace(ordered[0], also=others)


def _in_words(one: InCommon) -> str:
    return f"{percent(one.failing)} of failing requests have {one.service} {one.key}={one.value}, {percent(one.working)} of working ones"


def _table(found: Sequence[InCommon], sides: Sides, rows: Rows) -> Table:
    shown = tuple(
        (one.service, one.key, one.value, one.failing, one.working, one.low, one.high, "; ".join(one.also))
        for one in found
    ) or (
        ("", "requests compared", "", float(len(sides.failing)), float(len(sides.working)), None, None, ""),
    )
    return Table(
        "On failing and on working requests",
        (
            "service",
            "what",
            "value",
            "failing",
            "working",
            "apart by at least",
            "at most",
            "the same requests",
        ),
        shown,
        rows.provenance,
    )


def _hull(case: Case) -> Window | None:
    return case.comparison.hull if case.comparison else None
