"""Service map: who calls whom in the last minutes of the spans."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from lastgood.algorithms.layers import layers
from lastgood.errors import BudgetError
from lastgood.model.signal import Signal
from lastgood.model.window import Window
from lastgood.readings.views.called import CALLED_MOST, Called, called
from lastgood.workbench.explore import browsed
from lastgood.workbench.service import Service

__all__ = ["Called", "ServiceMap", "service_map"]

MAPPED = timedelta(minutes=15)  # of the spans: what happens now


@dataclass(frozen=True, slots=True)
class ServiceMap:
    """Pairs of services, the failing and the busiest first."""

    calls: tuple[Called, ...]
    window: Window
    every: int  # one trace in so many was read
    more: bool  # pairs that are left out
    too_large: bool = False  # to be read within a page's time

    @property
    def columns(self) -> list[list[str]]:
        """The services, callers left of whom they call."""
        return layers((one.caller, one.callee) for one in self.calls)


def service_map(service: Service, now: datetime) -> ServiceMap | None:
    """The map as of now; None where there are no spans."""
    holdings, reader = browsed(service).survey()
    held = holdings.of(Signal.SPANS)
    if held is None or held.window is None:
        return None
    end = min(held.window.end, now) if now > held.window.start else held.window.end
    window = Window(end - MAPPED, end + timedelta(seconds=1))
    try:
        found, every = called(reader, window)
    except BudgetError:
        return ServiceMap((), window, 1, more=False, too_large=True)
    return ServiceMap(found[:CALLED_MOST], window, every, more=len(found) > CALLED_MOST)
