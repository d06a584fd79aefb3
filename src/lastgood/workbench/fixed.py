"""Fixed: whether a fix is really one: users recovered, no symptom is ongoing, nothing else broke, the reproduction succeeds."""

from collections.abc import Sequence
from dataclasses import dataclass

from lastgood.algorithms.answer_shapes import identity
from lastgood.errors import NoDataError
from lastgood.model.action import Action, Effect, EffectMeasured
from lastgood.model.answers import Onset
from lastgood.model.entry import Noted
from lastgood.model.finding import Finding, Verdict
from lastgood.model.replay import Replayed, ReplayReport
from lastgood.readings.case import Case
from lastgood.workbench.investigate import investigate
from lastgood.workbench.reports import reports_seen
from lastgood.workbench.room import Room
from lastgood.workbench.store import Store
from lastgood.workbench.verify import verify

NO_ACTION = "no action is recorded, so no effect was measured: lastgood act KIND TARGET --manual"
NO_REPLAY = "the failing request was not replayed: pass --reproduction and --target"
NO_ELSEWHERE = "not measured without an action"
QUIET = "no symptom is ongoing"
OF_FIX = "The fix"  # with which the note of a check begins
UNMET = {False: "not met", None: "not known"}


@dataclass(frozen=True, slots=True)
class FixCheck:
    """One condition of a fix; None where it could not be checked."""

    name: str
    met: bool | None
    because: str


@dataclass(frozen=True, slots=True)
class Fixed:
    """All conditions, and the effect that was measured, if any."""

    checks: tuple[FixCheck, ...]

    @property
    def verdict(self) -> bool | None:
        """True where all are met, False where one is not, None where one could not be checked."""
        met = [check.met for check in self.checks]
        return False if False in met else None if None in met else True


def fixed(room: Room, store: Store, action: Action | None, replayed: ReplayReport | None) -> Fixed:
    """Whether the fix holds as of now; it is noted on the record.

    Raises:
        RecordFailedError: it could not be written.
    """
    measured = verify(room, store, action) if action else None
    quiet, reports = _symptoms(room, store, action)
    quiet = _late_enough(quiet, measured, action, store, room)
    checks = (_recovered(measured), quiet, _elsewhere(measured), *reports, _reproduction(replayed))
    found = Fixed(checks)
    reported = {True: "holds", False: "does not hold", None: "is not shown"}[found.verdict]
    unmet = "; ".join(
        f"{UNMET[check.met]} “{check.name}”: {check.because}" for check in checks if not check.met
    )
    room.append(Noted(f"{OF_FIX} {reported}.{f' {unmet}' if unmet else ''}"))
    return found


def _recovered(measured: EffectMeasured | None) -> FixCheck:
    if measured is None:
        return FixCheck("users recovered", None, NO_ACTION)
    met = measured.effect.well if measured.effect.settled else None
    return FixCheck("users recovered", met, measured.because)


def _symptoms(room: Room, store: Store, action: Action | None) -> tuple[FixCheck, tuple[FixCheck, ...]]:
    """Whether any anomaly is ongoing; and whether reports stopped, where a source of them is connected."""
    try:
        case, findings = investigate(store, now=room.now, only="onset")
    except NoDataError as nothing:
        return FixCheck(QUIET, None, nothing.message), ()
    seen = reports_seen(case, action)
    if not seen:
        return _quiet(case, findings), ()
    stopped = [one.stopped for one in seen]
    met = False if False in stopped else None if None in stopped else True
    return _quiet(case, findings), (FixCheck("reports stopped", met, "; ".join(one.because for one in seen)),)


def _quiet(case: Case, findings: Sequence[Finding]) -> FixCheck:
    onset = case.earlier(Onset)
    if onset is not None:
        text = f"{onset.first_symptom}, since {onset.at:%H:%M:%S} UTC"
        return FixCheck(QUIET, onset.quiet, f"{text}, {'ended' if onset.quiet else 'ongoing'}")
    reported = next((one for one in findings if one.verdict is not Verdict.YES), None)
    if reported is not None and reported.verdict is Verdict.NO:
        return FixCheck(QUIET, met=True, because=reported.because)
    return FixCheck(QUIET, None, reported.because if reported else "no answer")


def _late_enough(
    quiet: FixCheck, measured: EffectMeasured | None, action: Action | None, store: Store, room: Room
) -> FixCheck:
    """A symptom from before the fix could work says nothing against it."""
    if quiet.met is not False or action is None or measured is None:
        return quiet
    if measured.effect is Effect.TOO_EARLY:
        return FixCheck(QUIET, None, measured.because)
    held = store.survey()[0].telemetry_window
    if held is not None and held.end <= action.begun_at:
        files = ", ".join(room.incident.opened.inputs)
        read = f"; the incident reads {files}" if files else ""
        return FixCheck(QUIET, None, f"the data end at {held.end:%H:%M:%S} UTC, before the fix{read}")
    return quiet


def _elsewhere(measured: EffectMeasured | None) -> FixCheck:
    name = "nothing else broke"
    if measured is None or not measured.effect.settled:
        return FixCheck(name, None, NO_ELSEWHERE if measured is None else measured.because)
    if measured.elsewhere:
        return FixCheck(name, met=False, because=f"worse since: {', '.join(measured.elsewhere)}")
    return FixCheck(name, met=True, because="no other operation is worse since")


def _reproduction(report: ReplayReport | None) -> FixCheck:
    name = "the reproduction succeeds"
    if report is None:
        return FixCheck(name, None, NO_REPLAY)
    if report.verdict is not Replayed.NOT_REPRODUCED:
        met = False if report.verdict is Replayed.REPRODUCED else None
        return FixCheck(name, met, f"{report.because} ({report.target})")
    same, why = identity(report)
    return FixCheck(name, same or None, f"{report.because} ({report.target}); {why}")
