"""Reports: whether alerts and error reports of users' applications have stopped, where a source of them is connected."""

from dataclasses import dataclass
from datetime import timedelta

from lastgood.model.action import Action
from lastgood.model.figures import count, counted
from lastgood.model.signal import Signal
from lastgood.model.window import Window
from lastgood.readings.case import Case
from lastgood.readings.doubts.firing import firing
from lastgood.readings.views.history import reported_events

BEFORE_ACTION = timedelta(minutes=30)  # in which reports are counted for comparison
AFTER_ACTION = timedelta(minutes=5)  # at least, until it is known
REPORTS_LEFT = 0.1  # of the rate before: what is left of a problem is known for long


@dataclass(frozen=True, slots=True)
class ReportsSeen:
    """Whether reports stopped; None where it is not known yet."""

    stopped: bool | None
    because: str


def reports_seen(case: Case, action: Action | None) -> tuple[ReportsSeen, ...]:
    """Of each kind of report that is connected: alerts, and events of Sentry."""
    return (*_alerts(case), *_events(case, action))


def _alerts(case: Case) -> tuple[ReportsSeen, ...]:
    if not case.has(Signal.ALERTS):
        return ()
    found = firing(case)
    going = [one for one in found.alerts if not one.recovered] if found else []
    if not going:
        return (ReportsSeen(stopped=True, because="no alert fires"),)
    names = ", ".join(dict.fromkeys(one.name for one in going[:3]))
    return (ReportsSeen(stopped=False, because=f"{counted(len(going), 'alert')} firing: {names}"),)


def _events(case: Case, action: Action | None) -> tuple[ReportsSeen, ...]:
    if action is None or not case.has(Signal.LOGS):
        return ()
    done, now = action.begun_at, case.now
    before = reported_events(case, Window(done - BEFORE_ACTION, done))
    if not before:
        return ()  # Sentry is not connected, or did not report it
    if now - done < AFTER_ACTION:
        return (
            ReportsSeen(None, f"{counted(before, 'event')} of Sentry before, and it is too early to compare"),
        )
    since = max(done, now - BEFORE_ACTION)
    after = reported_events(case, Window(since, now))
    rate = after / (now - since).total_seconds() / (before / BEFORE_ACTION.total_seconds())
    return (
        ReportsSeen(
            rate <= REPORTS_LEFT,
            f"{counted(after, 'event')} of Sentry since, {count(before)} in the 30 min before the action",
        ),
    )
