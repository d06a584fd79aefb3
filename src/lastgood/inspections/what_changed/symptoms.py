"""What the trouble looks like: its kinds, and the words in which telemetry tells of it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from lastgood.algorithms.change_lineage import same
from lastgood.algorithms.diffs.identifiers import words
from lastgood.algorithms.diffs.kinds import Trouble
from lastgood.algorithms.metric_meaning import Role, meaning
from lastgood.algorithms.trouble_words import is_store
from lastgood.inspections.what_changed.scene import Scene
from lastgood.inspections.what_changed.weights import (
    CALLS_MULTIPLIED,
    ERROR_TEXT_LEAST,
    ERROR_TEXTS,
    PARTS_WORDED,
    PLATFORM_EARLY,
    RESOURCE_GROWN,
    TROUBLE_EVENTS,
    TROUBLE_FEWEST,
    TROUBLE_SHARE,
    WORD_OF_COMPONENT,
    WORD_OF_CULPRIT,
    WORD_OF_HOP,
    WORD_OF_PART,
    WORD_OF_PART_NAME,
)
from lastgood.model.answers import (
    BlastRadius,
    Confirmation,
    Culprits,
    GoldenSignals,
    ImpactKind,
    Shape,
)
from lastgood.model.change import Change
from lastgood.model.failure import ErrorKind, FailurePath
from lastgood.readings.case import Case
from lastgood.readings.risen import Found, Risen

_T = Trouble
OF_ERRORS: Mapping[ErrorKind, frozenset[Trouble]] = {
    ErrorKind.DISK_FULL: frozenset({_T.DISK}), ErrorKind.MEMORY: frozenset({_T.MEMORY, _T.CRASH}),
    ErrorKind.CERTIFICATE: frozenset({_T.CERTIFICATE}), ErrorKind.DNS: frozenset({_T.DNS}), ErrorKind.LOCKS: frozenset({_T.LOCKS}),
    ErrorKind.RANGE: frozenset({_T.BAD_DATA}), ErrorKind.HANDLES: frozenset({_T.CONNECTIONS}), ErrorKind.CLOCK: frozenset({_T.DENIED}),
    ErrorKind.POOL: frozenset({_T.CONNECTIONS}), ErrorKind.RATE_LIMIT: frozenset({_T.RATE_LIMIT}),
    ErrorKind.NETWORK: frozenset({_T.NETWORK}), ErrorKind.REFUSED: frozenset({_T.REFUSED}), ErrorKind.TIMEOUT: frozenset({_T.TIMEOUT}),
    ErrorKind.DENIED: frozenset({_T.DENIED}), ErrorKind.CREDENTIALS: frozenset({_T.DENIED}), ErrorKind.BAD_DATA: frozenset({_T.BAD_DATA}),
}  # fmt: skip
OF_KIND: Mapping[str, Trouble] = {
    "cpu": _T.CPU, "memory": _T.MEMORY, "disk": _T.DISK, "network": _T.NETWORK, "database": _T.CONNECTIONS, "queue": _T.QUEUE,
    "restart": _T.CRASH, "handles": _T.CONNECTIONS,
}  # fmt: skip
OF_STATUS: Mapping[int, Trouble] = {
    401: _T.DENIED, 403: _T.DENIED, 407: _T.DENIED, 429: _T.RATE_LIMIT, 503: _T.REFUSED, 502: _T.REFUSED, 504: _T.TIMEOUT,
    408: _T.TIMEOUT, 499: _T.TIMEOUT,
}  # fmt: skip
CLIENT_ERROR = 4  # the class of statuses (RFC 9110)
# Exceptions of a program's own, in the names that languages give them.
_CODE = re.compile(
    r"NullPointer|NoneType|undefined|KeyError|AttributeError|TypeError|IndexError|nil pointer|NullReference|IllegalState"
    r"|IllegalArgument|Assertion|panic|segmentation|ClassCast|NoSuchMethod|NameError|ReferenceError|ValueError|NoMethodError"
    r"|IndexOutOf|ArgumentError|InvalidOperation|ConcurrentModification|ZeroDivision|ArithmeticException|unwrap\(\)|Overflow"
)
_CONTRACT = re.compile(
    r"unknown (field|property|column|parameter|type)|missing (required )?(field|parameter|property|argument|key|header)"
    r"|no such (column|table|field)|does not exist|unrecogni[sz]ed|unsupported|not found|must not be (null|empty)|is required"
    r"|unexpected (field|property|keyword)|undefined (column|method)|has no (attribute|field|member)",
    re.IGNORECASE,
)
# What databases and their drivers call a statement that did not end well.
_STORE = re.compile(
    r"statement timeout|could not execute statement|lock wait timeout|\bdeadlock|failed executing dbcommand|canceling statement"
    r"|\bSQLSTATE\b|SqlException|OperationalError|QueryCanceled",
    re.IGNORECASE,
)
# What a callee says of a call that its caller gave up.
_GIVEN_UP = re.compile(
    r"\b(?:context|request|call|operation|task|rpc) (?:was |is )?cancell?ed\b|\bCANCELLED\b"
)
# What a platform says of processes.
_PLATFORM = (
    (re.compile(r"OOM|out of memory", re.IGNORECASE), (_T.MEMORY, _T.CRASH)),
    (re.compile(r"Back-?off|CrashLoop", re.IGNORECASE), (_T.CRASH,)),
)


@dataclass(frozen=True, slots=True)
class Symptoms:
    """The kinds of trouble seen, and how much each word stands for it (0..1)."""

    troubles: frozenset[Trouble]
    words: Mapping[str, float]


def read_symptoms(case: Case, risen: Risen) -> Symptoms:
    """What earlier answers and the errors that became more say of the trouble."""
    seen = {*_shapes(case), *_culprits(case), *_reported(risen.spans), *_reported(risen.lines)}
    for kind, reported in risen.words.items():
        if reported.share >= TROUBLE_SHARE or reported.events >= TROUBLE_EVENTS:
            seen |= OF_ERRORS[kind]
    if risen.repeated and risen.repeated.now >= CALLS_MULTIPLIED * risen.repeated.before:
        seen.add(_T.REPEATED)
    return Symptoms(frozenset(seen), _words(case, risen))


def with_platform(symptoms: Symptoms, changes: Iterable[Change], scene: Scene) -> Symptoms:
    """The same, with what the platform tells of processes that are suspected: killed for memory, started again and again."""
    reported = {
        trouble
        for change in changes
        if change.kind == "infrastructure" and change.until >= scene.low - PLATFORM_EARLY
        if any(same(change.service, name) or _names(change, name) for name in scene.suspects)
        for looks, troubles in _PLATFORM
        if looks.search(change.title)
        for trouble in troubles
    }
    return replace(symptoms, troubles=symptoms.troubles | reported)


def _names(change: Change, service: str) -> bool:
    said = f"{change.title} {' '.join(change.attributes.values())}"
    return bool(re.search(rf"(?<![\w-]){re.escape(service)}(?!\w)", said))


def _shapes(case: Case) -> Iterator[Trouble]:
    confirmed, signals = case.earlier(Confirmation), case.earlier(GoldenSignals)
    kind = confirmed.impact.kind if confirmed else None
    if kind in {ImpactKind.ERRORS, ImpactKind.BOTH} or (signals and signals.errors is Shape.UP):
        yield _T.ERRORS
    if kind in {ImpactKind.LATENCY, ImpactKind.BOTH} or (signals and signals.latency is Shape.UP):
        yield _T.LATENCY
    if kind is ImpactKind.TRAFFIC_LOSS:
        yield _T.SILENCE
    if signals and signals.saturation is Shape.UP:
        for name, (good, bad) in signals.details.items():
            meant = meaning(name)
            if (
                meant
                and meant.role is Role.RESOURCE
                and bad > RESOURCE_GROWN * good
                and meant.kind in OF_KIND
            ):
                yield OF_KIND[meant.kind]


def _culprits(case: Case) -> Iterator[Trouble]:
    culprits, path = case.earlier(Culprits), case.earlier(FailurePath)
    first = culprits.ranked[0] if culprits and culprits.ranked else None
    if first and first.kind in OF_KIND:
        yield OF_KIND[first.kind]
    hops = [path.first_bad if path else "", (first.component or "") if first else ""]
    if any(is_store(name) for name in hops if name) or (first and first.kind == "database"):
        yield _T.STORE


def _reported(found: Found) -> Iterator[Trouble]:
    """What statuses and exceptions say, where they are a tenth of what fails anew."""
    whole = sum(more for _, more in found)
    counted: dict[Trouble, float] = {}
    for row, more in found:
        for trouble in _of_row(row["status"], row["text"]):
            counted[trouble] = counted.get(trouble, 0.0) + more
    return (
        trouble for trouble, more in counted.items() if more >= max(TROUBLE_FEWEST, TROUBLE_SHARE * whole)
    )


def _of_row(status: int, text: str) -> Iterator[Trouble]:
    if status in OF_STATUS:
        yield OF_STATUS[status]
    elif status // 100 == CLIENT_ERROR:
        yield _T.CONTRACT
    if _CODE.search(text):
        yield _T.CODE
    if _CONTRACT.search(text):
        yield _T.CONTRACT
    if _STORE.search(text):
        yield _T.STORE
    if _GIVEN_UP.search(text):
        yield _T.TIMEOUT


def _words(case: Case, risen: Risen) -> dict[str, float]:
    found: dict[str, float] = {}
    for weight, text in (*_errors(risen), *_places(case)):
        for word in words(text):
            found[word] = max(weight, found.get(word, 0.0))
    return found


def _errors(risen: Risen) -> Iterator[tuple[float, str]]:
    """Texts of what fails anew, by their share of it."""
    for rows in (risen.spans, risen.lines):
        whole = sum(more for _, more in rows) or 1.0
        for row, more in sorted(rows, key=lambda pair: -pair[1])[:ERROR_TEXTS]:
            yield min(1.0, ERROR_TEXT_LEAST + more / whole), row["text"]


def _places(case: Case) -> Iterator[tuple[float, str]]:
    culprits, path, radius = case.earlier(Culprits), case.earlier(FailurePath), case.earlier(BlastRadius)
    if culprits and culprits.ranked:
        first = culprits.ranked[0]
        yield WORD_OF_COMPONENT, first.component or ""
        yield WORD_OF_CULPRIT, first.because
    if path:
        yield WORD_OF_HOP, f"{path.first_bad} {path.last_good or ''}"
    for segment in radius.segments[:PARTS_WORDED] if radius else ():
        for where in (segment.where, *segment.also):
            for name, value in where.items():
                yield WORD_OF_PART, value
                yield WORD_OF_PART_NAME, name
