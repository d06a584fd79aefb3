"""The scene that changes are held against: when it began, who is at fault, and who is tied to them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from lastgood.algorithms.change_lineage import Origin, configures, owner_of, roles, same
from lastgood.algorithms.counts import CLEAR, wilson
from lastgood.algorithms.culprit_kinds import CALLED_KINDS
from lastgood.algorithms.diffs.kinds import ON_CALLEES, ON_STORES, EffectKind
from lastgood.algorithms.trouble_words import is_store
from lastgood.algorithms.unresolved_names import DNS
from lastgood.inspections.what_changed.weights import (
    AT_FAULT,
    BELOW_FAULT,
    BELOW_WITH_EFFECT,
    CALLER,
    CALLER_WITH_EFFECT,
    LAST_GOOD_HOP,
    LETS_MORE_THROUGH,
    MACHINE_HOLDS,
    MAY_BE_UNNAMED,
    NAMED_LENGTH,
    NAMED_SAMPLE,
    NAMELESS,
    NAMES_HOST,
    NAMES_PART,
    NAMES_UNRESOLVED,
    NEIGHBOURS_DOUBT,
    NEIGHBOURS_LEAST,
    NEXT_TO_FAULT,
    NO_SUSPECT,
    NO_SYMPTOM,
    OFF_PATH,
    OTHER_SUSPECT,
    OTHER_SUSPECTS,
    OUTSIDE_BELOW,
    OUTSIDE_NAMED,
    OUTSIDE_NAMELESS,
    OUTSIDE_SIBLING,
    OUTSIDE_UNUSED,
    OUTSIDE_UPSTREAM,
    PATH_BESIDE_CULPRIT,
    REFUSED_ABOVE,
    REFUSED_CALLER,
    RESOLVES,
    RESOLVES_WITH_EFFECT,
    SEGMENT_HOLDS,
    SEGMENTS_READ,
    SERVED_CALLER,
    SHARED_CODE,
    SHOWS_SYMPTOMS,
    SIDE_CALLS,
    SPARED_BELOW,
    SUSPECT_FLOOR,
    VICTIM,
)
from lastgood.model.answers import BlastRadius, Confirmation, Culprits, FailurePath, Onset, Segment
from lastgood.model.attributes import PART
from lastgood.model.change import OUTSIDE, Change
from lastgood.model.figures import shortened
from lastgood.model.judgement import Reason
from lastgood.model.signal import Signal
from lastgood.readings.case import Case
from lastgood.readings.edges import seen_callees
from lastgood.readings.resources import known_callees
from lastgood.readings.risen import Risen

HERE = 1.0  # where it breaks
# Reach and exposure speak of those.
_WHO = re.compile(r"service|operation|version|route|method", re.IGNORECASE)
_NUMBERED = re.compile(r"(?P<name>[a-z][a-z_-]*)\d+", re.IGNORECASE)
_HOSTS_NAMED = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+(?:\.[a-z0-9-]+)*")  # several words
_RESOLVER = re.compile(r"dns|resolver|resolv\.conf|(^|/)(Corefile|named\.conf)$|unbound", re.IGNORECASE)


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
    unnamed: bool = False  # what fails names no service: it may be any that nothing else names

    def part(self, name: str, value: str) -> bool:
        """Whether an attribute names a part of what is run: a machine, a zone, the instance that is ill."""
        return bool(PART.search(name)) or (bool(value) and value == self.instance)

    @property
    def first(self) -> str:
        """Who is suspected most; empty when nobody is."""
        return next(iter(self.suspects), "")


def read_scene(case: Case, risen: Risen) -> Scene | None:
    """The scene of earlier answers; None where nobody can say when it began."""
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
        _askers(case) if first == DNS else _callers(first, callees, known),
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
        _unnamed(case),
    )


def _callers(first: str, callees: Mapping[str, set[str]], known: set[str]) -> frozenset[str]:
    """Who calls the first suspect; of a store that nobody was seen to call, the service that it is named after."""
    seen = frozenset(caller for caller, called in callees.items() if first in called)
    owner = owner_of(first)
    return seen or frozenset(name for name in (*known, owner) if owner and same(name, owner))


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


def _unnamed(case: Case) -> bool:
    """Whether telemetry that shows the trouble names no service."""
    culprits, radius = case.earlier(Culprits), case.earlier(BlastRadius)
    suspected = [one.service for one in culprits.ranked[: 1 + OTHER_SUSPECTS]] if culprits else []
    return "" in (*suspected, *(radius.services if radius else ()))


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
    if largest is not None and not all(_WHO.search(name) for name in largest.where):
        return largest
    parts = (one for one in segments[:SEGMENTS_READ] if all(PART.search(name) for name in one.where))
    return next((one for one in parts if one.share_of_failures >= MACHINE_HOLDS), largest)


def _part(case: Case) -> Segment | None:
    """The part that the confirmation found to be affected alone, where requests do not name it."""
    confirmed = case.earlier(Confirmation)
    return confirmed.part if confirmed else None


def _sides(first: str, risen: Risen) -> tuple[frozenset[str], frozenset[str]]:
    """Callers of the first suspect whose calls fail, and those whose calls do not; nobody where all fare alike."""
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


def reach(change: Change, origin: Origin, scene: Scene, effects: frozenset[EffectKind]) -> Reason:
    """How likely a change there is to do what is seen, and why; `effects` are those that explain the symptom."""
    parties = _parties(change, origin, scene)
    named = naming(change, scene)
    if named and (named.row is not NAMES_PART or not parties & scene.services):
        return named
    for name, strength in scene.suspects.items():
        if any(same(party, name) for party in parties):
            beside = Reason(AT_FAULT if strength >= HERE else NEXT_TO_FAULT, scale=strength, name=name)
            by_effect = (r for r in _calling(parties, scene, effects) if r.row is CALLER_WITH_EFFECT)
            return max((beside, *by_effect), key=lambda tie: tie.ratio)
    if change.kind in OUTSIDE:
        return _resolving(parties, change, scene, effects) or _everywhere(change, parties, scene)
    if exact := _resolving(parties, change, scene, effects) or _of_errors(scene.errors, roles(change)):
        return exact
    silent = {p for p in parties if scene.unnamed and not any(same(p, s) for s in scene.services)}
    if silent or not scene.suspects:
        return Reason(MAY_BE_UNNAMED, name=_one(silent)) if silent else _unknown(parties, scene)
    return _tied(parties, origin, scene, effects)


def _parties(change: Change, origin: Origin, scene: Scene) -> set[str]:
    """Whose change it is; a repository that configures what others run is not a party of its own."""
    nobody = configures(change) and not any(same(change.service, name) for name in scene.services)
    named = () if change.service else _reported_by_name(change, scene)
    return {*origin.touched, *(() if nobody else (change.service,)), *named} - {""}


def _reported_by_name(change: Change, scene: Scene) -> Iterator[str]:
    """The suspects that a change of nobody names: as they are called, or by the first label of a host name."""
    said = " ".join((change.title, *change.attributes.values())).lower()
    labels = {word.partition(".")[0] for word in _HOSTS_NAMED.findall(said)}
    for name in scene.suspects:
        mine = name.lower()
        if any(mine == label or mine.endswith(f"-{label}") for label in labels):
            yield name


def _resolving(
    parties: set[str], change: Change, scene: Scene, effects: frozenset[EffectKind]
) -> Reason | None:
    """The tie of a change to what resolves names."""
    if not any(_RESOLVER.search(name) for name in (*parties, *change.files)):
        return None
    if DNS in scene.suspects:
        return Reason(RESOLVES)
    return Reason(RESOLVES_WITH_EFFECT) if effects else None


def _unknown(parties: set[str], scene: Scene) -> Reason:
    """While nobody is at fault yet: those who show symptoms come before those who do not."""
    if parties & scene.victims:
        return Reason(SHOWS_SYMPTOMS, name=_one(parties & scene.victims))
    if scene.victims and parties:
        return Reason(NO_SYMPTOM, name=_one(parties))
    return Reason(NO_SUSPECT)


def _everywhere(change: Change, parties: set[str], scene: Scene) -> Reason:
    """Names, certificates, machines and third parties: they hit whoever uses them."""
    if named := _of_errors(scene.errors, parties):
        return named
    if any(same(party, name) for party in parties for name in scene.below):
        return Reason(OUTSIDE_BELOW, name=_one(parties), first=scene.first)
    if parties and (scene.suspects or not any(same(p, name) for p in parties for name in scene.services)):
        return Reason(OUTSIDE_UNUSED, name=_one(parties))
    if parties:
        return Reason(OUTSIDE_UPSTREAM, name=_one(parties))
    if other := _sibling(change, scene):
        return Reason(OUTSIDE_SIBLING, name=other, first=scene.first)
    return Reason(OUTSIDE_NAMELESS)


def _sibling(change: Change, scene: Scene) -> str:
    """The machine that a change names beside the one at fault, which is numbered alike; empty where it names none."""
    kind = _NUMBERED.fullmatch(scene.first or "")
    said = " ".join((change.title, *change.attributes.values())).lower()
    return (
        next((found[0] for found in re.finditer(rf"(?<!\w){re.escape(kind['name'])}\d+(?!\w)", said)), "")
        if kind
        else ""
    )


def _of_errors(errors: Iterable[str], parties: Iterable[str]) -> Reason | None:
    """That an error names a party as a whole word."""
    for party in sorted(name for name in parties if len(name) >= NAMED_LENGTH):
        word = re.compile(rf"(?<![\w-]){re.escape(party)}(?![\w-])", re.IGNORECASE)
        if text := next(filter(word.search, errors), ""):
            return Reason(OUTSIDE_NAMED, name=party, sample=shortened(text, NAMED_SAMPLE))
    return None


def _tied(parties: set[str], origin: Origin, scene: Scene, effects: frozenset[EffectKind]) -> Reason:
    """The strongest tie to the first suspect."""
    first, ties = scene.first, list(_calling(parties, scene, effects))
    if scene.last_good and scene.last_good in parties - scene.served:
        ties.append(Reason(LAST_GOOD_HOP, scale=scene.doubt, name=scene.last_good))
    if any(same(party, name) for party in parties for name in scene.below):
        row, scale = (BELOW_WITH_EFFECT, 1.0) if effects else (BELOW_FAULT, scene.doubt)
        ties.append(Reason(row, scale=scale, name=_one(parties), first=first))
    if EffectKind.RATE_RAISED in effects and parties & scene.victims - scene.served:
        ties.append(Reason(LETS_MORE_THROUGH, name=_one(parties & scene.victims - scene.served), first=first))
    if parties & scene.victims - scene.served:
        ties.append(Reason(VICTIM, scale=scene.doubt, name=_one(parties & scene.victims - scene.served)))
    if not ties and origin.shared:
        ties.append(Reason(SHARED_CODE))
    if not ties and not parties:
        ties.append(Reason(NAMELESS))
    nowhere = Reason(OFF_PATH, name=min(parties, default=""))
    return max(ties, key=lambda tie: (tie.ratio, tie.reported), default=nowhere)


def _calling(parties: set[str], scene: Scene, effects: frozenset[EffectKind]) -> Iterator[Reason]:
    """What ties a caller to the suspect that it calls."""
    first = scene.first
    if parties & scene.refused:
        name, spared = _one(parties & scene.refused), _one(scene.served)
        yield Reason(REFUSED_CALLER, name=name, first=first, spared=spared)
    elif parties & scene.served:
        yield Reason(SERVED_CALLER, name=_one(parties & scene.served), first=first)
    elif parties & scene.callers and effects & (ON_CALLEES | (ON_STORES if is_store(first) else set())):
        yield Reason(CALLER_WITH_EFFECT, name=_one(parties & scene.callers), first=first)
    elif parties & scene.callers:
        yield Reason(CALLER, scale=scene.doubt, name=_one(parties & scene.callers), first=first)


def _one(names: set[str] | frozenset[str]) -> str:
    return min(names)


def naming(change: Change, scene: Scene) -> Reason | None:
    """That a change names a value of the hit segment: a zone, a host, an instance, a tenant; None where it does not."""
    reported = (change.service, change.title, *change.files, *change.attributes.values())
    said = " ".join(reported).lower()
    if host := next((name for name in sorted(scene.hosts) if _is_word(name, said)), ""):
        return Reason(NAMES_HOST, name=host)
    if change.kind == DNS and (name := next((n for n in scene.unresolved if _reported_of(n, said)), "")):
        return Reason(NAMES_UNRESOLVED, name=name)
    if scene.segment is None:
        return None
    for where in (scene.segment.where, *scene.segment.also):
        for name, value in where.items():
            if len(value) > 1 and not _WHO.search(name) and _is_word(value, said):
                return Reason(NAMES_PART, name=name, value=value)
    return None


def _reported_of(name: str, text: str) -> bool:
    """Whether a text names a host, or its zone and its first label."""
    label, _, zone = name.partition(".")
    return _is_word(name, text) or (bool(zone) and _is_word(zone, text) and _is_word(label, text))


def _is_word(name: str, text: str) -> bool:
    return bool(re.search(rf"(?<!\w){re.escape(name.lower())}(?!\w)", text))
