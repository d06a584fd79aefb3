"""Similar incidents: past ones with the same symptoms and cause, what they share, and what helped there."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lastgood.algorithms.likeness import Described, likeness, rarity
from lastgood.incidents.record import Record
from lastgood.incidents.state import incident_of
from lastgood.model.answers import ChangeVerdict
from lastgood.model.entry import Entry, Mitigated, Resolved, Triaged
from lastgood.model.incident import Incident
from lastgood.workbench.room import Room, histories

INCIDENTS_ALIKE = 0.4  # from here on it is worth a look (docs/decisions/0011)
STRONG = 0.55  # and from here on it is shown without being asked for
_COMPARED = 0.5  # of the weight, at least: two incidents of which little is known are not alike for that
_HEADINGS = 2  # under so many something must be shared, the cause among them: a place alone is a coincidence
_WEIGHTS = {"cause": 0.35, "symptoms": 0.3, "place": 0.2, "segments": 0.1, "title": 0.05}
_WORD = re.compile(r"[^\W\d_]{4,}")


@dataclass(frozen=True, slots=True)
class Similar:
    """A past incident, how alike it is (0..1), what both share under each heading, and what helped then."""

    incident: Incident
    score: float
    shared: Mapping[str, tuple[str, ...]]
    helped: tuple[str, ...]


def similar(record: Record, incident: Incident, *, least: float = INCIDENTS_ALIKE) -> tuple[Similar, ...]:
    """Earlier incidents that are alike, the most alike first; none is a good answer."""
    past = [mine for mine in histories(record) if mine[0].incident != incident.number]
    folded = [(incident_of(mine), mine) for mine in past]
    earlier = [(one, mine) for one, mine in folded if one.opened_at <= incident.opened_at]
    this = described(incident)
    rare = rarity([this, *(described(one) for one, _ in earlier)])
    found = [
        Similar(one, alike.score, alike.shared, helped(one, mine))
        for one, mine in earlier
        if (alike := likeness(this, described(one), _WEIGHTS, rare)).score >= least
        and alike.compared >= _COMPARED
        and "cause" in alike.shared
        and len(alike.shared) >= _HEADINGS
    ]
    return tuple(sorted(found, key=lambda one: (-one.score, -one.incident.number)))


def seen_before(room: Room) -> tuple[Similar, ...]:
    """The few that are so alike that whoever works on it should know; none once it is over."""
    incident = room.incident
    if incident.confirmed is None or incident.resolved_at is not None:
        return ()
    return similar(room.record, incident, least=STRONG)[:2]


def described(incident: Incident) -> Described:
    """The words by which an incident is compared, under their headings."""
    said = incident.confirmed
    return {
        "title": _words([incident.title]),
        "cause": frozenset(_cause(said)) if said else frozenset(),
        "symptoms": _words(said.symptoms) if said else frozenset(),
        "place": frozenset(_place(said)) if said else frozenset(),
        "segments": frozenset(f"{name}={value}" for one in said.segments for name, value in one.where.items())
        if said
        else frozenset(),
    }  # fmt: skip


def _cause(said: Triaged) -> Iterable[str]:
    if said.failure_class:
        yield said.failure_class.name
    for culprit in said.culprits[:1]:
        part = culprit.component if culprit.component != culprit.kind else None
        yield from (culprit.kind, f"{culprit.kind} of {part or culprit.service}")
    for change in said.changes[:1]:
        if change.verdict is ChangeVerdict.LIKELY:
            yield f"{change.kind} of {change.service or change.change_id}"


def _place(said: Triaged) -> Iterable[str]:
    yield from said.services
    if said.path:
        yield f"breaks at {said.path.first_bad}"


def helped(incident: Incident, entries: Sequence[Entry]) -> tuple[str, ...]:
    """What is on record to have helped: actions whose effect was measured, else what people said."""
    measured = tuple(
        f"{one.begun.what} {one.begun.target}"
        for one in incident.actions
        if one.effect is not None
        and one.effect.effect.credited
        and one.undone_by is None
        and not one.outlived
    )
    empty = [one for one in incident.actions if one.claimless]
    said = tuple(
        e.payload.because
        for e in entries
        if isinstance(e.payload, Mitigated | Resolved)
        and not any(one.named_in(e.payload.because) for one in empty)
    )
    return tuple(dict.fromkeys((*measured, *said)))


def _words(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(word.lower() for text in texts for word in _WORD.findall(text))
