"""Records of one change: those of one release, and what people or a status page say of a change that is on record.

The controller records the revision that it applied, Kubernetes the image that it rolled out, both within seconds. A chat
has minutes only and may come late: the exact record's time counts.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from lastgood.algorithms.change_lineage import SHA
from lastgood.model.attributes import ALSO_RECORDED, NAMESPACE
from lastgood.model.change import Change, ChangeKind
from lastgood.model.judgement import Count, Time

# fmt: off
ROLLS_OUT_WITHIN = Time(2, "min between two records of a service, for them to be of one release", "judgement: a controller makes the replica set within seconds of its synchronisation")
TOLD_WITHIN = Time(30, "min between a change on record and a message that names its version", "judgement: people report what they do when they do it, or soon after")
VERSION_LETTERS = Count(3, "characters of a version, for a message to name it", "judgement: shorter numbers mean many things")
# fmt: on

_UNDONE = re.compile(
    r"\broll(ing|ed|s)?[ -]?back|\brevert|\bundo|\bdowngrad|\bbackwards?\b|\bunappl", re.IGNORECASE
)
_TOLD = frozenset({ChangeKind.DEPLOY, ChangeKind.MIGRATION})


def one_by_release(changes: Sequence[Change]) -> list[Change]:
    """The changes with the records of each release as one deploy: by its image, from the first to the last of them."""
    deploys = sorted(
        (one for one in changes if one.kind is ChangeKind.DEPLOY and one.service and one.version),
        key=lambda one: (one.service, one.at, one.change_id),
    )
    groups: list[list[Change]] = []
    for one in deploys:
        if groups and all(_same_release(other, one) for other in groups[-1]):
            groups[-1].append(one)
        else:
            groups.append([one])
    several = [group for group in groups if len(group) > 1]
    joined = {id(one): made for group in several for made in [_joined(group)] for one in group}
    renamed = {one.change_id: joined[id(one)].change_id for group in several for one in group}
    found = {id(made): made for one in changes for made in [joined.get(id(one), one)]}
    return [
        replace(one, within=renamed[one.within]) if one.within in renamed else one for one in found.values()
    ]


def told_once(changes: Sequence[Change]) -> list[Change]:
    """The changes without those that only tell of another: a message that names its version, a status page's first update."""
    first = _first_updates(changes)
    exact = [one for one in changes if one.version and one.kind in _TOLD]
    kept: dict[int, list[str]] = {}
    found = []
    for one in changes:
        of = first.get(id(one)) or _told_of(one, exact)
        if of is None:
            found.append(one)
        else:
            kept.setdefault(id(of), []).append(one.change_id)
    return [_also(one, kept[id(one)]) if id(one) in kept else one for one in found]


def _first_updates(changes: Sequence[Change]) -> dict[int, Change]:
    """The incident on a status page that each first update is of."""
    incidents = {
        one.change_id: one for one in changes if one.kind is ChangeKind.THIRD_PARTY and not one.within
    }
    first: dict[str, Change] = {}
    for one in sorted(changes, key=lambda one: one.at):
        if one.kind is ChangeKind.THIRD_PARTY and one.within in incidents:
            first.setdefault(one.within, one)
    return {id(one): incidents[name] for name, one in first.items()}


def _told_of(message: Change, records: Sequence[Change]) -> Change | None:
    """The nearest record that a message tells of."""
    if message.version or message.kind not in _TOLD:
        return None
    found = [one for one in records if _tells_of(message, one)]
    return min(found, key=lambda one: abs(message.at - one.at), default=None)


def _tells_of(message: Change, record: Change) -> bool:
    """Whether a record without a version names that of another of its kind, of no other service, at about its time."""
    if message.kind is not record.kind or len(record.version) < VERSION_LETTERS:
        return False
    if message.took_effect != record.took_effect or _UNDONE.search(message.title):
        return False
    if message.service and record.service and message.service != record.service:
        return False
    if message.kind is ChangeKind.DEPLOY and not message.service:
        return False
    near = abs(message.at - record.at) <= TOLD_WITHIN
    return near and re.search(rf"(?<![\w.-]){re.escape(record.version)}(?![\w-])", message.title) is not None


def _also(one: Change, others: Sequence[str]) -> Change:
    known = one.attributes.get(ALSO_RECORDED)
    return replace(
        one, attributes={**one.attributes, ALSO_RECORDED: ", ".join(filter(None, (known, *others)))}
    )


def _same_release(one: Change, other: Change) -> bool:
    near = one.service == other.service and other.at - one.until <= ROLLS_OUT_WITHIN
    apart = {
        name for name in one.attributes.keys() & other.attributes.keys() - {NAMESPACE}
        if one.attributes[name] != other.attributes[name]
    }  # fmt: skip
    return near and not apart and one.took_effect == other.took_effect and _agree(one, other)


def _agree(one: Change, other: Change) -> bool:
    """Whether both name one version, or one of them the revision that was applied and the other its image."""
    revisions = [bool(SHA.match(each.version)) for each in (one, other)]
    return one.version == other.version or revisions[0] != revisions[1]


def _joined(group: Sequence[Change]) -> Change:
    """The record that names the image, and the version before it where one does; the others under their ids."""
    kept = min(group, key=lambda one: (bool(SHA.match(one.version)), not one.previous, one.at))
    others = ", ".join(one.change_id for one in group if one is not kept)
    attributes = {name: value for one in (*group, kept) for name, value in one.attributes.items()}
    return replace(
        kept,
        at=min(one.at for one in group),
        until=max(one.until for one in group),
        attributes=attributes | {ALSO_RECORDED: others},
    )
