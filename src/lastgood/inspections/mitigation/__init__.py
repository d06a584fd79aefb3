"""What can be done now to stop the harm, best first, and is a roll-back among it?

What it asks
    Which actions help against this class of failure and this change: on what, in how many minutes,
    whether they can be undone, and which evidence they destroy.
Why on-call asks it
    Users are affected now; understanding can wait. Before acting, what the act destroys is worth a snapshot.
Reads
    lg_spans of the service whose change is likely, by version; the changes as weighed, the class, the
    culprits, the path and the blast radius.
How
    Where the class is one that a release seldom causes (a full disk, a certificate, DNS, overload), what helps
    against it comes first. Else first what undoes a likely change of your own, by its kind (flag off, config revert, roll-back, stop a
    job …). A deploy is rolled back only if telemetry does not rule out the version before: when it
    served in the good window and failed less than a third of what fails now, that supports it, or that it was
    quicker; when it failed as much, the roll-back is left out. Then taking out of service the instance, host or zone that the
    blast radius names. Then another dependency that serves the same requests, where a sibling of the affected
    segment works: with its numbers. Then what helps against the class, in the order of the catalogue. Each kind has
    its usual minutes (MINUTES), reversibility and evidence lost (CATALOGUE): usual values, not
    measured ones. A certificate is renewed by its owner: who writes that others refuse it by a TLS alert, else who
    is called. A commit that changes the schema is undone in the store.
    Queries are ended only where locks were seen, and in the store; work on it that may be the cause is stopped first. Nothing is done here: a person decides.
Stays silent when
    There is no comparison, nothing is confirmed, it is not decided whether requests are affected, or no change is
    likely and the failure class is unknown.
Known traps
    A roll-back past a migration can break more than it mends. A restart hides a leak until it is
    back. More capacity in front of a database that is full makes it worse.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from lastgood.algorithms.change_lineage import TOOLS
from lastgood.algorithms.culprit_kinds import CALLED_KINDS, is_outside_name
from lastgood.algorithms.diffs.kinds import EffectKind
from lastgood.algorithms.metric_meaning import DISK_AT_WORK, words
from lastgood.algorithms.network_paths import network_path
from lastgood.algorithms.trouble_words import is_store
from lastgood.inspections._registry import Stage, inspection
from lastgood.inspections.mitigation.catalogue import (
    AGAINST,
    AGAINST_DISK_WORK,
    CATALOGUE,
    CULPRIT,
    DEPENDENCY,
    LOCKED,
    OUTSIDE,
    OWNER,
    PARTS,
    SCHEMA,
    STORE,
    UNDO,
)
from lastgood.inspections.mitigation.runs import runs_of
from lastgood.inspections.mitigation.senders import sender_of, workaround
from lastgood.inspections.mitigation.stores import locks_seen, store_of, work_on
from lastgood.inspections.mitigation.versions import of_a_version
from lastgood.inspections.mitigation.weights import (
    MINUTES,
    OPTIONS_NAMED,
    PART_SPARED,
    UNCLASSED,
)
from lastgood.model.answers import (
    BlastRadius,
    ChangesWeighed,
    ChangeVerdict,
    Confirmation,
    Culprits,
    FailureClass,
    Mitigation,
    Mitigations,
    Onset,
    Segment,
    Sibling,
    WeighedChange,
)
from lastgood.model.change import ChangeKind, short_id, short_title
from lastgood.model.evidence import Absence, Evidence, Table
from lastgood.model.failure import FAILURES, FailureKind, FailurePath
from lastgood.model.figures import confidence, count, percent
from lastgood.model.finding import Finding, Verdict
from lastgood.model.signal import Signal
from lastgood.readings.case import UNDECIDED, Case
from lastgood.readings.rollback import asked_of, read_roll_back

_NAME = re.compile(r"[a-z0-9]+")
_PARTY = re.compile(r"[\w.-]+(:\d+)?")  # not an operation, or a place in code
# An alert of TLS is what the other side sends (RFC 8446, 6.2): the certificate that it refuses is one's own.
_REFUSED_BY_PEER = re.compile(r"alert (?:bad |unknown )?certificate|alert unknown ca", re.IGNORECASE)
CHANGE_KINDS = "SELECT kind, count() AS changes FROM lg_changes GROUP BY kind ORDER BY kind"


@dataclass(frozen=True, slots=True)
class _Past:
    """Whether the suspected deploy can be taken back."""

    good: bool | None  # None when that is not known
    because: str
    evidence: tuple[Evidence, ...] = ()
    one_back: str = ""  # where one deploy back ends, if that is another version


@inspection(
    "What can be done now?",
    stage=Stage.MITIGATE,
    needs={Signal.SPANS, Signal.LOGS, Signal.METRICS},
    uses=(Onset, Confirmation, ChangesWeighed, FailureClass, Culprits, FailurePath, BlastRadius),
    gives=Mitigations,
)
def mitigation(case: Case) -> Iterator[Finding]:
    """The options in their order, and why not to roll back where that is so."""
    if case.comparison is None or case.unharmed:
        yield Finding(Verdict.UNKNOWN, "there is no confirmed impact to compare with a baseline")
        return
    if case.undecided:
        yield Finding(Verdict.UNKNOWN, f"{UNDECIDED}: decide that before anything is changed")
        return
    likely = _likely(case)
    past = _past(case, likely)
    read = case.query(CHANGE_KINDS)
    reported = Table(
        "Recorded changes",
        ("kind", "changes"),
        tuple((r["kind"], r["changes"]) for r in read.dicts()),
        read.provenance,
    )
    evidence: tuple[Evidence, ...] = past.evidence or (
        (reported,) if reported.rows else (Absence("changes in this period", read.provenance),)
    )
    options: dict[tuple[str, str], Mitigation] = {}
    for option in _options(case, likely, past):
        named = "" if option.kind == "stop_job" else option.target  # a class knows of no job, a change does
        options.setdefault((option.kind, named), option)
    ranked = tuple(options.values())[:OPTIONS_NAMED]
    answer = Mitigations(ranked, _not_roll_back(case, likely, past), workaround(case))
    if not ranked:
        what = f"nothing known undoes the {likely.cited}" if likely else "no change is likely"
        why = f"no mitigation found: {what}, and the failure class is unknown"
        yield Finding(Verdict.UNKNOWN, why, answer=answer, evidence=evidence)
        return
    first = ranked[0]
    because = f"{first.kind} {first.target}: {first.because}"
    yield Finding(Verdict.YES, because, _sure(case, first, likely), answer, evidence)


def _sure(case: Case, first: Mitigation, likely: WeighedChange | None) -> float:
    """As sure as of what the first option rests on: the change that it undoes, or else the class of the failure."""
    if likely is not None and first.kind == UNDO.get(likely.kind):
        return likely.confidence
    found = case.earlier(FailureClass)
    return found.confidence if found else UNCLASSED


def _likely(case: Case) -> WeighedChange | None:
    changes = case.earlier(ChangesWeighed)
    return next((c for c in changes.ranked if c.verdict is ChangeVerdict.LIKELY), None) if changes else None


def _options(case: Case, likely: WeighedChange | None, past: _Past) -> Iterator[Mitigation]:
    radius, found = case.earlier(BlastRadius), case.earlier(FailureClass)
    if likely is None and (sender := sender_of(case)) is not None:
        yield _option("rate_limit", sender.subject, sender.because)
    if found is not None and FAILURES[found.name].seldom_deployed:
        yield from _against(case, found)
    if likely is not None:
        for run in runs_of(case, likely):
            yield _option("stop_job", run.title, f"the {run.cited} is likely ({confidence(run.confidence)})")
        yield from _undoing(likely, _whose(case, likely), _brought(case, likely), past)
    for segment in radius.segments[:1] if radius else ():
        yield from _taking_out(segment)
    if found is not None:
        yield from _against(case, found)
    if likely is not None and likely.kind == "third_party":
        yield _option(
            "escalate_upstream", likely.service or likely.title, f"{likely.title} matches the onset"
        )


def _against(case: Case, found: FailureClass) -> Iterator[Mitigation]:
    """What helps against a class."""
    dependency, culprit = _targets(case, found)
    yield from _to_sibling(case, dependency)
    outside = "" if _own(case, dependency) else dependency
    store = store_of(case, found) or culprit
    targets = {
        DEPENDENCY: dependency,
        OUTSIDE: outside,
        CULPRIT: culprit,
        OWNER: _owner(case, found) or culprit,
        STORE: store,
        LOCKED: store if locks_seen(case, found) else "",
    }
    for one in work_on(case, store) if store_of(case, found) else ():
        stated = f"the {one.cited} is only a possible cause ({confidence(one.confidence)}): stop it if it still runs"
        yield _option("stop_job", short_title(one.kind, one.bare), stated)
    busy = found.name is FailureKind.RESOURCE_DISK and DISK_AT_WORK & set(words(found.because))
    for kind, which, because in AGAINST_DISK_WORK if busy else AGAINST.get(found.name, ()):
        target = targets[which]
        if target and not (
            kind == "serve_stale" and is_store(target)
        ):  # callers keep answers, a store has none
            yield _option(kind, target, because)


def _own(case: Case, target: str) -> bool:
    """Whether who is called is a service of your own: it has telemetry, or a change of it is recorded."""
    changes, path = case.earlier(ChangesWeighed), case.earlier(FailurePath)
    if path is not None and path.external and path.first_bad == target:
        return False
    deployed = {one.service for one in changes.ranked if one.kind in UNDO} if changes else set()
    return target in {*case.holdings.telemetry_services, *deployed}


def _to_sibling(case: Case, dependency: str) -> Iterator[Mitigation]:
    """From a dependency to another one that serves the same requests, as telemetry shows."""
    radius = case.earlier(BlastRadius)
    for segment in radius.segments[:1] if radius else ():
        for one in segment.siblings:
            before = {**segment.where, **{k: v for also in segment.also for k, v in also.items()}}[
                one.attribute
            ]
            if before.lower() in _NAME.findall(dependency.lower()):
                yield _option("failover", dependency, _works(one))


def _works(sibling: Sibling) -> str:
    rest = sorted(f"{k}={v}" for k, v in sibling.where.items() if k != sibling.attribute)
    described = " and ".join([f"{sibling.attribute}={sibling.where[sibling.attribute]}", *rest])
    return (
        f"requests with {described} work: "
        f"{count(sibling.failures)} of {count(sibling.requests)} failed, so at most {percent(sibling.most)} of such requests fail"
    )


def _option(kind: str, target: str, because: str) -> Mitigation:
    usual, minutes = CATALOGUE[kind], MINUTES.get(kind)
    takes = None if minutes is None else float(minutes)
    return Mitigation(kind, target, takes, usual.reversible, usual.evidence_lost, because)


def _whose(case: Case, likely: WeighedChange) -> str:
    changes = case.earlier(ChangesWeighed)
    return changes.owner(likely) if changes else likely.service or ""


def _brought(case: Case, likely: WeighedChange) -> str:
    """What a commit came with: the deploy as a person would name it, else the id of what carried it."""
    changes = case.earlier(ChangesWeighed)
    ranked = changes.ranked if changes else ()
    carrier = next((one for one in ranked if one.change_id == likely.within), None)
    if carrier is not None:
        return f"it came with {carrier.cited}"
    return f"it came with {short_id(likely.within)}" if likely.within else "its deploy is not recorded"


def _undoing(likely: WeighedChange, whose: str, brought: str, past: _Past) -> Iterator[Mitigation]:
    own = network_path(likely.title) or likely.title.partition(" ")[0] in TOOLS
    kind = UNDO.get(likely.kind) or ("config_revert" if own else None)
    short = short_title(likely.kind, likely.bare)
    if kind == "rollback" and SCHEMA & set(likely.effects):
        said = f"the {likely.cited} is likely ({confidence(likely.confidence)})"
        if EffectKind.LOCKING_MIGRATION in likely.effects:
            yield _option(
                "end_blockers", whose or short, f"{said}; end its statement if it still runs: it holds a lock"
            )
        stated = f"{said}; the schema stays when code goes back: undo it there"
        yield _in_database(whose or short, stated)
        return
    if kind is None or (kind == "rollback" and past.good is False):
        return
    title = likely.title or likely.change_id
    target = likely.flag or title if kind in {"flag_off", "stop_job"} else whose or short
    what = likely.kind if likely.kind in {"deploy", "commit", "migration"} else f"{likely.kind} change"
    named = f"this {what}" if target == short else f"the {likely.cited}"
    said = f"{named} is likely ({confidence(likely.confidence)})"
    if kind == "rollback":
        said += f"; {past.because}"
    if likely.kind == "migration":
        index = (
            ", such as by restoring the dropped index" if EffectKind.INDEX_DROPPED in likely.effects else ""
        )
        yield _in_database(target, f"{said}; undo it in the database{index}")
        return
    if likely.kind == "commit":
        said += f"; {brought}"
    if likely.kind == "commit" and not whose:
        yield _option("roll_forward", target, said)  # a roll-back is of a service, and this is a title
        return
    yield replace(_option(kind, target, said), one_back=past.one_back if kind == "rollback" else "")


def _in_database(target: str, because: str) -> Mitigation:
    """What is undone by a new migration: no process is stopped, so none of its state is lost."""
    return replace(_option("roll_forward", target, because), evidence_lost=None)


def _taking_out(segment: Segment) -> Iterator[Mitigation]:
    """An instance, host or zone that most failures are of need not serve."""
    for where in (segment.where, *segment.also):
        if len(where) != 1:
            continue
        ((name, value),) = where.items()
        if name in PARTS and segment.share_of_traffic < PART_SPARED and not is_outside_name(value):
            works = [_works(one) for one in segment.siblings if one.attribute == name]
            shares = f"{percent(segment.share_of_failures)} of failures, {percent(segment.share_of_traffic)} of traffic"
            yield _option(PARTS[name], value, "; ".join([shares, *works]))
            return


def _targets(case: Case, found: FailureClass) -> tuple[str, str]:
    """Who is called, and who is at fault; no service is called where only the caller of a dependency is known."""
    path, culprits = case.earlier(FailurePath), case.earlier(Culprits)
    first = culprits.ranked[0] if culprits and culprits.ranked else None
    outside = first.component if first and first.kind in CALLED_KINDS else None
    named = found.subject or (path.first_bad if path else None) or outside
    radius = case.earlier(BlastRadius)
    only = radius.services[0] if radius and len(radius.services) == 1 else ""
    culprit = (first.instance or first.service if first else None) or named or only or "the system"
    if (
        found.name is FailureKind.POOL_STARVATION
        and found.subject
        and first
        and first.service != found.subject
    ):
        culprit = found.subject  # whose pool it is, not the store that it connects to
    if named or found.name is FailureKind.DEPENDENCY_SLOW:
        return named or "", culprit
    return culprit if first is None else first.service, culprit


def _owner(case: Case, found: FailureClass) -> str:
    """Whose a certificate is: of whom others refuse (an alert that they send), else of whom is called and fails."""
    path, culprits = case.earlier(FailurePath), case.earlier(Culprits)
    if _REFUSED_BY_PEER.search(found.because):
        return found.subject or ""
    first = culprits.ranked[0] if culprits and culprits.ranked else None
    named = (first.component or "") if first and first.kind in {*CALLED_KINDS, "certificate"} else ""
    called = named if _PARTY.fullmatch(named) else ""
    return called or (path.first_bad if path and path.external else "")


def _past(case: Case, likely: WeighedChange | None) -> _Past:
    """Whether the likely deploy can be taken back, by the same law as `act rollback`."""
    whose = _whose(case, likely) if likely is not None else ""
    if likely is None or likely.kind not in {ChangeKind.DEPLOY, ChangeKind.COMMIT}:
        return _Past(None, "no deploy is likely")
    if not whose:
        return _Past(None, "which service it is of is not recorded")
    read = read_roll_back(case, asked_of(whose, likely))
    if read is None:
        return _Past(None, f"no deploy of {whose} is recorded")
    reported = read.because if read.answer.possible is False else read.previous.because
    unknown = [check.of for check in read.answer.checks[1:] if check.holds is None]
    if read.answer.possible is None and unknown:
        reported += f"; check first: {', '.join(unknown)}"
    near = read.answer.one_back
    if read.answer.previous and read.answer.possible is not False:
        other = f", not {near}" if near not in {"", read.answer.version} else ""
        reported = f"from {read.answer.version} to {read.answer.previous}{other}; {reported}"
    return _Past(read.answer.possible, reported, read.evidence, near)


def _not_roll_back(case: Case, likely: WeighedChange | None, past: _Past) -> str | None:
    """Why a roll-back is not advised; None when it is."""
    changes = case.earlier(ChangesWeighed)
    if changes is None:
        return None
    if likely is not None:
        if likely.kind in {"deploy", "commit"}:
            return f"do not roll back: {past.because}" if past.good is False else None
        return (
            f"do not roll back: no deploy matches the onset; the {likely.kind.replace('_', '-')} change does"
        )
    possible = next(
        (c for c in changes.ranked if c.verdict is ChangeVerdict.POSSIBLE and c.kind in {"deploy", "commit"}),
        None,
    )
    if possible is not None:
        return f"do not roll back yet: deploy {possible.bare} is only a possible cause"
    recorded = any(c.kind == "deploy" for c in changes.ranked)
    reason = "no deploy matches the onset" if recorded else "no deploy is recorded"
    of_version = of_a_version(case.earlier(BlastRadius))
    return (
        f"unknown whether to roll back: {reason}, but {of_version}"
        if of_version
        else f"do not roll back: {reason}"
    )
