"""Recovery: whether users are still affected by the latest data, asked before an incident is recorded as resolved."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from lastgood.errors import StillFailingError
from lastgood.hypotheses.effect_times import settling
from lastgood.inspections.verify import verify as did_it_work
from lastgood.model.action import ActionEffect, Effect, Recovery
from lastgood.model.answers import Intervention
from lastgood.model.entry import Entry, Resolved
from lastgood.model.figures import clock, count, duration, percent
from lastgood.model.finding import Finding
from lastgood.model.incident import Incident
from lastgood.model.judgement import Time
from lastgood.model.window import Comparison, Window
from lastgood.readings.case import Case
from lastgood.workbench.evidence import Seen
from lastgood.workbench.investigate import answer, case_about
from lastgood.workbench.room import Room
from lastgood.workbench.store import Store

# fmt: off
LATEST_DATA = Time(5, "min of the latest data, where nothing on the record ended the impact", "judgement: enough for a share; longer mixes in what came before")
RECENT_DATA = Time(15, "min before now, at which data end at the earliest, to describe now", "judgement: half of the time between two updates")
BEFORE_MOST = Time(1, "h of the bad time before, that is compared", "judgement: as for an action")
# fmt: on
IMPROVED = {Effect.IMPROVING, Effect.IMPROVING_UNCREDITED}
NO_IMPACT = "no measurement on the record shows affected users, so there is nothing to compare with"


def resolve(
    room: Room, because: str, found: Resolved, *, despite: str = "", at: datetime | None = None
) -> Entry:
    """The entry that the incident has ended, with what was measured of that.

    Raises:
        StillFailingError: users are affected by the latest data, and no reason is given to record it all the same.
    """
    if found.recovery is Recovery.FAILING and not despite:
        raise StillFailingError(
            f"The latest data do not show recovery: {found.measured}. Nothing was recorded.",
            hint="If the data mislead, give the reason: --despite WHY, or the field beside it on the page.",
        )
    return room.append(replace(found, because=because, despite=despite), at=at, guarded=True)


def unmeasured(because: str) -> Resolved:
    """That recovery was not measured, and why."""
    return Resolved("", Recovery.UNMEASURED, because)


def recovery(room: Room, store: Store) -> Resolved:
    """Whether users are still affected by the latest data; what that rests on is in the record."""
    incident, seen = room.incident, Seen()
    said = incident.confirmed
    if said is None or said.comparison is None:
        return unmeasured(NO_IMPACT)
    holdings, reader = replace(store, watch=seen).survey()
    held = holdings.telemetry_window
    if held is None:
        return unmeasured("there are no logs, spans or metrics")
    bad, end, acted = said.comparison.bad.start, min(held.end, room.now), _ended_by(incident)
    if acted is not None and end <= acted:
        return unmeasured(
            f"the data end at {clock(end, room.now)} UTC: no data after {clock(acted, room.now)}"
        )
    if acted is None and room.now - end > RECENT_DATA:
        ago = duration((room.now - end).total_seconds())
        return unmeasured(f"the data end at {clock(end, room.now)} UTC, {ago} ago")
    found = unmeasured(
        "users were affected only in the latest data, so there is no time before to compare with"
    )
    worked = min(filter(None, (acted, incident.measured_end())), default=None)  # no later time was bad
    for start in _starts(acted, end):
        until = worked if worked is not None and bad < worked else start
        if bad < until:
            before = Window(max(bad, until - BEFORE_MOST), until)
            case = case_about(
                reader, holdings, Comparison(said.comparison.good, Window(start, end), given=True), room.now,
                Intervention(before, said.impact.kind if said.impact else None),
            )  # fmt: skip
            finding = answer(did_it_work, case)[0]
            found = _judged(finding, Window(start, end), room.now)
            if found.recovery is not Recovery.UNMEASURED:
                seen.cite(room, finding, found.measured)
                return _since(found, finding, start, _affected_again(case, incident, bad), incident)
    return found


def _since(
    found: Resolved, finding: Finding, start: datetime, again: Window | None, incident: Incident
) -> Resolved:
    """The same, with when users were well by these data: where nothing else shows it, or they were affected `again`."""
    measured = incident.measured_end() is not None and again is None
    if found.recovery is not Recovery.RECOVERED or measured or not isinstance(finding.answer, ActionEffect):
        return found
    back = finding.answer.turn.back
    if back is not None and (again is None or back > again.start):
        return replace(found, since=back)
    return found if incident.mitigated_at and again is None else replace(found, since=start)


def _affected_again(case: Case, incident: Incident, bad: datetime) -> Window | None:
    """From the end on record to an action that came after it, unless users are shown to be well in it."""
    again = incident.acted_again()
    if again is None or case.comparison is None or again.start <= bad:
        return None
    kind = incident.confirmed.impact.kind if incident.confirmed and incident.confirmed.impact else None
    asked = Intervention(Window(max(bad, again.start - BEFORE_MOST), again.start), kind)
    comparison = Comparison(case.comparison.good, again, given=True)
    between = replace(case, comparison=comparison, window=comparison.hull, answers={Intervention: asked})
    found = answer(did_it_work, between)[0].answer
    return None if isinstance(found, ActionEffect) and found.effect.well else again


def _ended_by(incident: Incident) -> datetime | None:
    """When what ended the impact can have worked: the last of what is on the record; None where nothing is."""
    seen = incident.confirmed.ended if incident.confirmed else None
    done = [one.done_at + settling(one) for one in incident.actions if one.started]
    return max(filter(None, (incident.mitigated_at, seen, *done)), default=None)


def _starts(acted: datetime | None, end: datetime) -> Iterator[datetime]:
    """From when the latest data are counted: the last minutes, and where these are too few all since it ended."""
    if acted is None:
        yield end - LATEST_DATA
        return
    yield max(acted, end - RECENT_DATA)
    if acted < end - RECENT_DATA:
        yield acted


def _judged(finding: Finding, latest: Window, now: datetime) -> Resolved:
    """What the counts of the latest data show."""
    found = finding.answer
    if not isinstance(found, ActionEffect) or not found.effect.settled or not found.after.of:
        return unmeasured(finding.because)
    recovered = found.effect.well
    counts = (
        f"{found.affected}: {count(found.after.events)} of {count(found.after.of)} ({percent(found.after.share)}) "
        f"from {clock(latest.start, now)} to {clock(latest.end, now)} UTC, {percent(found.good.share)} at baseline"
    )
    if found.effect in IMPROVED and found.needed is not None:
        return unmeasured(f"{counts}; about {count(found.needed)} are needed to decide")
    better = found.effect in IMPROVED
    elsewhere = f"; worse since: {found.elsewhere[0]}" if better and found.elsewhere else ""
    return Resolved("", Recovery.RECOVERED if recovered else Recovery.FAILING, f"{counts}{elsewhere}")
