"""Changes: everything that was done to the system, in order of time."""

from dataclasses import dataclass
from datetime import datetime

from lastgood.errors import NoDataError
from lastgood.model.answers import Onset
from lastgood.model.finding import Verdict
from lastgood.model.signal import Signal
from lastgood.model.window import Window
from lastgood.readings.views.history import FeedChange, newest_changes
from lastgood.workbench.investigate import investigate
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

    Raises:
        NoDataError: no changes are held.
        UsageError: there is nothing of a service asked about.
    """
    holdings, reader = store.survey()
    held = holdings.of(Signal.CHANGES)
    if held is None or held.window is None:
        raise NoDataError(
            "No changes are recorded.",
            hint="Load deploys, flags, commits or a git repository: lastgood load.",
        )
    check_services(services, holdings)
    looked = window or held.window
    changes, more = newest_changes(reader, looked, services, limit)
    return Feed(changes, looked, _onset(store, now, window), cut_off=more)


def newest(store: Store, window: Window, most: int) -> tuple[FeedChange, ...]:
    """The newest changes of a window, the last one first, without an onset to read them against."""
    return newest_changes(store.survey()[1], window, (), most)[0][::-1]


def _onset(store: Store, now: datetime, window: Window | None) -> Onset | None:
    try:
        case, findings = investigate(store, now=now, window=window, only="confirm")
    except NoDataError:  # changes alone: there is nothing to have an onset
        return None
    return None if any(one.verdict is Verdict.NO for one in findings) else case.earlier(Onset)
