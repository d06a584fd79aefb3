"""Trace: one request's life, by a trace id or by an id that its services logged."""

from lastgood.errors import NoDataError, UsageError
from lastgood.model.window import Window
from lastgood.readings.views.life import Life, LifeLine, LifeSpan, life
from lastgood.workbench.store import Store
from lastgood.workbench.windows import EARLIEST

__all__ = ["Life", "LifeLine", "LifeSpan", "life_of"]


def life_of(store: Store, request_id: str, *, window: Window | None = None) -> Life:
    """The life of the request with a trace id, or with an id that its services logged.

    Raises:
        UsageError: no id is given, which would be that of every line without one.
        NoDataError: the store has no telemetry, or nothing with this id.
    """
    given = request_id.strip()
    if not given:
        raise UsageError("The id is empty.", hint="Give a trace id, or an id that services logged.")
    holdings, reader = store.survey()
    looked = window or holdings.telemetry_window
    if looked is None:
        raise NoDataError("There are no logs or spans to look in.", hint="Load some: lastgood load PATH…")
    found = life(reader, given, looked)
    if found is None:
        since = "" if looked.start == EARLIEST else f"from {looked.start:%Y-%m-%d %H:%M} "
        raise NoDataError(
            f"No line or span {since}to {looked.end:%Y-%m-%d %H:%M} UTC has the id {given!r}.",
            hint="The id is matched whole: a trace id, a request id, or text that a line holds.",
        )
    return found
