"""Evidence of log lines: a service's own statements, what follows what, and errors it never reported before.

A statement is where a line comes from: its logger and the constant beginning of its text. Lines are
grouped by the span that wrote them (or the request, where there are no spans), so that a span which
should have spoken and did not is seen too.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from math import ceil
from types import MappingProxyType
from typing import Any

from lastgood.algorithms.blame import Sign, Suspicion
from lastgood.algorithms.called_names import called_name
from lastgood.algorithms.counts import CLEAR, wilson
from lastgood.algorithms.culprit_kinds import kind_of_peer, kind_of_trouble, place_in
from lastgood.algorithms.patterns.scanning import is_frame
from lastgood.algorithms.steps import END, START, Break, Step, breaks
from lastgood.algorithms.trouble_words import ANSWERED, is_refused_statement
from lastgood.algorithms.upstream_names import upstream_names
from lastgood.inspections.culprit.accounted import accounted, ending_badly
from lastgood.inspections.culprit.fields import (
    ERROR_SEVERITY,
    WARNING_SEVERITY,
    about_peers,
    called_in_fields,
    peers_in_fields,
)
from lastgood.inspections.culprit.slow_statements import slow_statements, timed_places
from lastgood.inspections.culprit.weights import (
    ERRORS_LEAST,
    ERRORS_MORE,
    ERRORS_SCALE,
    LINES_FOLLOWED,
    MORE_ERRORS,
    NAMED_BY_CALLER,
    NEW_ERRORS,
    QUOTE_LETTERS,
    REFUSED_STATEMENTS,
    RENUMBERED,
    REPORTED_ERRORS,
)
from lastgood.model.answers import Confirmation
from lastgood.model.evidence import Table
from lastgood.model.failing_line import FAILURE_WORDS
from lastgood.model.figures import count, shortened
from lastgood.model.judgement import Reason
from lastgood.model.signal import Signal
from lastgood.readings.case import Case
from lastgood.readings.suspicions import Suspicions, break_strength, grown, recovered
from lastgood.readings.traces import CHOSEN, TRACE_BUCKETS, one_in
from lastgood.telemetry.derived import NO_TRACE
from lastgood.telemetry.reader import Rows

# Where a line says from which line of code it comes, that is the statement; else its logger, whether it is an
# error, and the text up to a quote, bracket of a value, colon or equals sign, with words that hold digits as 0. What caught
# everything logs every exception in one place: the exception that it names is part of the statement.
IDS = "(?i)(trace|span|request|req|correlation)[-_ ]?id[:= ]+[0-9a-f-]*[ ,;]*"
CLEAN = f"replaceRegexpAll(body, '{IDS}', '')"
UNNUMBERED = f"""replaceRegexpAll(substring({CLEAN}, 1, 120), '[^ :={{(<"'',]*[0-9][^ :={{(<"'',]*', '0')"""
STEM = f"""extract({UNNUMBERED}, '^[^:={{(<"'']{{4,80}}')"""
TEXT = f"if({STEM} != '', {STEM}, substring({UNNUMBERED}, 1, 60))"
RAISED = "extract(body, '[A-Z]\\\\w*(?:Error|Exception)\\\\b')"
KEY = f"cityHash64(scope, code_line, if(code_line != '', '', {TEXT}), code_line = '' AND is_error, {RAISED})"
# Lines of one shape are one statement, so their text is looked at once.
STATEMENT_PLACE = "cityHash64(scope, code_line, shape, severity >= 17)"
STATEMENTS = f"""
SELECT service, {KEY} AS statement, min(cityHash64(replaceRegexpOne(scope, '[#:][0-9]+$', ''), {TEXT}, {RAISED})) AS unnumbered,
       min(if(code_line != '', concat(scope, '#', code_line), scope)) AS logger, argMax(substring({CLEAN}, 1, 320), (told, body)) AS text, max(if(highest = 0 AND multiSearchAnyCaseInsensitive(body, {list(FAILURE_WORDS)}), 17, highest)) AS worst,
       sum(good) AS good, sum(bad) AS bad, toUnixTimestamp64Nano(min(first_ts)) AS first, arraySort(groupUniqArrayArray(buckets)) AS buckets, arraySort(groupUniqArray(10000)(place)) AS places
FROM (SELECT service, shape, scope, code_line, severity >= 17 AS is_error, {STATEMENT_PLACE} AS place, min(body) AS body, max(severity) AS highest,
             countIf(phase = 'good') AS good, countIf(phase = 'bad') AS bad, min(ts) AS first_ts, countIf(phase = 'bad') AS told,
             groupUniqArrayIf({TRACE_BUCKETS})(toUInt16(trace_hash % {TRACE_BUCKETS}), phase = 'bad' AND trace_hash != {NO_TRACE}) AS buckets
      FROM lg_lines WHERE phase != '' GROUP BY service, shape, scope, code_line, is_error, place)
GROUP BY service, statement ORDER BY good + bad DESC, service, statement LIMIT 20000"""
UNITS = f"""
SELECT service, name, step.1 AS after, step.2 AS next,
       uniqExactIf(trace_id, phase = 'good') AS good, uniqExactIf(trace_id, phase = 'bad') AS bad,
       arraySort(groupUniqArrayIf({TRACE_BUCKETS})(toUInt16(trace_hash % {TRACE_BUCKETS}), phase = 'bad')) AS buckets
FROM (SELECT service, max(x_name) AS name, min(x_phase) AS phase, trace_id, trace_hash,
             arrayMap(x -> x.2, arraySort(arrayDistinct(groupArrayIf(2000)((ts, statement), statement != 0)))) AS events,
             arrayJoin(arrayZip(arrayPushFront(events, 0), arrayPushBack(events, 0))) AS step
      FROM (SELECT trace_id, trace_hash, span_id, service, ts, phase AS x_phase,
                   transform({STATEMENT_PLACE}, {{places:Array(UInt64)}}, {{statements:Array(UInt64)}}, 0) AS statement, '' AS x_name
            FROM lg_lines WHERE trace_id != '' AND {CHOSEN}
            UNION ALL
            SELECT trace_id, trace_hash, span_id, service, ts, phase, 0, name FROM lg_spans WHERE {CHOSEN})
      GROUP BY trace_id, trace_hash, span_id, service)
GROUP BY service, name, after, next ORDER BY good + bad DESC, service, name, after, next LIMIT 50000"""

# A service's name as a word of its own, but not whoever a request came from or is for.
NAMED = r"(?<!from )(?<!by )(?<!for )(?<!client )(?<!caller )(?<![\w.-]){name}(?![\w-])"

_Known = dict[tuple[str, str], dict[str, Any]]  # rows of statements, by service and statement
NOBODY: Mapping[str, tuple[str, str]] = MappingProxyType({})
NOTHING: Mapping[tuple[str, str], float] = MappingProxyType({})


def statement_suspicions(case: Case, speaking: Collection[str] = ()) -> Suspicions:
    """What log lines say: sequences of statements that break off, and errors that are new.

    An error that names another of those `speaking`, or quotes its error, is taken for a call of it that failed.
    """
    if not case.has(Signal.LOGS):
        return Suspicions(limits=("no logs",))
    reported = case.query(STATEMENTS)
    if not len(reported):
        return Suspicions(limits=("no log lines in either window",))
    lines = sum(row["good"] + row["bad"] for row in reported.dicts())
    every = max(_one_trace_in(lines), one_in(case))
    places, statements = _places(reported)
    units = case.query(UNITS, every=every, places=places, statements=statements)
    known = {(row["service"], str(row["statement"])): row for row in reported.dicts()}
    moved = _renumbered(known)
    found = [
        item for item in _breaks(units.dicts()) if item.unit[0] not in moved and not _recovery(item, known)
    ]
    confirmed = case.earlier(Confirmation)
    # Whoever refuses, or will try again, only warns of it.
    warned = confirmed is not None and (confirmed.impact.refused or confirmed.impact.attempts)
    least = WARNING_SEVERITY if warned else ERROR_SEVERITY
    longer = _longer(case)
    refusals = _accounted(case, known, longer)
    named, errors = _named(known, speaking, least), _new_errors(known, speaking, least, refusals)
    peers: Mapping[str, tuple[str, str]] = {}
    if not case.has(Signal.SPANS):  # they show better who calls whom
        peers = peers_in_fields(case, speaking, ((service, row) for (service, _), row in known.items()))
        reporting = ((one, peer) for one, (peer, _) in peers.items() if peer in speaking)
        for caller, callee in (*called_in_fields(case, speaking), *reporting):
            if caller not in named.get(callee, ()):
                named.setdefault(caller, set()).add(callee)
        errors = about_peers(errors, peers, speaking)
    # Where spans are, they show how a callee answers.
    blamed = () if case.has(Signal.SPANS) else _blamed(errors, named, peers)
    return Suspicions(
        (
            *_broken(found, units.dicts(), known),
            *errors,
            *blamed,
            *slow_statements(known, longer, case.window.end, timed_places(case, known, STATEMENT_PLACE)),
        ),
        (_errors_table(reported), *_breaks_table(found, known, units)),
        (
            *([f"log lines of one trace in {every} were followed"] if every > 1 else []),
            *(f"line numbers of {name} moved, its statements cannot be followed" for name in sorted(moved)),
        ),
        named,
    )


def _one_trace_in(lines: int) -> int:
    """Of how many traces one is followed, so that no more lines are than may be."""
    return ceil(lines / LINES_FOLLOWED)


def _accounted(
    case: Case, known: Mapping[tuple[str, str], Mapping[str, Any]], longer: float
) -> dict[tuple[str, str], float]:
    """How many errors of a statement the requests that end badly account for, of services that have such."""
    failing = ending_badly(case, longer)
    return {key: accounted(row, failing[key[0]], longer) for key, row in known.items() if failing.get(key[0])}


def _longer(case: Case) -> float:
    """The bad window's length over the good one's."""
    if case.comparison is None:
        return 1.0
    return case.comparison.bad.seconds / max(case.comparison.good.seconds, 1.0)


def _blamed(
    errors: list[Suspicion], named: dict[str, set[str]], peers: Mapping[str, tuple[str, str]] = NOBODY
) -> Iterator[Suspicion]:
    """Suspicions against a service that its caller's errors name, where they name one alone; or fields beside them."""
    for one in errors:
        callees = [name for name in sorted(named.get(one.service, ())) if _says(name).search(one.because)]
        kind = "errors"
        if not callees and one.service in peers and peers[one.service][0] in named.get(one.service, ()):
            callees, kind = [peers[one.service][0]], kind_of_trouble(peers[one.service][1], "errors")
        if len(callees) == 1:
            why = Reason(NAMED_BY_CALLER, scale=one.strength, caller=one.service, said=one.because)
            yield replace(
                one,
                service=callees[0],
                kind=kind,
                strength=why.ratio,
                because=why.reported,
                component=None,
            )


def _says(name: str) -> re.Pattern[str]:
    return re.compile(NAMED.format(name=re.escape(name)), re.IGNORECASE)


def _peer(text: str, speaking: Collection[str]) -> str:
    """Whom an error says it could not reach, as a service is called where one has that name; empty where there is none."""
    host = called_name(text)
    return upstream_names([host], speaking)[host] if host else ""


def _named(known: _Known, speaking: Collection[str], least: int = ERROR_SEVERITY) -> dict[str, set[str]]:
    """Who names or quotes whom in errors; not who they are for or came from, nor two that name each other."""
    found: dict[str, set[str]] = defaultdict(set)
    names = [(name, _says(name)) for name in sorted(speaking)]
    for (service, _), row in known.items():
        if row["worst"] >= least and row["bad"] > row["good"]:
            found[service] |= {name for name, said in names if name != service and said.search(row["text"])}
            peer = _peer(row["text"], speaking)
            found[service] |= {peer} & (set(speaking) - {service})
    for caller, callee in _quotes(known):
        found[caller].add(callee)
    apart = {a: {b for b in named if a not in found.get(b, ())} for a, named in list(found.items())}
    return {service: named for service, named in apart.items() if named}


def _quotes(known: _Known) -> Iterator[tuple[str, str]]:
    """Pairs of services of which the first wraps the second's error in words of its own: `charge failed: <the error>`."""
    worse = [
        (service, row["text"].strip())
        for (service, _), row in known.items()
        if row["worst"] >= ERROR_SEVERITY and row["bad"] > row["good"]
    ]
    for caller, reported in worse:
        for callee, error in worse:
            at = (
                reported.find(error[:QUOTE_LETTERS])
                if callee != caller and len(error) >= QUOTE_LETTERS
                else -1
            )
            if at > 0 and (reported[at:].startswith(error) or error.startswith(reported[at:])):
                yield caller, callee


def _places(reported: Rows) -> tuple[list[int], list[int]]:
    """Places in the code, shape by shape, and the statement that each is."""
    pairs = [(place, row["statement"]) for row in reported.dicts() for place in row["places"]]
    return [place for place, _ in pairs], [statement for _, statement in pairs]


def _renumbered(known: _Known) -> set[str]:
    """Services whose statements are new by their line numbers only: another version was deployed."""
    before = {(service, row["unnumbered"]) for (service, _), row in known.items() if row["good"]}
    bad: dict[str, int] = {}
    moved: dict[str, int] = {}
    for (service, _), row in known.items():
        bad[service] = bad.get(service, 0) + row["bad"]
        if not row["good"] and (service, row["unnumbered"]) in before:
            moved[service] = moved.get(service, 0) + row["bad"]
    return {service for service, lines in moved.items() if lines > RENUMBERED * bad[service]}


def _recovery(item: Break, known: _Known) -> bool:
    usual, now = known.get((item.unit[0], item.usual)), known.get((item.unit[0], item.then))
    if usual is None:
        return False
    if usual["worst"] >= ERROR_SEVERITY and (now is None or now["worst"] < ERROR_SEVERITY):
        return True
    return recovered(usual["text"], now["text"] if now else "")


def _breaks(rows: list[dict[str, Any]]) -> list[Break]:
    speaks = {(r["service"], r["name"]) for r in rows if r["after"] or r["next"]}
    found = breaks(
        Step((r["service"], r["name"]), _event(r["after"]), _event(r["next"]), r["good"], r["bad"])
        for r in rows
        if (r["service"], r["name"]) in speaks
    )
    # What a unit begins with is chosen by its input; only saying nothing at all is a break.
    return [item for item in found if item.after != START or item.then == END]


def _event(key: int) -> str:
    return str(key) if key else ""


def _broken(found: list[Break], rows: list[dict[str, Any]], known: _Known) -> list[Suspicion]:
    buckets: dict[tuple[tuple[str, ...], str, str], frozenset[int]] = {
        ((r["service"], r["name"]), _event(r["after"]), _event(r["next"])): frozenset(r["buckets"])
        for r in rows
    }
    return [
        Suspicion(
            item.unit[0],
            "code",
            break_strength(item),
            f"{_reported(item, item.then, known, 'nothing')} follows {_reported(item, item.after, known, 'its start')} in "
            f"{count(item.bad)} of {count(item.bad_of)} cases ({count(item.good)} of {count(item.good_of)} before), usually "
            f"{_reported(item, item.usual, known, 'nothing')}",
            caught=True,
            sign=Sign.BREAKS if item.usual else Sign.LONGER,
            component=f"between {_region(item, item.after, known)} and {_region(item, item.usual, known)}",
            traces=buckets[item.unit, item.after, item.then],
            damage=float(item.bad),
        )
        for item in found
    ]


def _reported(item: Break, key: str, known: _Known, silence: str) -> str:
    row = known.get((item.unit[0], key))
    return f"“{shortened(row['text'], 60)}”" if row else silence


def _region(item: Break, key: str, known: _Known) -> str:
    row = known.get((item.unit[0], key))
    if row is None:
        return item.unit[1] or "the end"
    return str(row["logger"] or shortened(row["text"], 60))


def _new_errors(
    known: _Known,
    speaking: Collection[str] = (),
    least: int = ERROR_SEVERITY,
    accounts: Mapping[tuple[str, str], float] = NOTHING,
) -> list[Suspicion]:
    """Errors whose share of the service's own lines has surely risen; those never reported before weigh more.

    One that names a peer which reports nothing itself is about that peer. `accounts`: the share of a service's failures
    that an error accounts for, which counts whatever else the service writes.
    """
    good_of: dict[str, int] = {}
    bad_of: dict[str, int] = {}
    for (service, _), row in known.items():
        good_of[service] = good_of.get(service, 0) + row["good"]
        bad_of[service] = bad_of.get(service, 0) + row["bad"]
    found = []
    for (service, statement), row in known.items():
        if row["worst"] < least or row["bad"] < ERRORS_LEAST or is_frame(row["text"]):
            continue
        high = wilson(row["good"], good_of[service], CLEAR)[1] if good_of[service] else 0.0
        lift = wilson(row["bad"], bad_of[service], CLEAR)[0] - high
        lines = max(bad_of[service] / max(good_of[service], 1), 1)
        if lift > 0 and row["bad"] > ERRORS_MORE * row["good"] * lines:
            share = accounts.get((service, statement), 0.0)
            why = _error_reason(service, row, max(grown(lift, ERRORS_SCALE), share))
            peer = _peer(row["text"], speaking)
            outside = peer if peer and peer not in speaking else ""
            kind = kind_of_peer(outside) if outside else kind_of_trouble(row["text"], "errors")
            found.append(
                Suspicion(
                    service,
                    kind,
                    why.ratio,
                    why.reported,
                    caught=True,
                    component=outside or place_in(row["text"], kind, row["logger"]) or None,
                    traces=frozenset(row["buckets"]),
                    damage=float(row["bad"]),
                )
            )
    return found


def _error_reason(service: str, row: dict[str, Any], scale: float) -> Reason:
    bad, good, text = row["bad"], row["good"], shortened(row["text"], 80)
    if is_refused_statement(service, row["text"]):
        return Reason(REFUSED_STATEMENTS, scale=scale, bad=bad, text=text, good=good)
    if ANSWERED.search(row["text"]):
        return Reason(REPORTED_ERRORS, scale=scale, bad=bad, text=text, good=good)
    if good:
        return Reason(MORE_ERRORS, scale=scale, bad=bad, text=text, good=good)
    return Reason(NEW_ERRORS, scale=scale, bad=bad, text=text)


def _errors_table(reported: Rows) -> Table:
    rows = [r for r in reported.dicts() if r["worst"] >= WARNING_SEVERITY and r["bad"] > r["good"]][:10]
    return Table(
        "Warnings and errors that increased",
        ("service", "logger", "text", "good", "bad"),
        tuple((r["service"], r["logger"], r["text"], r["good"], r["bad"]) for r in rows),
        reported.provenance,
    )


def _breaks_table(found: list[Break], known: _Known, units: Rows) -> tuple[Table, ...]:
    if not found:
        return ()
    rows = tuple(
        (
            item.unit[0],
            _reported(item, item.after, known, "start"),
            _reported(item, item.then, known, "end"),
            _reported(item, item.usual, known, "end"),
            item.bad,
            item.bad_of,
            item.good,
            item.good_of,
        )
        for item in found[:10]
    )
    columns = ("service", "after", "now", "usually", "bad", "of", "good", "of good")
    return (Table("Changed statement sequences", columns, rows, units.provenance),)
