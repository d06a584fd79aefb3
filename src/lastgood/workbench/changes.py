"""Changes: everything that was done to the system, in order of time."""

from dataclasses import dataclass
from datetime import datetime

from lastgood.errors import NoDataError
from lastgood.model.answers import Onset
from lastgood.model.attributes import SEEN_IN
from lastgood.model.finding import Verdict
from lastgood.model.scope import Scope
from lastgood.model.signal import Holdings, Signal
from lastgood.model.window import Window
from lastgood.readings.feed import read_changes
from lastgood.readings.views.history import FeedChange, newest_changes, shown_of
from lastgood.telemetry.reader import Reader
from lastgood.workbench.investigate import case_of, investigate
from lastgood.workbench.known import check_services
from lastgood.workbench.store import Store

__all__ = ["Feed", "FeedChange", "feed", "newest"]


@dataclass(frozen=True, slots=True)
class Feed:
    """Changes, oldest first, with the onset they are read against."""

    changes: tuple[FeedChange, ...]
    window: Window
    onset: Onset | None
    cut_off: bool


def feed(
    store: Store,
    *,
    now: datetime,
    window: Window | None = None,
    services: tuple[str, ...] = (),
    limit: int,
) -> Feed:
    """The newest changes of a window (default: all that are held), with the onset if one is found.

    Builds that only telemetry shows are among them.

    Raises:
        NoDataError: no changes are held.
        UsageError: there is nothing of a service asked about.
    """
    holdings, reader = store.survey()
    held = holdings.of(Signal.CHANGES)
    seen = _seen(reader, holdings, window, now)
    if not seen and (held is None or held.window is None):
        raise NoDataError(
            "No changes are recorded.",
            hint="Load deploys, flags, commits or a git repository: lastgood load.",
        )
    check_services(services, holdings)
    looked = window or (held and held.window) or holdings.telemetry_window
    assert looked is not None  # noqa: S101 - changes or telemetry is held
    recorded, more = newest_changes(reader, looked, services, limit)
    both = [*recorded, *(one for one in seen if not services or one.service in services)]
    changes = tuple(sorted(both, key=lambda one: one.at)[-limit:])
    return Feed(changes, looked, _onset(store, now, window), cut_off=more or len(both) > limit)


def _seen(reader: Reader, holdings: Holdings, window: Window | None, now: datetime) -> tuple[FeedChange, ...]:
    """The deploys that no feed tells of, but telemetry."""
    looked = window or holdings.telemetry_window
    if looked is None or not {Signal.SPANS, Signal.LOGS} & holdings.signals:
        return ()
    found, _ = read_changes(case_of(reader, holdings, looked, now, Scope()))
    return tuple(shown_of(one) for one in found if SEEN_IN in one.attributes)


def newest(store: Store, window: Window, most: int) -> tuple[FeedChange, ...]:
    """The newest changes of a window, the last one first, without an onset to read them against."""
    return newest_changes(store.survey()[1], window, (), most)[0][::-1]


def _onset(store: Store, now: datetime, window: Window | None) -> Onset | None:
    try:
        case, findings = investigate(store, now=now, window=window, only="confirm")
    except NoDataError:  # changes alone: there is nothing to have an onset
        return None
    return None if any(one.verdict is Verdict.NO for one in findings) else case.earlier(Onset)
