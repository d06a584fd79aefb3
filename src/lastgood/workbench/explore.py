"""Explore: what people browse on pages: lines with their facets, requests by an attribute, and answers for a window."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from lastgood.errors import NoDataError
from lastgood.model.finding import Finding
from lastgood.model.signal import Holdings, Signal
from lastgood.model.sitrep import Sitrep
from lastgood.model.window import Comparison, Window
from lastgood.readings.views.values import ByValue, Side, attribute_names, by_value
from lastgood.telemetry.reader import Budget, Rows
from lastgood.workbench.assess import looked
from lastgood.workbench.service import Service
from lastgood.workbench.store import Store
from lastgood.workbench.triage import updated_by

__all__ = [
    "ByValue",
    "Compared",
    "Side",
    "answers_for",
    "before",
    "browsed",
    "compared",
    "held",
    "latest",
]

# Of one query of a page: there are five, for any viewer, as often as one likes.
BROWSING = Budget(seconds=10, rows=100_000, bytes_read=4_000_000_000)
LATEST = timedelta(hours=1)  # of the data: what is shown where no time is given


@dataclass(frozen=True, slots=True)
class Compared:
    """Requests of two windows by the value of an attribute."""

    comparison: Comparison
    attribute: str
    values: tuple[ByValue, ...]
    names: tuple[str, ...]  # that can be chosen
    rows: Rows


def latest(store: Store, now: datetime, signal: Signal | None = None) -> Window:
    """The last hour of the data of a signal, or of all telemetry.

    Raises:
        NoDataError: there is none.
    """
    holdings, _ = store.survey()
    held = holdings.of(signal) if signal else None
    window = (held.window if held else None) or holdings.telemetry_window
    if window is None:
        raise NoDataError("There are no logs, spans or metrics.", hint="Send some to the OTLP ports.")
    end = min(max(window.end, window.start + timedelta(seconds=1)), now) if now > window.start else window.end
    end = end.replace(microsecond=0) + timedelta(seconds=1)
    return Window(end - LATEST, end)


def browsed(service: Service) -> Store:
    """The store for whoever browses: a query reads so much and no more, whatever the window."""
    return replace(service.store.surveyed(), reading=BROWSING)


def compared(service: Service, comparison: Comparison, attribute: str) -> Compared:
    """Requests of two windows by one attribute.

    Raises:
        NoDataError: there is no telemetry.
    """
    store = service.store.surveyed()
    holdings, reader = store.survey()
    _some(holdings)
    names = attribute_names(reader, comparison)
    values, rows = by_value(reader, comparison, attribute)
    return Compared(comparison, attribute, values, names, rows)


def held(store: Store) -> Window:
    """From when to when there is telemetry.

    Raises:
        NoDataError: there is none.
    """
    return _some(store.survey()[0])


def answers_for(service: Service, window: Window, heard: Callable[[Finding], None] | None = None) -> Sitrep:
    """Every question about a window, compared with the time before it: as long, and half an hour at least.

    `heard` is called with each answer as it comes.

    Raises:
        NoDataError: there is no telemetry of then.
    """
    with service.apart() as store:
        surveyed = store.surveyed()
        comparison = before(window, _some(surveyed.survey()[0]))
        whole = comparison.good.hull(comparison.bad)
        look = looked(
            replace(surveyed, heard=heard), now=service.clock(), window=whole, comparison=comparison
        )
        return updated_by(look.sitrep, service.config.rhythm)


def before(window: Window, held: Window) -> Comparison:
    """A window with the time before it as its baseline, cut to what there are data of.

    Raises:
        NoDataError: the data begin with it, so that nothing is before.
    """
    start = max(window.start - max(window.length, LATEST / 2), held.start)
    if start >= window.start:
        raise NoDataError(
            "There are no data before this window, so it has no baseline.", hint="Choose a later one."
        )
    return Comparison(Window(start, window.start), window, given=True)


def _some(holdings: Holdings) -> Window:
    if holdings.telemetry_window is None:
        raise NoDataError("There are no logs, spans or metrics.", hint="Send some to the OTLP ports.")
    return holdings.telemetry_window
