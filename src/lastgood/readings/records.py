"""Records of one release: a synchronisation by Argo CD or an apply, and the roll-out that it starts, are one change.

The controller records the revision that it applied, Kubernetes the image that it rolled out, both within seconds.
"""

from collections.abc import Sequence
from dataclasses import replace

from lastgood.algorithms.change_lineage import SHA
from lastgood.model.attributes import ALSO_RECORDED, NAMESPACE
from lastgood.model.change import Change, ChangeKind
from lastgood.model.judgement import Time

# fmt: off
ROLLS_OUT_WITHIN = Time(2, "min between two records of a service, for them to be of one release", "judgement: a controller makes the replica set within seconds of its synchronisation")
# fmt: on


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
