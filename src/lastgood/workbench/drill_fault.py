"""Drill fault: from when to when an incident's fault lasted, and until when it was well after that.

Measured, the record has it. Resolved by hand, the telemetry up to then is asked again: a fault that ended unnoticed would
heal in the drill before anything was done.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from lastgood.errors import NoDataError
from lastgood.model.answers import Onset
from lastgood.model.incident import Incident
from lastgood.model.window import Window
from lastgood.workbench.investigate import investigate
from lastgood.workbench.store import Store

BEFORE_FAULT, AFTER_RECOVERY = timedelta(hours=1), timedelta(minutes=30)  # of telemetry in a recording
WITHOUT_ONSET = timedelta(
    minutes=5
)  # between the page and what it reports, where the record does not show it


@dataclass(frozen=True, slots=True)
class Fault:
    """When it lasted, and until when all was well; that is its end where the time after it is not known."""

    lasted: Window
    well_until: datetime


def fault_on_record(incident: Incident) -> Fault:
    """As the record has it. Without a confirmed onset, the page alone counts."""
    over = incident.resolved_at or incident.status_at
    onset = incident.since or incident.opened_at - WITHOUT_ONSET
    back = max(incident.ended_at or over, onset + WITHOUT_ONSET)
    return Fault(Window(onset, back), back + AFTER_RECOVERY)


def fault_of(incident: Incident, store: Store) -> Fault:
    """As recorded, where its end was measured; else as the telemetry up to its resolution or its last row shows it.

    Raises:
        NoDataError: the store holds no telemetry of the fault.
    """
    found = fault_on_record(incident)
    held = store.survey()[0].telemetry_window
    if held is None or not held.overlaps(found.lasted):
        raise no_telemetry(found.lasted)
    lasted = Window(found.lasted.start, min(found.lasted.end, held.end))
    if incident.confirmed is None or _end_measured(incident):
        return Fault(lasted, max(lasted.end, min(found.well_until, held.end)))
    return _as_shown(store, lasted)


def no_telemetry(window: Window) -> NoDataError:
    """That a window is empty."""
    return NoDataError(
        f"The store holds no telemetry of the fault, from {_times(window)} UTC.",
        hint="Make a drill while the telemetry is kept, or name the store with --store.",
    )


def _end_measured(incident: Incident) -> bool:
    """Whether its end is a measured one, rather than the time at which a person recorded it."""
    seen = incident.confirmed.ended if incident.confirmed else None
    return incident.ended_at in {seen, *(action.well_from for action in incident.actions)} - {None}


def _as_shown(store: Store, lasted: Window) -> Fault:
    """What the telemetry shows of a stretch in which the fault is said to have lasted."""
    looked = Window(lasted.start - BEFORE_FAULT, lasted.end)
    case, findings = investigate(store, now=lasted.end, window=looked, only="onset")
    onset = case.earlier(Onset)
    if onset is None:
        raise _not_shown(lasted, findings[-1].because)
    times = [(onset.at, onset.ended), *((one.at, one.ended) for one in onset.others)]
    ends = [end or lasted.end for at, end in times if at < lasted.end and (end or lasted.end) > lasted.start]
    if not ends:
        raise _not_shown(lasted, f"the anomaly of {onset.at:%H:%M} is not of that time")
    end = min(max(ends), lasted.end)
    return Fault(Window(lasted.start, end), min(lasted.end, end + AFTER_RECOVERY))


def _not_shown(window: Window, because: str) -> NoDataError:
    return NoDataError(
        f"The telemetry from {_times(window)} UTC does not show the fault: {because}.",
        hint="Name the store that holds its telemetry with --store.",
    )


def _times(window: Window) -> str:
    return f"{window.start:%Y-%m-%d %H:%M} to {window.end:%H:%M}"
