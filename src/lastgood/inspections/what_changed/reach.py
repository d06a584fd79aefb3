"""Reach: how likely a change made there is to do what is seen where it breaks, and what ties it to the place."""

import re
from collections.abc import Iterable, Iterator

from lastgood.algorithms.change_lineage import TOOLS, Origin, configures, roles, same
from lastgood.algorithms.diffs.kinds import ON_CALLEES, ON_STORES, EffectKind
from lastgood.algorithms.network_paths import RESOLVER
from lastgood.algorithms.store_products import products
from lastgood.algorithms.trouble_words import is_store
from lastgood.algorithms.unresolved_names import DNS
from lastgood.inspections.what_changed.issued_tokens import issuing, refuses_tokens
from lastgood.inspections.what_changed.scene import HERE, WHO, Scene
from lastgood.inspections.what_changed.weights import (
    AT_FAULT,
    BELOW_FAULT,
    BELOW_WITH_EFFECT,
    CALLER,
    CALLER_WITH_EFFECT,
    ERRORS_NAME_PRODUCT,
    LAST_GOOD_HOP,
    LETS_MORE_THROUGH,
    MAY_BE_UNNAMED,
    MAY_HOLD_LOCKS,
    MIGRATES,
    NAMED_LENGTH,
    NAMED_SAMPLE,
    NAMELESS,
    NAMES_HOST,
    NAMES_PART,
    NAMES_PRODUCT,
    NAMES_UNRESOLVED,
    NEXT_TO_FAULT,
    NO_SUSPECT,
    NO_SYMPTOM,
    OFF_PATH,
    OUTSIDE_BELOW,
    OUTSIDE_NAMED,
    OUTSIDE_NAMELESS,
    OUTSIDE_SIBLING,
    OUTSIDE_UNUSED,
    OUTSIDE_UPSTREAM,
    PRODUCT_ERRORS,
    REFUSED_CALLER,
    RESOLVES,
    RESOLVES_WITH_EFFECT,
    SERVED_CALLER,
    SHARED_CODE,
    SHOWS_SYMPTOMS,
    VICTIM,
)
from lastgood.model.change import OUTSIDE, Change
from lastgood.model.figures import shortened
from lastgood.model.judgement import Reason
from lastgood.readings.job_runs import job_of

_NUMBERED = re.compile(r"(?P<name>[a-z][a-z_-]*)\d+", re.IGNORECASE)
_HOSTS_NAMED = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+(?:\.[a-z0-9-]+)*")  # several words


def reach(
    change: Change, origin: Origin, scene: Scene, effects: frozenset[EffectKind], run: Change | None = None
) -> Reason:
    """How likely a change there is to do what is seen, and why.

    `effects` are those that explain the symptom, `run` is the first run of a job that it names, about the onset.
    """
    parties = _parties(change, origin, scene)
    named = naming(change, scene)
    if named and (named.row is not NAMES_PART or not parties & scene.services):
        return named
    ties = _suspected(parties, scene, effects), _inside(change, parties, scene), _locking(change, run, scene)
    near = [one for one in ties if one]
    if near:
        return max(near, key=lambda tie: tie.ratio)
    if change.kind in OUTSIDE:
        return _resolving(parties, change, scene, effects) or _everywhere(change, parties, scene)
    if exact := _resolving(parties, change, scene, effects) or _of_errors(scene.errors, roles(change)):
        return exact
    silent = {p for p in parties if scene.unnamed and not any(same(p, s) for s in scene.services)}
    if silent or not scene.suspects:
        return Reason(MAY_BE_UNNAMED, name=_one(silent)) if silent else _unknown(parties, scene)
    return _tied(parties, origin, scene, effects)


def _suspected(parties: set[str], scene: Scene, effects: frozenset[EffectKind]) -> Reason | None:
    """That it is a change of a suspect itself."""
    for name, strength in scene.suspects.items():
        if any(same(party, name) for party in parties):
            beside = Reason(AT_FAULT if strength >= HERE else NEXT_TO_FAULT, scale=strength, name=name)
            by_effect = (r for r in _calling(parties, scene, effects) if r.row is CALLER_WITH_EFFECT)
            return max((beside, *by_effect), key=lambda tie: tie.ratio)
    return None


def _inside(change: Change, parties: set[str], scene: Scene) -> Reason | None:
    """That a change is of a store that is suspected: a migration of whoever uses it, or of the product that it runs.

    A service that is known has its own place.
    """
    first = scene.first
    users = parties & (scene.callers or scene.victims)
    if change.kind == "migration" and users and (is_store(first) or scene.products):
        return Reason(MIGRATES, name=_one(users), first=first)
    if parties & (scene.services - TOOLS):
        return None
    said = products((change.service or "", change.title, *change.files))
    name = min(said & scene.products.keys(), default="")
    if name:
        return Reason(NAMES_PRODUCT, scale=scene.products[name][1], name=name, first=scene.products[name][0])
    spoken = (
        min(said & products(scene.errors[:PRODUCT_ERRORS]), default="") if change.kind not in OUTSIDE else ""
    )
    return Reason(ERRORS_NAME_PRODUCT, name=spoken) if spoken else None


def _locking(change: Change, run: Change | None, scene: Scene) -> Reason | None:
    """That it is a job that began to run, while new errors speak of locks."""
    job = change if change.kind == "cron" else run
    return Reason(MAY_HOLD_LOCKS, job=job_of(job.title)) if scene.locked and job is not None else None


def _parties(change: Change, origin: Origin, scene: Scene) -> set[str]:
    """Whose change it is; a repository that configures what others run is not a party of its own."""
    nobody = configures(change) and not any(
        same(change.service, name) and name not in TOOLS for name in scene.services
    )
    named = () if change.service else _reported_by_name(change, scene)
    return {*origin.touched, *(() if nobody else (change.service,)), *named} - {""}


def _reported_by_name(change: Change, scene: Scene) -> Iterator[str]:
    """The suspects that a change of no one names: as they are called, or by the first label of a host name."""
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
    if not any(RESOLVER.search(name) for name in (*parties, *change.files)):
        return None
    if DNS in scene.suspects:
        return Reason(RESOLVES)
    return Reason(RESOLVES_WITH_EFFECT) if effects else None


def _unknown(parties: set[str], scene: Scene) -> Reason:
    """While no one is at fault yet: those who show symptoms come before those who do not."""
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
    if refuses_tokens(scene.errors) and (issuer := issuing(parties)):
        ties.append(issuer)
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
            if len(value) > 1 and not WHO.search(name) and _is_word(value, said):
                return Reason(NAMES_PART, name=name, value=value)
    return None


def _reported_of(name: str, text: str) -> bool:
    """Whether a text names a host, or its zone and its first label."""
    label, _, zone = name.partition(".")
    return _is_word(name, text) or (bool(zone) and _is_word(zone, text) and _is_word(label, text))


def _is_word(name: str, text: str) -> bool:
    return bool(re.search(rf"(?<!\w){re.escape(name.lower())}(?!\w)", text))
