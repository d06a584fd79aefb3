"""Readiness: what tonight's incident could not answer, from the telemetry and the change feed alone."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from lastgood.errors import NoDataError
from lastgood.model.readiness import PROXY, Measured, Piece, Readiness
from lastgood.model.signal import TELEMETRY, Holdings, Signal
from lastgood.model.window import Window
from lastgood.readings.views.instrumentation import measured, rooted
from lastgood.readings.views.languages import languages
from lastgood.workbench.deploy_practice import practice_counts
from lastgood.workbench.store import Store
from lastgood.workbench.windows import EARLIEST

IN_CODE = frozenset({Piece.VERSIONS, Piece.LEVELS})  # what the access log of a proxy cannot have
_AT_ENTRIES = frozenset({Piece.USERS, Piece.SWITCHES, Piece.VALUES})  # what is asked where requests enter
NO_TELEMETRY = NoDataError(
    "There is no telemetry to measure.", hint="Load logs, spans or metrics: lastgood load."
)


def readiness(store: Store, *, window: Window | None = None) -> Readiness:
    """Every piece measured, over a window (default: all that is held).

    Raises:
        NoDataError: the store holds no telemetry there.
    """
    holdings, reader = store.survey()
    looked = _with_data(window, whole_of(holdings))
    found = [one for one in measured(reader, looked) if one.out_of]
    if not any(one.service for one in found):
        raise NO_TELEMETRY
    shown = languages(reader, looked)
    kept = [one for one in found if one.piece not in IN_CODE or shown.get(one.service) != PROXY]
    return Readiness(
        looked,
        tuple(_without_false_entries(kept, rooted(reader, looked))),
        shown,
        practice_counts(store, looked),
    )


def _with_data(asked: Window | None, held: Window) -> Window:
    """The window asked for, from where there are data if its start was not given; all that is held where none was."""
    if asked is None or not asked.overlaps(held):
        return asked or held
    return Window(held.start, min(asked.end, held.end)) if asked.start == EARLIEST else asked


def _without_false_entries(found: list[Measured], roots: AbstractSet[str]) -> Iterator[Measured]:
    """Where traces break, requests seem to enter at the service that is called: users, kill switches and values of orders are not asked there.

    The same below a service without spans: there, no trace begins.
    """
    torn = {one.peer for one in found if one.piece is Piece.TRACES and one.is_gap}
    silent = any(one.piece is Piece.SPANS and one.is_gap for one in found)
    below = {one.service for one in found if silent and roots and one.service not in roots}
    return (one for one in found if one.piece not in _AT_ENTRIES or one.service not in torn | below)


def whole_of(holdings: Holdings) -> Window:
    """From the first telemetry or change to the last."""
    windows = [
        one.window for one in holdings.items if one.window and one.signal in {*TELEMETRY, Signal.CHANGES}
    ]
    if not any(one.window and one.signal in TELEMETRY for one in holdings.items):
        raise NO_TELEMETRY
    return Window(min(one.start for one in windows), max(one.end for one in windows))
