"""Verdicts: shares made of the weights, deploys taken with their commits, and what is said of each change."""

import re
from collections.abc import Mapping
from dataclasses import replace

from lastgood.algorithms.causation import TIMELY
from lastgood.algorithms.change_lineage import configures, same
from lastgood.algorithms.rivals import UNKNOWN, belief, shares, weight
from lastgood.inspections.what_changed.notices import as_observed
from lastgood.inspections.what_changed.reach import naming
from lastgood.inspections.what_changed.rivalry import heaviest_rival
from lastgood.inspections.what_changed.scene import Scene
from lastgood.inspections.what_changed.scheduled import taken_with_runs
from lastgood.inspections.what_changed.suspects import Suspect
from lastgood.inspections.what_changed.weights import (
    BEFORE_ONSET,
    CAME_WITH,
    COMMIT_TOUCHES,
    DEPLOY_INSIDE,
    DEPLOYED_BEFORE_ONSET,
    HALF_CONFIRMED,
    IDLE_COMMIT,
    LIKELY,
    MAY_BE_UNNAMED,
    NAMES_FILE,
    POSSIBLE,
    SILENT_COMMIT,
    TIED_TO,
    UNCONFIRMED,
    UNTIED_MOST,
)
from lastgood.model.answers import ChangesWeighed, ChangeVerdict, OtherCause, WeighedChange
from lastgood.model.attributes import FLAG_KEY
from lastgood.model.change import Change, short_id
from lastgood.model.judgement import Reason
from lastgood.readings.case import UNDECIDED, Case

# Commits that bring others' content, and none of their own.
_MERGES = re.compile(
    r"merged? (pull request|branch|remote|commit|tag|in\b|pr\b|!?\d)|merge .+ into ", re.IGNORECASE
)


def judged(
    case: Case,
    scene: Scene,
    suspects: list[Suspect],
    others: tuple[OtherCause, ...],
    runs: Mapping[str, Change],
) -> ChangesWeighed:
    """The verdicts of all suspects, most suspect first, with `others`, the causes that are no change of yours."""
    weights: dict[int, float] = {}
    inside = _inside(suspects)
    for n, suspect in enumerate(suspects):
        if suspect.head == n:
            weights[n] = _whole(suspects, n, inside.get(n, []), scene)
    as_observed(suspects, weights, others)
    made_by = taken_with_runs(suspects, weights, runs)
    rival = heaviest_rival(suspects, weights, others)
    counts, doubt = _confirmed(case)
    share = shares({n: counts * value for n, value in weights.items()}, UNKNOWN + rival)
    found: list[tuple[float, WeighedChange]] = []
    for n, suspect in enumerate(suspects):
        head = made_by.get(n, suspect.head)  # a run is as likely as the change that made it
        members = inside.get(head, [])
        mine = share[head]
        if n != suspect.head and suspect.change.kind == "deploy":
            continue  # another record of its head
        if not any(_at_fault(suspects[m], scene) for m in (head, *members)):
            mine = min(mine, UNTIED_MOST)
        rank, one = _verdict(suspects, n, mine, members, doubt)
        if head != suspect.head:
            rank, one = rank - 1e-6, replace(one, within=suspects[head].change.change_id)
        found.append((rank, one))
    found.sort(key=lambda pair: (-pair[0], -pair[1].at.timestamp(), pair[1].change_id))
    return ChangesWeighed(
        tuple(one for _, one in found), others, round(belief(1 - sum(share.values())), 3) if share else 1.0
    )


def _inside(suspects: list[Suspect]) -> dict[int, list[int]]:
    """The places of what each deploy carried."""
    inside: dict[int, list[int]] = {}
    for n, suspect in enumerate(suspects):
        if suspect.head != n:
            inside.setdefault(suspect.head, []).append(n)
    return inside


def _confirmed(case: Case) -> tuple[float, str]:
    """What part of a change's weight counts, and why none is likely, where it is not confirmed that anything is wrong."""
    if case.unharmed:
        return UNCONFIRMED, "it is not confirmed that anything is wrong"
    return (HALF_CONFIRMED, UNDECIDED) if case.undecided else (1.0, "")


def _at_fault(suspect: Suspect, scene: Scene) -> bool:
    """Whether a change is tied to where it breaks, by more than that it names the part that is hit."""
    change, reached = suspect.change, suspect.circumstances[1]
    if reached.row is MAY_BE_UNNAMED:  # a weak tie, which takes a close time
        return suspect.timed is not None and suspect.timed.weight >= TIMELY
    if reached.against or change.service == "" or not scene.suspects or not naming(change, scene):
        return not reached.against
    parties = {change.service, *suspect.origin.touched}
    return any(
        same(party, name)
        for party in parties
        for name, strength in scene.suspects.items()
        if strength >= TIED_TO
    )


def _whole(suspects: list[Suspect], head: int, members: list[int], scene: Scene) -> float:
    """The weight of a deploy with all that it carried: its circumstances, and the best of the contents."""
    own = suspects[head]
    placed = any(same(own.change.service, name) for name in scene.services)
    if members and (configures(own.change) or not placed):  # what it is of may be called otherwise there
        own = replace(own, circumstances=_nearest(suspects, head, members))
    contents = [
        weight(suspects[n].own) for n in (head, *members) if n == head or suspects[n].change.kind != "deploy"
    ]
    circumstances = max(
        (
            weight(own.circumstances if n == head else suspects[n].circumstances)
            for n in (head, *members)
            if n == head or suspects[n].change.kind == "deploy"
        ),
        default=0.0,
    )
    if members and not own.own and len(contents) > 1:
        idle = all(content <= IDLE_COMMIT for content in contents[1:])
        return circumstances * (max(contents[1:]) if not idle else DEPLOY_INSIDE)
    return circumstances * max(contents)


def _nearest(suspects: list[Suspect], head: int, members: list[int]) -> list[Reason]:
    """The circumstances of an apply, whose place is that of the nearest commit in it: it has none of its own."""
    when, where, *rest = suspects[head].circumstances
    reached = (suspects[n].circumstances[1] for n in members)
    return [when, max(where, *reached, key=lambda reason: reason.ratio), *rest]


def _verdict(
    suspects: list[Suspect], n: int, share: float, members: list[int], doubt: str
) -> tuple[float, WeighedChange]:
    suspect, head = suspects[n], suspects[suspects[n].head]
    mine, reasons_ = share, suspect.all
    rank = share
    if n != suspect.head and suspect.change.kind != "deploy":
        commits = [m for m in members if suspects[m].change.kind != "deploy"]
        commits = [m for m in commits if not _MERGES.match(suspects[m].change.title)] or commits
        shown = any(weight(suspects[m].own) > 1 for m in commits)
        whole = DEPLOY_INSIDE + sum(_of_commit(suspects[m], shown=shown) for m in commits)
        part = _of_commit(suspect, shown=shown) / whole if n in commits else 0.0
        mine = share * part
        rank = share + 1e-6 if part >= LIKELY else mine
        carried = Reason(CAME_WITH, fits=True, deploy=short_id(head.change.version or head.change.name))
        reasons_ = [
            carried,
            *map(_of_its_deploy, head.circumstances[:1]),
            *suspect.circumstances[1:],
            *suspect.own,
        ]
    verdict = _level(mine, out=suspect.out or (n != suspect.head and head.out))
    first, *rest = (reason for reason in reasons_ if reason.reported)
    said = [first, *sorted(rest, key=lambda reason: reason.ratio < NAMES_FILE)]
    against = [reason.reported for reason in said if reason.against]
    if doubt and verdict is ChangeVerdict.LIKELY:
        verdict = ChangeVerdict.POSSIBLE
        against.append(doubt)
    change = suspect.change
    inside = n != suspect.head and change.kind != "deploy"
    within = head.change.change_id if inside else change.within  # of a tag's commit, the deploy of it
    reported = WeighedChange(
        change.change_id, change.kind, change.service or None, change.at, change.title, verdict, round(belief(mine), 3),
        tuple(dict.fromkeys(reason.reported for reason in said if not reason.against)), tuple(against), within or None,
        change.attributes.get(FLAG_KEY), tuple(effect.kind.value for effect in suspect.content.effects),
    )  # fmt: skip
    return (-1.0 if verdict is ChangeVerdict.RULED_OUT else rank), reported


def _of_its_deploy(timing: Reason) -> Reason:
    """When a commit took effect is when its deploy did, which is not the time that is shown of it."""
    if timing.row is not BEFORE_ONSET:
        return timing
    return Reason(DEPLOYED_BEFORE_ONSET, scale=timing.scale, fits=timing.fits, **timing.values)


def _of_commit(suspect: Suspect, *, shown: bool) -> float:
    """The weight of a commit beside the others of its deploy, of which one is `shown` to fit: its content, and whether it touches what fails."""
    touches = next((r.ratio for r in suspect.circumstances[1:2]), 1.0)
    silent = suspect.content.read and not suspect.content.effects and not suspect.content.idle
    return weight(suspect.own) * max(touches, COMMIT_TOUCHES) * (SILENT_COMMIT if silent and shown else 1.0)


def _level(share: float, *, out: bool) -> ChangeVerdict:
    if out:
        return ChangeVerdict.RULED_OUT
    if share >= LIKELY:
        return ChangeVerdict.LIKELY
    return ChangeVerdict.POSSIBLE if share >= POSSIBLE else ChangeVerdict.UNLIKELY
