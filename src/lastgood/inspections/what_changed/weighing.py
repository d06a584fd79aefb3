"""Changes weighed against the scene: what they are held against, and the reasons gathered for each."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from lastgood.algorithms.change_lineage import TAGGED, same, superseded
from lastgood.algorithms.diffs.kinds import Effect, Trouble
from lastgood.algorithms.rivals import weight
from lastgood.inspections.what_changed.added_names import quoting
from lastgood.inspections.what_changed.answered_statuses import answering, read_failing_statuses
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
from lastgood.inspections.what_changed.from_libraries import from_libraries
from lastgood.inspections.what_changed.hosts import Host, made_on, read_hosts
from lastgood.inspections.what_changed.load_met import Load, read_load
from lastgood.inspections.what_changed.named_code import NamedCode, naming_code, read_named_code, runs_code_of
from lastgood.inspections.what_changed.named_types import naming_type, read_named_types
from lastgood.inspections.what_changed.one_operation import Operation, asking_more, one_operation
from lastgood.inspections.what_changed.other_causes import Noticed, other_causes
from lastgood.inspections.what_changed.planned_crowds import planned_crowd
from lastgood.inspections.what_changed.reach import reach
from lastgood.inspections.what_changed.scene import Scene
from lastgood.inspections.what_changed.scheduled import first_runs
from lastgood.inspections.what_changed.since import Since, read_since, served_since
from lastgood.inspections.what_changed.slow_rises import SlowRise, grown, slow_rises
from lastgood.inspections.what_changed.slow_tables import changing_table, slow_tables
from lastgood.inspections.what_changed.suspects import Suspect, read_suspects, rough
from lastgood.inspections.what_changed.symptoms import OF_KIND, Symptoms, read_symptoms, with_platform
from lastgood.inspections.what_changed.taken_away import taking_away
from lastgood.inspections.what_changed.timed import timed_reason
from lastgood.inspections.what_changed.traffic_moved import Moved, moving, read_moved
from lastgood.inspections.what_changed.turned import Turned, by_no_change, naming_turned, turned_values
from lastgood.inspections.what_changed.verdicts import judged
from lastgood.inspections.what_changed.way_out import closing_way, unreached
from lastgood.inspections.what_changed.weights import (
    AT_FAULT,
    FILLS_UP,
    FLAGS_COMPARED,
    GOOD_AFTER_IT,
    IN_FRONT,
    MOVES_TRAFFIC,
    NOT_DEPLOYED,
    NOT_TAKEN,
    SENDS_THERE,
    STILL_NEAR,
    SUSPECT_RISES,
    WENT_OUT_EARLIER,
    WORTH_COMPARING,
    WORTH_READING,
)
from lastgood.model.answers import ChangesWeighed, OtherCause
from lastgood.model.change import Change, ChangeKind, short_title
from lastgood.model.failure import Cause
from lastgood.model.judgement import Reason
from lastgood.readings.caches import Cache, emptied_caches
from lastgood.readings.case import Case
from lastgood.readings.risen import Risen


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
    asked: Operation | None = None  # that is asked for more, alone
    turned: Sequence[Turned] = ()  # fields with another value since
    tables: Mapping[str, str] = field(default_factory=dict)  # whose statements became slow, and their stores
    types: frozenset[str] = frozenset()  # that new errors name
    failing: Mapping[int, float] = field(default_factory=dict)  # statuses, by their share of what fails anew
    unreached: str = ""  # the host to which no connection is made


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
    named = read_named_code(case)
    scene = replace(scene, running=runs_code_of(changes, scene.services, named))
    runs = first_runs(case, changes, scene)
    suspects = read_suspects(case, changes, scene, runs)
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
        read_load(case, scene.low), caches, runs, named, read_moved(case), one_operation(case), turned_values(case, scene), slow_tables(case), read_named_types(case, changes, symptoms), read_failing_statuses(case), unreached(scene.errors),
    )  # fmt: skip
    _gather(seen, suspects)
    others = _others(seen, suspects)
    return replace(judged(case, scene, suspects, others, seen.runs), growth=grown(rises, scene.at))


def _others(seen: _Seen, suspects: Sequence[Suspect]) -> tuple[OtherCause, ...]:
    """What else could explain it; no third party that answers as it did."""
    moved = by_no_change(seen.turned, seen.changes)
    noticed = Noticed(
        seen.caches, seen.asked, moved, planned_crowd(seen.case, seen.scene), _untried(seen, suspects)
    )
    others = other_causes(seen.case, seen.scene, seen.risen, seen.symptoms, seen.rises, noticed)
    answers = any(same(one.peer, name) for one in seen.given_up.values() for name in seen.scene.suspects)
    return tuple(one for one in others if not (answers and one.cause is Cause.THIRD_PARTY))


def _untried(seen: _Seen, suspects: Iterable[Suspect]) -> str:
    """The deploy or commit at the suspect itself that has not met as many requests as arrive now; empty without one."""
    made = (
        one.change
        for one in suspects
        if one.circumstances[1].row is AT_FAULT
        and one.change.kind in {ChangeKind.DEPLOY, ChangeKind.CONFIG}
        and not one.out
        and seen.load.first_met(one.change.until)
    )
    return next((short_title(one.kind, one.name) for one in made), "")


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
        suspect.own += [*sent, *emptied, *asking_more(suspect.change, seen.asked)]
        suspect.own += [
            *closing_way(suspect.change, seen.unreached)[1:],
            *naming_type(suspect.change, seen.types)[1:],
        ]
        suspect.own += naming_turned(_said(suspect.change), suspect.change, seen.turned)
        if not (suspect.content.idle or suspect.content.logged):
            suspect.own += _of_errors(seen, suspect.change, suspect.content)
        effects = [
            e for s in together.get(n, [suspect]) for e in s.content.explaining(seen.symptoms.troubles)
        ]
        members = [suspect.change, *(s.change for s in together.get(n, []))]
        run = next((seen.runs[one.change_id] for one in members if one.change_id in seen.runs), None)
        suspect.circumstances = _circumstances(seen, suspect, effects, run)
        between = [reason for one in (suspect, *together.get(n, [])) for reason in _between(seen, one)]
        place = _placed(sent, emptied, [*between, *changing_table(effects, seen.tables)])
        suspect.circumstances[1] = place or suspect.circumstances[1]
        if suspect.change.kind == "flag" and flags < FLAGS_COMPARED and weight(suspect.all) > WORTH_READING:
            flags += 1
            suspect.circumstances += of_flag(seen.case, suspect.change, tuple(sorted(seen.scene.suspects)))


def _of_errors(seen: _Seen, change: Change, content: Content) -> list[Reason]:
    """What new errors name, quote, ask for or answer with, of what a change touches."""
    return [
        *naming_code(change, content.lines, seen.named),
        *taking_away(content.gone, seen.scene.errors, seen.scene.segment),
        *quoting(content.added, seen.scene.errors)[1:],
        *answering(content.statuses, seen.failing),
        *from_libraries(content.libraries, seen.scene.errors),
    ]


def _between(seen: _Seen, suspect: Suspect) -> Iterator[Reason]:
    """Where a change takes effect, whosever it is: on the way to what is not reached, in what another cannot read, on what errors quote."""
    yield from closing_way(suspect.change, seen.unreached)[:1]
    yield from naming_type(suspect.change, seen.types)[:1]
    yield from quoting(suspect.content.added, seen.scene.errors)[:1]


def _placed(sent: list[Reason], emptied: list[Reason], tables: list[Reason]) -> Reason | None:
    """Where a change takes its effect, by what is seen of it and not by whose it is; None where that is not seen."""
    if emptied:
        return Reason(IN_FRONT, service=emptied[0].values["service"])
    if any(reason.row is MOVES_TRAFFIC for reason in sent):
        return Reason(SENDS_THERE, to=sent[0].values["to"])
    return next(iter(tables), None)


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
    where = reach(change, origin, scene, kinds, run)
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
