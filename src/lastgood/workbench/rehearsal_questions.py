"""Rehearsal questions: what the card has to show to have answered each, and the pieces of instrumentation it needs."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from lastgood.model import figures
from lastgood.model.answers import ChangeVerdict, Impact, ImpactKind
from lastgood.model.finding import Verdict
from lastgood.model.readiness import ENOUGH, Measured, Piece
from lastgood.model.rehearsal import Asked, Effect
from lastgood.model.sitrep import Sitrep
from lastgood.model.window import Window

ONSET_WITHIN = timedelta(minutes=1)  # of the true time


def questions(sitrep: Sitrep, effect: Effect, bad: Window, gaps: Sequence[Measured]) -> Iterator[Asked]:
    """Every question of the first minutes, with whether the card shows what was drawn."""
    found = (
        ("Is it real?", _real(sitrep), (Piece.SPANS,)),
        ("Since when?", _since(sitrep, bad), (Piece.SPANS,)),
        ("Who is affected?", _who(sitrep, effect), (Piece.USERS, Piece.TRACES)),
        ("Where does it break?", _where(sitrep, effect), (Piece.SPANS, Piece.TRACES)),
        ("What changed?", _changed(sitrep, effect), (Piece.DEPLOYS,)),
        *(  # a service that is slow alone writes no other lines
            [("What do the logs show?", _logs(sitrep, effect), (Piece.LINES, Piece.LEVELS, Piece.TRACE_IDS))]
            if effect.errors
            else []
        ),
        ("What do we do now?", _now(sitrep, effect), (Piece.DEPLOYS, Piece.VERSIONS)),
    )
    for question, (right, said), pieces in found:
        missing = (
            ()
            if right
            else tuple(one for one in gaps if one.piece in pieces and one.concerns(effect.service))
        )
        yield Asked(question, right, said, missing)


def _real(sitrep: Sitrep) -> tuple[bool, str]:
    return sitrep.is_real is Verdict.YES, sitrep.confirmed.because if sitrep.confirmed else "no answer"


def _since(sitrep: Sitrep, bad: Window) -> tuple[bool, str]:
    onset = sitrep.began
    if onset is None:
        return False, "no onset"
    right = abs(onset.at - bad.start) <= ONSET_WITHIN
    return right, f"{onset.at:%H:%M:%S} UTC, drawn at {bad.start:%H:%M:%S}"


def _who(sitrep: Sitrep, effect: Effect) -> tuple[bool, str]:
    impact = sitrep.confirmation.impact if sitrep.confirmation else None
    counted, most = _users(impact)
    named = {
        pair
        for one in (sitrep.blast_radius.segments if sitrep.blast_radius else ())
        for pair in one.where.items()
    }
    segment = {*effect.where} <= named
    missing = "" if segment else f"; segment not named: {', '.join('='.join(one) for one in effect.where)}"
    return most and segment, counted + missing


def _users(impact: Impact | None) -> tuple[str, bool]:
    """How many, and whether most affected requests name theirs: else it is known of a few only."""
    if impact is None or impact.users is None:
        return "users are not counted", False
    affected = (
        impact.failed if impact.kind is ImpactKind.ERRORS else impact.requests
    )  # slow ones are not counted
    nameless = min(impact.unnamed / affected, 1.0) if affected else 1.0
    said = figures.counted(impact.users, "user")
    if not impact.unnamed:
        return said, True
    return (
        f"at least {said}; {figures.percent(nameless)} of the affected requests name none",
        1 - nameless >= ENOUGH,
    )


def _where(sitrep: Sitrep, effect: Effect) -> tuple[bool, str]:
    ranked = sitrep.culprits.ranked if sitrep.culprits else ()
    first = next(iter(ranked), None)
    if first is None:
        return False, "no suspect"
    return effect.service in {
        first.service,
        first.component,
    }, f"{first.service} {first.component or ''}".strip()


def _changed(sitrep: Sitrep, effect: Effect) -> tuple[bool, str]:
    first = next(iter(sitrep.changes.ranked), None) if sitrep.changes else None
    if first is None:
        return False, "no change is recorded"
    right = first.verdict is ChangeVerdict.LIKELY and first.change_id == f"rehearsed-{effect.service}"
    return right, f"{first.verdict.value.replace('_', ' ')}: {first.name}"


def _logs(sitrep: Sitrep, effect: Effect) -> tuple[bool, str]:
    new = (*sitrep.patterns.new, *sitrep.patterns.more) if sitrep.patterns else ()
    own = [one for one in new if one.service == effect.service and one.template.startswith("Rehearsed fault")]
    return bool(own), own[0].template if own else f"no new line of {effect.service}"


def _now(sitrep: Sitrep, effect: Effect) -> tuple[bool, str]:
    ranked = sitrep.mitigations.ranked if sitrep.mitigations else ()
    said = ", ".join(f"{one.kind.replace('_', ' ')} {one.target}" for one in ranked[:3])
    first = next(iter(ranked), None)
    return first is not None and (first.kind, first.target) == (
        "rollback",
        effect.service,
    ), said or "no proposal"
