"""Changes weighed against the scene: reasons gathered for each, deploys taken with their commits, shares made of weights."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from lastgood.algorithms.causation import TIMELY
from lastgood.algorithms.change_lineage import TAGGED, configures, same, superseded
from lastgood.algorithms.diffs.kinds import Effect, Trouble
from lastgood.algorithms.rivals import UNKNOWN, belief, shares, weight
from lastgood.inspections.what_changed.content import (
    Content,
    asked_for,
    reasons,
    weights_of,
)
from lastgood.inspections.what_changed.deadlines import GivenUp, giving_up, read_given_up
from lastgood.inspections.what_changed.defence import (
    environment,
    exposed,
    outside,
    place,
    ran_before,
    undoing,
)
from lastgood.inspections.what_changed.emptied import emptying
from lastgood.inspections.what_changed.exposure import (
    Exposure,
    evaluated_by,
    evaluating,
    of_deploy,
    of_flag,
    read_exposure,
)
from lastgood.inspections.what_changed.hosts import Host, made_on, read_hosts
from lastgood.inspections.what_changed.load_met import Load, read_load
from lastgood.inspections.what_changed.named_code import NamedCode, naming_code, read_named_code
from lastgood.inspections.what_changed.notices import as_observed
from lastgood.inspections.what_changed.other_causes import other_causes
from lastgood.inspections.what_changed.reach import naming, reach
from lastgood.inspections.what_changed.rivalry import heaviest_rival
from lastgood.inspections.what_changed.scene import Scene
from lastgood.inspections.what_changed.scheduled import first_runs, taken_with_runs
from lastgood.inspections.what_changed.since import Since, read_since, served_since
from lastgood.inspections.what_changed.slow_rises import SlowRise, grown, slow_rises
from lastgood.inspections.what_changed.suspects import Suspect, read_suspects, rough
from lastgood.inspections.what_changed.symptoms import OF_KIND, Symptoms, read_symptoms, with_platform
from lastgood.inspections.what_changed.taken_away import taking_away
from lastgood.inspections.what_changed.timed import timed_reason
from lastgood.inspections.what_changed.traffic_moved import Moved, moving, read_moved
from lastgood.inspections.what_changed.weights import (
    BEFORE_ONSET,
    CAME_WITH,
    COMMIT_TOUCHES,
    DEPLOY_INSIDE,
    DEPLOYED_BEFORE_ONSET,
    FILLS_UP,
    FLAGS_COMPARED,
    GOOD_AFTER_IT,
    IDLE_COMMIT,
    IN_FRONT,
    LIKELY,
    MAY_BE_UNNAMED,
    MOVES_TRAFFIC,
    NAMES_FILE,
    NOT_DEPLOYED,
    NOT_TAKEN,
    POSSIBLE,
    SENDS_THERE,
    SILENT_COMMIT,
    STILL_NEAR,
    SUSPECT_RISES,
    TIED_TO,
    UNCONFIRMED,
    UNTIED_MOST,
    WENT_OUT_EARLIER,
    WORTH_COMPARING,
    WORTH_READING,
)
from lastgood.model.answers import ChangesWeighed, ChangeVerdict, OtherCause, WeighedChange
from lastgood.model.attributes import FLAG_KEY
from lastgood.model.change import Change, short_id
from lastgood.model.failure import Cause
from lastgood.model.judgement import Reason
from lastgood.readings.caches import Cache, emptied_caches
from lastgood.readings.case import Case
from lastgood.readings.risen import Risen

# Commits that bring others' content, and none of their own.
_MERGES = re.compile(
    r"merged? (pull request|branch|remote|commit|tag|in\b|pr\b|!?\d)|merge .+ into ", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Seen:
    """Everything that changes are held against."""

    case: Case
    scene: Scene
    risen: Risen
    symptoms: Symptoms
    rises: list[SlowRise]
    exposure: Exposure
    alike: Mapping[tuple[str, str, str], list[Change]]  # by kind, service and title
    environments: frozenset[str]
    later: list[Change]  # than the onset
    changes: Sequence[Change] = ()
    since: Sequence[Since] = ()  # how requests fared over time
    hosts: Mapping[tuple[str, str], Host] = field(default_factory=dict)  # by service and name
    flags: Mapping[str, frozenset[str]] = field(default_factory=dict)  # the services that evaluate each
    given_up: Mapping[str, GivenUp] = field(default_factory=dict)  # by caller
    load: Load = field(default_factory=Load)
    caches: Sequence[Cache] = ()  # that answer less than they did
    runs: Mapping[str, Change] = field(
        default_factory=dict
    )  # first runs of jobs, by the changes that name them
    named: Sequence[NamedCode] = ()  # that new errors name
    moved: Sequence[Moved] = ()  # where requests went from and to


def weigh(case: Case, changes: Sequence[Change], scene: Scene, risen: Risen) -> ChangesWeighed:
    """Every change with its verdict, most suspect first, and what else could explain it."""
    symptoms = with_platform(read_symptoms(case, risen), changes, scene)
    rises = [
        rise
        for rise in slow_rises(
            case, [name for name, strength in scene.suspects.items() if strength >= SUSPECT_RISES], scene.low
        )
        if OF_KIND[rise.kind] in symptoms.troubles
    ]
    suspects = read_suspects(case, changes, scene)
    services = {
        s.change.service
        for s in suspects
        if s.change.kind == "deploy"
        and s.change.version
        and rough(s.change, s.change, s.origin, scene) >= WORTH_COMPARING
    }
    alike: dict[tuple[str, str, str], list[Change]] = {}
    for change in changes:
        alike.setdefault((change.kind, change.service, change.title), []).append(change)
    caches, _ = emptied_caches(case)
    seen = _Seen(
        case, scene, risen, symptoms, rises, read_exposure(case, services & set(scene.services), scene.low), alike,
        frozenset(map(environment, changes)), [change for change in changes if change.at > scene.low],
        changes, read_since(case),
        read_hosts(case, set(scene.services) & set(scene.suspects)), evaluating(case, changes),
        read_given_up(case) if Trouble.TIMEOUT in symptoms.troubles else {},
        read_load(case, scene.low), caches, first_runs(case, changes, scene), read_named_code(case), read_moved(case),
    )  # fmt: skip
    _gather(seen, suspects)
    others = other_causes(case, scene, risen, symptoms, rises, caches)
    if any(same(one.peer, name) for one in seen.given_up.values() for name in scene.suspects):
        others = tuple(one for one in others if one.cause is not Cause.THIRD_PARTY)  # it answers as it did
    return replace(_judged(case, scene, suspects, others, seen.runs), growth=grown(rises, scene.at))


def _gather(seen: _Seen, suspects: list[Suspect]) -> None:
    weights = weights_of([s.content for s in suspects], seen.scene.services)
    together: dict[int, list[Suspect]] = {}
    for suspect in suspects:
        together.setdefault(suspect.head, []).append(suspect)
    flags = 0
    for n, suspect in enumerate(suspects):
        seen.case.in_time()
        suspect.alone = suspect.head == n
        if by := evaluated_by(suspect.change, seen.flags):
            suspect.origin = replace(suspect.origin, touched=suspect.origin.touched | by)
        suspect.own = reasons(suspect.change, suspect.content, seen.symptoms, weights)
        suspect.own += _filling(seen, suspect.content)
        sent = moving(suspect.change.kind, _said(suspect.change), seen.moved)
        emptied = emptying(suspect.change, _said(suspect.change), suspect.content, seen.caches)
        suspect.own += [*sent, *emptied]
        if not (suspect.content.idle or suspect.content.logged):
            suspect.own += naming_code(suspect.change, suspect.content.lines, seen.named)
            suspect.own += taking_away(suspect.content.gone, seen.scene.errors)
        effects = [
            e for s in together.get(n, [suspect]) for e in s.content.explaining(seen.symptoms.troubles)
        ]
        members = [suspect.change, *(s.change for s in together.get(n, []))]
        run = next((seen.runs[one.change_id] for one in members if one.change_id in seen.runs), None)
        suspect.circumstances = _circumstances(seen, suspect, effects, run)
        if any(reason.row is MOVES_TRAFFIC for reason in sent):
            suspect.circumstances[1] = Reason(SENDS_THERE, to=sent[0].values["to"])
        if emptied:
            suspect.circumstances[1] = Reason(IN_FRONT, service=emptied[0].values["service"])
        if suspect.change.kind == "flag" and flags < FLAGS_COMPARED and weight(suspect.all) > WORTH_READING:
            flags += 1
            suspect.circumstances += of_flag(seen.case, suspect.change, tuple(sorted(seen.scene.suspects)))


def _said(change: Change) -> str:
    return " ".join((change.title, change.version, change.previous, *change.attributes.values()))


def _filling(seen: _Seen, content: Content) -> list[Reason]:
    """That what rises is what such a change fills up: few do."""
    for rise in seen.rises[:1]:
        kind = OF_KIND[rise.kind]
        if any(effect.meaning.slow and kind in effect.meaning.typical for effect in content.effects):
            return [Reason(FILLS_UP, metric=rise.metric)]
    return []


def _circumstances(
    seen: _Seen, suspect: Suspect, effects: list[Effect], run: Change | None = None
) -> list[Reason]:
    """Timing, reach, exposure and defence: everything but the content; `run` is the first run of a job that it names."""
    change, origin, scene = suspect.change, suspect.origin, seen.scene
    tagged = suspect.alone and change.state == TAGGED and not superseded(change, seen.changes, scene.low)
    unrecorded = tagged or (change.kind == "commit" and origin.unrecorded)
    timed, when = timed_reason(
        change,
        effects,
        scene,
        seen.exposure,
        seen.rises,
        seen.symptoms,
        load=seen.load,
        run=run,
        unrecorded=unrecorded,
    )
    suspect.timed = timed
    kinds = frozenset(effect.kind for effect in effects)
    where = reach(change, origin, scene, kinds)
    found = [when, where.said(fits=where.ratio >= STILL_NEAR)]
    held = ((origin.waiting, NOT_DEPLOYED), (origin.untaken, NOT_TAKEN), (origin.earlier, WENT_OUT_EARLIER))
    found += [Reason(row) for holds, row in held if holds]
    if timed.after and timed.weight == 0:
        return found
    slow = (
        bool(seen.rises)
        or run is not None
        or any(e.meaning.slow or asked_for(e, seen.symptoms) for e in effects)
    )
    comparison = seen.case.comparison
    carried = origin.carrier is not None or unrecorded  # it was not there before its deploy
    if comparison and change.until < comparison.good.start and not slow and not carried:
        found.append(Reason(GOOD_AFTER_IT))
    alike = seen.alike[change.kind, change.service, change.title]
    found += ran_before(change, alike, scene) + place(change, seen.environments, scene, slow=slow)
    found += made_on(change, seen.hosts, seen.changes)
    versions = of_deploy(change, seen.exposure, slow=slow)
    found += versions + exposed(change, seen.case)
    if not (slow or unrecorded or versions):
        found += served_since(change, seen.since, scene.low)
    parties = {change.service, *origin.touched} - {""}
    found += giving_up(change, parties, seen.given_up) or outside(
        change, origin, scene, (seen.risen, seen.symptoms), kinds
    )
    return found + undoing(change, seen.later, seen.case, scene)


def _judged(
    case: Case,
    scene: Scene,
    suspects: list[Suspect],
    others: tuple[OtherCause, ...],
    runs: Mapping[str, Change],
) -> ChangesWeighed:
    weights: dict[int, float] = {}
    inside: dict[int, list[int]] = {}
    for n, suspect in enumerate(suspects):
        if suspect.head != n:
            inside.setdefault(suspect.head, []).append(n)
    for n, suspect in enumerate(suspects):
        if suspect.head == n:
            weights[n] = _whole(suspects, n, inside.get(n, []), scene)
    as_observed(suspects, weights, others)
    taken_with_runs(suspects, weights, runs)
    rival = heaviest_rival(suspects, weights, others)
    calm = case.unharmed
    share = shares(
        {n: UNCONFIRMED * value if calm else value for n, value in weights.items()}, UNKNOWN + rival
    )
    found: list[tuple[float, WeighedChange]] = []
    for n, suspect in enumerate(suspects):
        members = inside.get(suspect.head, [])
        mine = share[suspect.head]
        if n != suspect.head and suspect.change.kind == "deploy":
            continue  # another record of its head
        if not any(_at_fault(suspects[m], scene) for m in (suspect.head, *members)):
            mine = min(mine, UNTIED_MOST)
        found.append(_verdict(suspects, n, mine, members, calm=calm))
    found.sort(key=lambda pair: (-pair[0], -pair[1].at.timestamp(), pair[1].change_id))
    return ChangesWeighed(
        tuple(one for _, one in found), others, round(belief(1 - sum(share.values())), 3) if share else 1.0
    )


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
    suspects: list[Suspect], n: int, share: float, members: list[int], *, calm: bool
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
    if calm and verdict is ChangeVerdict.LIKELY:
        verdict = ChangeVerdict.POSSIBLE
        against.append("it is not confirmed that anything is wrong")
    change = suspect.change
    within = change.within or (
        head.change.change_id if n != suspect.head and change.kind != "deploy" else None
    )
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
