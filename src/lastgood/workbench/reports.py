"""Reports: whether alerts, error reports of users' applications and support tickets have stopped, where a source of them is connected."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from lastgood.model.action import Action
from lastgood.model.figures import count, counted
from lastgood.model.signal import Signal
from lastgood.model.window import Window
from lastgood.readings.case import Case
from lastgood.readings.doubts.firing import firing
from lastgood.readings.views.history import opened_tickets, reported_events

BEFORE_ACTION = timedelta(minutes=30)  # in which reports are counted for comparison
AFTER_ACTION = timedelta(minutes=5)  # at least, until it is known
REPORTS_LEFT = 0.1  # of the rate before: what is left of a problem is known for long
REPORTS_AWAITED = (
    3.0  # reports at the rate before, until their absence says something: by chance one in twenty has none
)


@dataclass(frozen=True, slots=True)
class ReportsSeen:
    """Whether reports stopped; None where it is not known yet."""

    stopped: bool | None
    because: str


def reports_seen(case: Case, action: Action | None) -> tuple[ReportsSeen, ...]:
    """Of each kind of report that is connected: alerts, events of Sentry, and support tickets."""
    if action is None or not case.has(Signal.LOGS):
        return _alerts(case)
    events = _compared(case, action, reported_events, ("event of Sentry", "events of Sentry"))
    tickets = _compared(case, action, opened_tickets, ("support ticket", "support tickets"))
    return (*_alerts(case), *events, *tickets)


def _alerts(case: Case) -> tuple[ReportsSeen, ...]:
    if not case.has(Signal.ALERTS):
        return ()
    found = firing(case)
    going = [one for one in found.alerts if not one.recovered] if found else []
    if not going:
        return (ReportsSeen(stopped=True, because="no alert fires"),)
    names = ", ".join(dict.fromkeys(one.name for one in going[:3]))
    return (ReportsSeen(stopped=False, because=f"{counted(len(going), 'alert')} firing: {names}"),)


def _compared(
    case: Case, action: Action, reported: Callable[[Case, Window], int], names: tuple[str, str]
) -> tuple[ReportsSeen, ...]:
    """Reports of one kind since the action, at the rate of those before it."""
    done, now = action.begun_at, case.now
    before = reported(case, Window(done - BEFORE_ACTION, done))
    if not before:
        return ()  # nothing of the kind is connected, or none was reported
    since = max(done, now - BEFORE_ACTION)
    awaited = before * (now - since) / BEFORE_ACTION
    if now - done < AFTER_ACTION or awaited < REPORTS_AWAITED:
        early = f"{counted(before, *names)} before, and it is too early to compare"
        return (ReportsSeen(None, early),)
    after = reported(case, Window(since, now))
    because = f"{counted(after, *names)} since, {count(before)} in the 30 min before the action"
    return (ReportsSeen(after <= REPORTS_LEFT * awaited, because),)
