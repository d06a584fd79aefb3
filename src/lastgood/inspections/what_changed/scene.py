"""The scene that changes are held against: when it began, who is at fault, and who is tied to them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from lastgood.algorithms.change_lineage import owner_of, same
from lastgood.algorithms.counts import CLEAR, wilson
from lastgood.algorithms.culprit_kinds import CALLED_KINDS
from lastgood.algorithms.fronting import PROXY_NAMES
from lastgood.algorithms.store_products import products
from lastgood.algorithms.trouble_words import is_store
from lastgood.algorithms.unresolved_names import DNS
from lastgood.inspections.what_changed.weights import (
    MACHINE_HOLDS,
    NEIGHBOURS_DOUBT,
    NEIGHBOURS_LEAST,
    OTHER_SUSPECT,
    OTHER_SUSPECTS,
    PATH_BESIDE_CULPRIT,
    QUOTED_LEAST,
    REFUSED_ABOVE,
    SEGMENT_HOLDS,
    SEGMENTS_READ,
    SIDE_CALLS,
    SPARED_BELOW,
    SUSPECT_FLOOR,
    TROUBLE_SHARE,
)
from lastgood.model.answers import BlastRadius, Confirmation, Culprits, Onset, Segment
from lastgood.model.attributes import PART
from lastgood.model.failure import ErrorKind, FailurePath
from lastgood.model.signal import Signal
from lastgood.readings.case import Case
from lastgood.readings.edges import seen_callees
from lastgood.readings.resources import known_callees
from lastgood.readings.risen import Risen

RUN_PRODUCTS = frozenset({"cache", "database", "queue"})  # kinds of suspects
_CONSTANT = re.compile(r"^[^0-9\"'`]*[^0-9\"'`\s]")  # the beginning of a message, before its first value
_QUOTES = "SELECT DISTINCT service FROM lg_lines WHERE phase = 'bad' AND severity >= 17 AND service != {first:String} AND position(body, {text:String}) > 1 ORDER BY service"
HERE = 1.0  # where it breaks
# Reach and exposure speak of those.
WHO = re.compile(r"service|operation|version|route|method", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Scene:
    """When, who, and who calls whom; names are those of services, components and hosts outside."""

    at: datetime  # of the onset, as it is reported
    low: datetime
    high: datetime
    ended: datetime | None
    suspects: Mapping[str, float]  # how much each is suspected, the first 1
    last_good: str | None
    callers: frozenset[str]  # of the first suspect
    below: frozenset[str]  # what the first suspect calls
    victims: frozenset[str]
    segment: Segment | None  # that holds most of the failures
    external: bool
    services: frozenset[str]
    refused: frozenset[str] = frozenset()  # callers of the first suspect, if only their calls fail
    served: frozenset[str] = frozenset()  # those others
    hosts: frozenset[str] = frozenset()  # machines at fault
    doubt: float = 1.0  # that it breaks where the first suspect is, against what ties to others are worth
    unresolved: tuple[str, ...] = ()  # names that do not resolve
    instance: str = ""  # of the first suspect, where it alone is ill
    errors: tuple[str, ...] = ()  # texts that became more frequent, most first
    products: Mapping[str, tuple[str, float]] = field(
        default_factory=dict
    )  # what suspected stores run: who, and how much suspected
    running: Mapping[str, frozenset[str]] = field(
        default_factory=dict
    )  # services that run the code of parties with another name, by `bare` names
    locked: bool = False  # new errors speak of locks in a database, and not of who holds them
    unnamed: bool = False  # what fails names no service: it may be any that nothing else names

    def part(self, name: str, value: str) -> bool:
        """Whether an attribute names a part of what is run: a machine, a zone, the instance that is ill."""
        return bool(PART.search(name)) or (bool(value) and value == self.instance)

    @property
    def first(self) -> str:
        """Who is suspected most; empty when no one is."""
        return next(iter(self.suspects), "")


def read_scene(case: Case, risen: Risen) -> Scene | None:
    """The scene of earlier answers; None where no one can say when it began."""
    onset = case.earlier(Onset)
    if onset is None and case.comparison is None:
        return None
    low, high = (onset.low, onset.high) if onset else (case.comparison.bad.start, case.comparison.bad.start)  # type: ignore[union-attr]
    suspects, path, radius = _suspects(case), case.earlier(FailurePath), case.earlier(BlastRadius)
    callees = known_callees(case)
    for caller, called in (seen_callees(case) if case.has(Signal.SPANS) else {}).items():
        callees.setdefault(caller, set()).update(called)
    for row in risen.called:
        if row["peer"]:
            callees.setdefault(row["service"], set()).add(row["peer"])
    first = next(iter(suspects), "")
    known = {
        *case.holdings.telemetry_services,
        *callees,
        *(c for called in callees.values() for c in called),
        *suspects,
    }
    return Scene(
        onset.at if onset else low,
        low,
        high,
        onset.ended if onset else None,
        suspects,
        path.last_good if path else None,
        _askers(case) if first == DNS else _callers(first, callees, known) or _quoting(case, first, risen),
        frozenset(callees.get(first, ())),
        frozenset(radius.services if radius else ()),
        _segment(radius.segments if radius else ()) or _part(case),
        bool(path and path.external) and first != DNS,
        frozenset(known),
        *_sides(first, risen),
        _hosts(case),
        _doubt(case),
        _unresolved(case),
        _instance(case),
        tuple(row["text"] for row, _ in risen.lines),
        _products(case, suspects),
        locked=_locked(risen),
        unnamed=_unnamed(case),
    )


def _callers(first: str, callees: Mapping[str, set[str]], known: set[str]) -> frozenset[str]:
    """Who calls the first suspect; of a store that no one was seen to call, the service that it is named after."""
    seen = frozenset(caller for caller, called in callees.items() if first in called)
    owner = owner_of(first)
    return seen or frozenset(name for name in (*known, owner) if owner and same(name, owner))


def _quoting(case: Case, first: str, risen: Risen) -> frozenset[str]:
    """Whose errors quote what the first suspect reports, a store that no one was seen to call."""
    own = [
        row["text"] for row, _ in sorted(risen.lines, key=lambda pair: -pair[1]) if row["service"] == first
    ]
    quoted = [text for text in map(_CONSTANT.findall, own) if text and len(text[0]) >= QUOTED_LEAST]
    if not quoted or not is_store(first):
        return frozenset()
    return frozenset(row["service"] for row in case.query(_QUOTES, first=first, text=quoted[0][0]).dicts())


def _hosts(case: Case) -> frozenset[str]:
    culprits = case.earlier(Culprits)
    first = culprits.ranked[0] if culprits and culprits.ranked else None
    return frozenset(
        {first.component} if first and first.component and first.kind == "infrastructure" else ()
    )


def _doubt(case: Case) -> float:
    """The surer the culprit, the less a change at its neighbours explains, unless its diff does."""
    culprits = case.earlier(Culprits)
    sure = culprits.ranked[0].confidence if culprits and culprits.ranked else 0.0
    return min(1.0, max(NEIGHBOURS_LEAST, NEIGHBOURS_DOUBT * (1 - sure)))


def _unresolved(case: Case) -> tuple[str, ...]:
    culprits = case.earlier(Culprits)
    ranked = culprits.ranked if culprits else ()
    return tuple(one.service for one in ranked if one.kind == DNS and one.service == one.component)


def _instance(case: Case) -> str:
    culprits = case.earlier(Culprits)
    return (culprits.ranked[0].instance or "") if culprits and culprits.ranked else ""


def _products(case: Case, suspects: Mapping[str, float]) -> dict[str, tuple[str, float]]:
    """What suspected stores and queues run, by the metrics that accuse them."""
    culprits = case.earlier(Culprits)
    found: dict[str, tuple[str, float]] = {}
    for one in culprits.ranked if culprits else ():
        if one.kind in RUN_PRODUCTS and one.service in suspects:
            for name in products((one.service, one.component or "", one.because)):
                found.setdefault(name, (one.service, suspects[one.service]))
    return found


def _locked(risen: Risen) -> bool:
    reported = risen.words.get(ErrorKind.LOCKS)
    return reported is not None and reported.share >= TROUBLE_SHARE


def _unnamed(case: Case) -> bool:
    """Whether telemetry that shows the trouble names no service: none at all, or only proxies in front of whoever serves."""
    culprits, radius = case.earlier(Culprits), case.earlier(BlastRadius)
    suspected = [one.service for one in culprits.ranked[: 1 + OTHER_SUSPECTS]] if culprits else []
    ill = radius.services if radius else ()
    in_front = not suspected and bool(ill) and all(map(PROXY_NAMES.search, ill))
    return in_front or "" in (*suspected, *ill)


def _askers(case: Case) -> frozenset[str]:
    """Those who ask for what does not resolve, as far as the path and further suspects tell."""
    culprits, path = case.earlier(Culprits), case.earlier(FailurePath)
    asking = [one.service for one in culprits.ranked[1:]] if culprits else []
    hop = (path.last_good if path.external else path.first_bad) if path else None
    return frozenset([*asking, *([hop] if hop else [])])


def _segment(segments: Sequence[Segment]) -> Segment | None:
    """The segment that holds most of what fails, or the machine or zone with a large part of it.

    A request that fails at a part fails at its callers too, which are elsewhere: half of all may be all that could be.
    """
    largest = next((one for one in segments[:1] if one.share_of_failures >= SEGMENT_HOLDS), None)
    if largest is not None and not all(WHO.search(name) for name in largest.where):
        return largest
    parts = (one for one in segments[:SEGMENTS_READ] if all(PART.search(name) for name in one.where))
    return next((one for one in parts if one.share_of_failures >= MACHINE_HOLDS), largest)


def _part(case: Case) -> Segment | None:
    """The part that the confirmation found to be affected alone, where requests do not name it."""
    confirmed = case.earlier(Confirmation)
    return confirmed.part if confirmed else None


def _sides(first: str, risen: Risen) -> tuple[frozenset[str], frozenset[str]]:
    """Callers of the first suspect whose calls fail, and those whose calls do not; no one where all fare alike."""
    fares: dict[str, tuple[int, int]] = {}
    for row in risen.called:
        if row["phase"] == "bad" and row["peer"] and same(row["peer"], first):
            failed, calls = fares.get(row["service"], (0, 0))
            fares[row["service"]] = failed + row["failed"], calls + row["calls"]
    shares = {
        caller: wilson(*reported, CLEAR) for caller, reported in fares.items() if reported[1] >= SIDE_CALLS
    }
    worst = max((low for low, _ in shares.values()), default=0.0)
    served = frozenset(caller for caller, (_, high) in shares.items() if high < worst / SPARED_BELOW)
    refused = frozenset(caller for caller, (low, _) in shares.items() if low > worst / REFUSED_ABOVE)
    return (refused, served) if served else (frozenset(), frozenset())


def _suspects(case: Case) -> dict[str, float]:
    """Services and components by suspicion: the first culprit, what it names, then the others by their strength."""
    culprits, path = case.earlier(Culprits), case.earlier(FailurePath)
    ranked = culprits.ranked if culprits else ()
    found: dict[str, float] = {}
    if ranked:
        # Whoever has the name that does not resolve has done nothing: what resolves it is at fault.
        a_name = ranked[0].kind == DNS and ranked[0].service in {DNS, ranked[0].component}
        found[DNS if a_name else ranked[0].service] = HERE
        # A table is no service, though one may be called like it.
        part, services = ranked[0].component, case.holdings.telemetry_services
        if part and ranked[0].kind in CALLED_KINDS and (is_store(part) or part not in services):
            found[part] = HERE
    if path:
        found.setdefault(path.first_bad, HERE if not ranked or path.external else PATH_BESIDE_CULPRIT)
    for one in ranked[1 : 1 + OTHER_SUSPECTS]:
        if one.confidence >= SUSPECT_FLOOR:
            beside = one.confidence / max(ranked[0].confidence, one.confidence)
            found.setdefault(one.service, OTHER_SUSPECT * beside)
    return found
