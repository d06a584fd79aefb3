"""Code that new errors name: the files and lines of their stack traces, against the files and lines that a change touches."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lastgood.algorithms.change_lineage import bare, same
from lastgood.algorithms.code_places import NAMES_PLACE, CodePlace, is_code, is_file, places
from lastgood.algorithms.trouble_words import error_kinds
from lastgood.inspections.what_changed.weights import (
    ERRORS_WITH_PLACES,
    NAMES_FILE,
    NAMES_LINE,
    NAMES_OUTER,
    PLACES_LEAST,
    RAISED_ELSEWHERE,
)
from lastgood.model.attributes import HTTP_STATUS, STACKTRACE, URL_PATHS
from lastgood.model.change import Change
from lastgood.model.failure import ErrorKind
from lastgood.model.judgement import Reason
from lastgood.model.signal import Signal
from lastgood.readings.case import Case
from lastgood.readings.risen import risen

# An access line, whose address and agent a client wrote.
_OF_A_REQUEST = (
    f"attributes['{HTTP_STATUS}'] != '' AND attributes['{URL_PATHS[0]}'] != '' AND position(body, '\\n') = 0"
)
_LINES = f"""
SELECT service, shape, countIf(phase = 'good') AS good, countIf(phase = 'bad') AS bad, argMinIf(said, ts, phase = 'bad') AS text
FROM (SELECT service, shape, phase, ts, concat(if({_OF_A_REQUEST}, '', substring(body, 1, 8000)), '\\n', substring(attributes['{STACKTRACE}'], 1, 8000)) AS said
      FROM lg_lines WHERE phase != '' AND (severity >= 17 OR severity = 0))
WHERE match(said, '{NAMES_PLACE}')
GROUP BY service, shape HAVING bad > 0 ORDER BY bad DESC, service, text LIMIT 50"""
_SPANS = f"""
SELECT service, type, countIf(phase = 'good') AS good, countIf(phase = 'bad') AS bad,
       argMinIf(substring(stacktrace, 1, 8000), (ts, stacktrace), phase = 'bad') AS text
FROM lg_exceptions WHERE phase != '' AND match(stacktrace, '{NAMES_PLACE}')
GROUP BY service, type HAVING bad > 0 ORDER BY bad DESC, service, text LIMIT 50"""

_ANY = f"SELECT 1 FROM lg_exceptions WHERE phase = 'bad' AND match(stacktrace, '{NAMES_PLACE}') LIMIT 1"

# What is called fails, or lets one wait: the trace of such an error names who called, not who is at fault.
WAITED = frozenset(
    {
        ErrorKind.CERTIFICATE,
        ErrorKind.DNS,
        ErrorKind.LOCKS,
        ErrorKind.POOL,
        ErrorKind.RATE_LIMIT,
        ErrorKind.NETWORK,
        ErrorKind.REFUSED,
        ErrorKind.TIMEOUT,
    }
)
_SAID = 400  # letters of an error that say what it is, before its frames


@dataclass(frozen=True, slots=True)
class NamedCode:
    """A place in code that new errors of a service name."""

    service: str
    place: CodePlace
    waited: bool = False  # the error is of what that code called, or waited for


def _raised(case: Case) -> bool:
    """Whether spans name a place at all while it is bad: the long time before need not be read otherwise."""
    bad = case.comparison.bad if case.comparison else None
    return case.has(Signal.SPANS) and bool(len(case.query(_ANY, window=bad)))


def read_named_code(case: Case) -> list[NamedCode]:
    """The places that the most frequent new errors name, those where errors are raised first."""
    rows = case.query(_LINES).dicts() if case.has(Signal.LOGS) else []
    rows += case.query(_SPANS).dicts() if _raised(case) else []
    more = risen(case, rows)
    of_others = [bool(WAITED & set(error_kinds(row["text"][:_SAID]))) for row, _ in more]
    found = [
        one
        for waited in (False, True)
        for one in _most(
            [pair for pair, other in zip(more, of_others, strict=True) if other is waited], waited=waited
        )
    ]
    return sorted(found, key=lambda one: one.place.depth)


def _most(rows: Sequence[tuple[dict[str, Any], float]], *, waited: bool) -> list[NamedCode]:
    found = sorted(rows, key=lambda pair: -pair[1])
    most = found[0][1] if found else 0.0
    return [
        NamedCode(row["service"], place, waited)
        for row, more in found[:ERRORS_WITH_PLACES]
        if more >= PLACES_LEAST * most
        for place in places(row["text"])
    ]


def runs_code_of(
    changes: Sequence[Change], services: Collection[str], named: Sequence[NamedCode]
) -> dict[str, frozenset[str]]:
    """The services of the telemetry whose errors name code of a party that changes alone name, by `bare` names.

    A server is often called like the program that runs it, `gunicorn`, and its deploys like the application.
    """
    files: dict[str, set[str]] = {}
    for change in changes:
        if change.service and not any(same(change.service, one) for one in services):
            files.setdefault(bare(change.service), set()).update(change.files)
    of_changes = {
        one.service for one in named if any(same(change.service, one.service) for change in changes)
    }
    found = {
        party: frozenset(
            one.service
            for one in named
            if one.service not in of_changes
            and (
                party in map(bare, one.place.file.split("/")[:-1])
                or any(is_file(one.place.file, file, own=True) for file in touched)
            )
        )
        for party, touched in files.items()
    }
    return {party: running for party, running in found.items() if running}


def naming_code(
    change: Change, lines: Mapping[str, frozenset[int]], named: Sequence[NamedCode]
) -> list[Reason]:
    """That a change touches what new errors name: the line where they are raised, that file, or one around it."""
    files = change.files or tuple(lines)
    named = [one for one in named if not one.waited]
    touched = [
        (one, file)
        for one in named
        for file in files
        if is_file(one.place.file, file, own=same(change.service, one.service))
    ]
    for one, file in touched:
        if one.place.depth == 0 and one.place.line in lines.get(file, ()):
            return [Reason(NAMES_LINE, place=f"{file}:{one.place.line}")]
    for one, file in touched[:1]:
        return [Reason(NAMES_FILE if one.place.depth == 0 else NAMES_OUTER, file=file)]
    of_its = [one for one in named if same(change.service, one.service)]
    if of_its and change.kind == "commit" and any(map(is_code, files)):
        return [Reason(RAISED_ELSEWHERE, file=of_its[0].place.file)]
    return []
