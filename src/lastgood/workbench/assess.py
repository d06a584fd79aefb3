"""Assess: the sitrep of an incident, recorded with the evidence that it rests on."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from lastgood.model.answers import ChangeVerdict, GoldenSignals, Joined, Shape
from lastgood.model.boundary import ProbesSeen
from lastgood.model.entry import Triaged
from lastgood.model.finding import Verdict
from lastgood.model.loading import LoadReport
from lastgood.model.signal import Signal
from lastgood.model.sitrep import Sitrep
from lastgood.model.window import Comparison, Window
from lastgood.workbench.alerts import fired, first_of
from lastgood.workbench.deploy_practice import at_fault, practice_of
from lastgood.workbench.evidence import Seen, frozen
from lastgood.workbench.hypotheses import propose
from lastgood.workbench.probes_seen import probes_seen
from lastgood.workbench.pulse import counted, full
from lastgood.workbench.room import Room
from lastgood.workbench.store import Store
from lastgood.workbench.triage import triage

# What is kept beside the answers of questions, so that a timeline and its charts outlive the telemetry.
# What is kept with an answer besides the evidence of its questions, by name.
RANG, PULSE, FULL = "rang", "pulse", "used"
SUSPECTED = frozenset({ChangeVerdict.LIKELY, ChangeVerdict.POSSIBLE})


@dataclass(frozen=True, slots=True)
class Look:
    """A sitrep, with the rows that it rests on and the store that they are of."""

    sitrep: Sitrep
    seen: Seen
    store: Store


def looked(
    store: Store,
    *,
    now: datetime,
    window: Window | None = None,
    comparison: Comparison | None = None,
    loaded: LoadReport | None = None,
    probes: ProbesSeen | None = None,
) -> Look:
    """The sitrep as of now, not recorded yet; `probes` are those of the record.

    Raises:
        NoDataError: there is no telemetry to look at.
    """
    seen, store = Seen(), store if store.known else store.surveyed()
    watched, handed = replace(store, watch=seen), (probes,) if probes else ()
    sitrep = triage(watched, now=now, window=window, comparison=comparison, loaded=loaded, handed=handed)
    return Look(sitrep, seen, store)


def assess(
    room: Room,
    store: Store,
    document: Callable[[Sitrep], bytes],
    *,
    window: Window | None = None,
    comparison: Comparison | None = None,
    loaded: LoadReport | None = None,
) -> Sitrep:
    """The sitrep as of now; it, and the rows behind every yes and no, are in the record, and its suspects on the board.

    `document` writes it as JSON.

    Raises:
        NoDataError: there is no telemetry to look at.
    """
    probes = probes_seen(room)
    look = looked(store, now=room.now, window=window, comparison=comparison, loaded=loaded, probes=probes)
    recorded(room, look, document)
    return look.sitrep


def recorded(room: Room, look: Look, document: Callable[[Sitrep], bytes]) -> None:
    """Put a sitrep into the record, with the rows behind every yes and no, and its suspects on the board."""
    sitrep, seen, store = look.sitrep, look.seen, look.store
    said = triaged(sitrep, room.record.keep(document(sitrep)))
    alerts = None
    if sitrep.began and sitrep.window and Signal.ALERTS in sitrep.holdings.signals:
        alerts = fired(store, sitrep.began, sitrep.window)
        said = replace(said, alerts=len(alerts), first_alert=first_of(alerts))
    if suspect := at_fault(said.changes):
        said = replace(said, practice=practice_of(store, suspect))
    room.append(said)
    for finding in sitrep.findings:
        if finding.verdict is not Verdict.UNKNOWN:
            seen.cite(room, finding)
    if alerts:
        room.append(
            frozen(room.record, alerts, "alerts that started to fire since the onset", "What rang?", RANG)
        )
    if sitrep.window and (beat := counted(store, sitrep.window)):
        room.append(
            frozen(
                room.record, beat, "errors, latency and traffic over time", "How did it go over time?", PULSE
            )
        )
    golden = next((f.answer for f in sitrep.findings if isinstance(f.answer, GoldenSignals)), None)
    risen = golden is not None and golden.saturation is Shape.UP
    if sitrep.window and (used := full(store, sitrep.window, sitrep.comparison, risen=risen)):
        question = "How full were resources over time?"
        room.append(frozen(room.record, used, "the resource whose use rose most, over time", question, FULL))
    propose(room, store)


def triaged(sitrep: Sitrep, document: str) -> Triaged:
    """The entry of a sitrep whose document is kept under a hash."""
    changes = sitrep.changes.ranked if sitrep.changes else ()
    patterns = (*sitrep.patterns.new, *sitrep.patterns.more) if sitrep.patterns else ()
    onset, radius, options = sitrep.began, sitrep.blast_radius, sitrep.mitigations
    return Triaged(
        document=document,
        verdict=sitrep.is_real,
        because=sitrep.confirmed.because if sitrep.confirmed else "the question was not asked",
        comparison=sitrep.comparison,
        since=onset.at if onset else None,
        ended=onset.ended if onset else None,
        impact=sitrep.confirmation.impact if sitrep.confirmation else None,
        severity=sitrep.severity.proposed if sitrep.severity else None,
        severity_because=sitrep.severity.because if sitrep.severity else "",
        failure_class=sitrep.failure_class,
        services=radius.services if radius else (),
        segments=radius.segments if radius else (),
        path=sitrep.path,
        culprits=sitrep.culprits.ranked if sitrep.culprits else (),
        changes=tuple(change for change in changes if change.verdict in SUSPECTED),
        mitigations=options.ranked if options else (),
        not_roll_back=options.not_roll_back if options else None,
        workaround=options.workaround if options else None,
        symptoms=tuple(pattern.template for pattern in patterns),
        since_low=onset.low if onset else None,
        since_high=onset.high if onset else None,
        joined=next((f.because for f in sitrep.findings if isinstance(f.answer, Joined)), ""),
        unknown=tuple(f"{f.question} {f.because}" for f in sitrep.findings if f.verdict is Verdict.UNKNOWN),
    )
