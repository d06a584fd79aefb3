"""What a change has to say for itself: it went by before, was made elsewhere, was undone, or others are hit alike."""

import re
from collections.abc import Collection, Iterable
from collections.abc import Set as AbstractSet

from lastgood.algorithms.causation import (
    declared_share,
    declared_step,
    dosed,
    earlier_runs,
    goes_back,
    recurrence,
    reversal,
    stepped,
    undone_at,
)
from lastgood.algorithms.change_lineage import Origin, bare, same, version_number
from lastgood.algorithms.diffs.kinds import ON_CALLEES, ON_PARTIES_OUTSIDE, ON_STORES, EffectKind, Trouble
from lastgood.algorithms.trouble_words import is_store
from lastgood.inspections.what_changed.reach import naming
from lastgood.inspections.what_changed.scene import Scene
from lastgood.inspections.what_changed.symptoms import Symptoms
from lastgood.inspections.what_changed.weights import (
    AFTER_ONSET,
    AFTER_ONSET_BEFORE_IT,
    BY_ITSELF,
    DOSE_STEP,
    DOSED,
    FAILS_ANEW,
    MADE_FOR_PART,
    NO_EFFECT,
    OTHER_ENVIRONMENT,
    OTHER_PART,
    OTHERS_ALIKE,
    OVEREXPOSED,
    PART_OF_TRAFFIC,
    PART_ONLY,
    RAN_BEFORE,
    RAN_OFTEN,
    REACTION,
    SAME_PART,
    SEGMENT_VERSION,
    TELLS_SYMPTOM,
    UNDONE_ENDED,
    UNDONE_IN_VAIN,
)
from lastgood.model.answers import BlastRadius, Confirmation
from lastgood.model.attributes import ENVIRONMENTS, NOT_PRODUCTION, PART, VERSIONS
from lastgood.model.change import OURS, OUTSIDE, Change
from lastgood.model.judgement import Reason, Weight
from lastgood.model.prediction import Outcome
from lastgood.readings.case import Case
from lastgood.readings.risen import Risen

# What a platform says of a process that is in trouble: of its kind, not of the platform's own.
_TELLS = re.compile(
    r"OOM|Back-?off|CrashLoop|Unhealthy|probe failed|Evicted|Killing|Liveness|Readiness|^restart \d+ of |: container .*exit code \d",
    re.IGNORECASE,
)
_THEIRS = frozenset({Trouble.REFUSED, Trouble.TIMEOUT, Trouble.NETWORK, Trouble.DNS, Trouble.CERTIFICATE})


def ran_before(change: Change, alike: Iterable[Change], scene: Scene) -> list[Reason]:
    """How often the same change went by before it, and before the onset; deploys and commits are never the same.

    `alike` are the changes of its kind, service and title.
    """
    again = len(earlier_runs(change, alike, scene.low))
    outcome = recurrence(again, again)
    row = {Outcome.REFUTED: RAN_OFTEN, Outcome.INCONCLUSIVE: RAN_BEFORE}.get(outcome)
    return [Reason(row, again=again)] if row is not None else []


def place(
    change: Change, environments: AbstractSet[str], scene: Scene, *, slow: bool = False
) -> list[Reason]:
    """Whether it was made where the trouble is: environment, region, the part that is hit.

    `environments` are those that any change was made in. `slow`: what it fills up is full on one machine first.
    """
    found = []
    if not change.took_effect:
        found.append(Reason(NO_EFFECT, state=change.state))
    if change.kind == "infrastructure" and _TELLS.search(change.title):
        found.append(Reason(TELLS_SYMPTOM))
    made_in = environment(change)
    if made_in in NOT_PRODUCTION and environments - {made_in}:
        found.append(Reason(OTHER_ENVIRONMENT, place=made_in))
    return found + _segment(change, scene, everywhere=bool(change.service) and not slow)


def environment(change: Change) -> str:
    """The environment that a change names; empty when it names none."""
    reported = {name.lower(): value.lower() for name, value in change.attributes.items()}
    return next((reported[name] for name in ENVIRONMENTS if name in reported), "")


def _segment(change: Change, scene: Scene, *, everywhere: bool) -> list[Reason]:
    """Whether it was made for the part that is hit; `everywhere`: it would show on every part alike."""
    segment = scene.segment
    if segment is None or change.kind not in OURS:
        return []
    where = {name: value for one in (segment.where, *segment.also) for name, value in one.items()}
    if any(
        name in VERSIONS and version_number(value) == version_number(change.version)
        for name, value in where.items()
    ):
        return [Reason(SEGMENT_VERSION, version=change.version)]
    for name, value in where.items():
        mine = next((v for k, v in change.attributes.items() if _part_of(k) == _part_of(name)), None)
        if mine is not None and PART.search(name):
            return [
                Reason(SAME_PART, place=mine) if mine == value else Reason(OTHER_PART, place=mine, hit=value)
            ]
    parts = [f"{name}={value}" for name, value in segment.where.items() if scene.part(name, value)]
    if parts and (named := naming(change, scene)):
        return [Reason(MADE_FOR_PART, named=named.reported)]
    if (
        everywhere
        and parts
        and len(parts) == len(segment.where)
        and segment.share_of_traffic < PART_OF_TRAFFIC
        and change.kind != "scaling"
    ):
        return [Reason(PART_ONLY, part=parts[0])]
    return []


def _part_of(name: str) -> str:
    """What an attribute is the name or id of: `pod` of `k8s.pod.name`. What tells no two apart is left out."""
    words = [word for word in re.split(r"[._]", name.lower()) if word not in {"name", "id", "uid"}]
    return words[-1] if words else ""


def outside(
    change: Change, origin: Origin, scene: Scene, seen: tuple[Risen, Symptoms], kinds: Collection[EffectKind]
) -> list[Reason]:
    """Where what fails is a party outside: whether others that call it fail alike, and whether it fails by itself."""
    risen, symptoms = seen
    if not scene.external or change.kind not in OURS:
        return []
    external = [name for name in scene.suspects if any(row["peer"] == name for row, _ in risen.spans)]
    if not external or any(same(change.service, name) for name in external):
        return []
    callers = {
        row["service"]: more for row, more in risen.spans if row["peer"] == external[0] and more >= FAILS_ANEW
    }
    parties = {change.service, *origin.touched} - {""}
    spared = {name for name in callers if not any(bare(name) == bare(party) for party in parties)}
    if is_store(external[0]) and (not kinds or set(kinds) & (ON_STORES | ON_CALLEES)):
        return []  # a store is ours: one caller can overload it, and then all of them fail
    if spared and parties:  # what names no service may be on any of the callers
        return [Reason(OTHERS_ALIKE, who=min(spared), party=external[0])]
    if symptoms.troubles & _THEIRS and not set(kinds) & ON_PARTIES_OUTSIDE:
        return [Reason(BY_ITSELF, party=external[0])]
    return []


def undoing(change: Change, later: Iterable[Change], case: Case, scene: Scene) -> list[Reason]:
    """What happened when it was undone, by the changes that came later than the onset."""
    at = undone_at(change, later, scene.low)
    if at is None:
        return []
    outcome = reversal(at, scene.ended, case.window.end)
    row = {Outcome.SUPPORTED: UNDONE_ENDED, Outcome.REFUTED: UNDONE_IN_VAIN}.get(outcome)
    return [Reason(row, at=at)] if row is not None else []


def exposed(change: Change, case: Case) -> list[Reason]:
    """Whether more fail than were exposed to a flag, where its feed says how many that are."""
    confirmed, radius = case.earlier(Confirmation), case.earlier(BlastRadius)
    share = confirmed.impact.failure_share if confirmed else None
    part = declared_share(change)
    if part is None or share is None:
        return []
    step, before = declared_step(change), confirmed.impact.baseline_share if confirmed else None
    if step and before and stepped(step, (before, share)):
        return [Reason(DOSE_STEP, was=step[0], part=step[1], before=before, failing=share)]
    hit = [one.failure_share for one in radius.segments[:1] if "operation" in one.where] if radius else []
    outcome = dosed(part, share, max(hit, default=None))
    if outcome is Outcome.REFUTED:
        return [Reason(OVEREXPOSED, part=part, failing=share)]
    return [Reason(DOSED, part=part, failing=max([share, *hit]))] if outcome is Outcome.SUPPORTED else []


def too_late(change: Change, scene: Scene) -> Weight:
    """What a change after the onset is."""
    if change.kind in {"scaling", "infrastructure"} or goes_back(change):
        return REACTION
    return AFTER_ONSET if change.kind in OUTSIDE or not scene.suspects else AFTER_ONSET_BEFORE_IT
