"""The pulse as it is counted, and as series."""

from datetime import timedelta

from lastgood.model.scope import Scope
from lastgood.model.window import Window
from lastgood.readings.views.pulse import counted, series_of
from lastgood.workbench.store import Store
from lives import after, write_lines

WINDOW = Window(after(0), after(0) + timedelta(seconds=2))


def test_lines_are_counted_where_there_are_no_requests(store: Store) -> None:
    """One of two failed in the first second; the second has a rate and no share."""
    write_lines(store, (after(0), "web", 17, "failed"), (after(1), "web", 9, "fine"))
    holdings, reader = store.survey()

    rows = counted(reader, holdings.signals, WINDOW, Scope())

    assert rows is not None
    errors, traffic = series_of(rows.dicts(), WINDOW, rows.provenance)
    assert ((0.5, None), (2.0, 0.0)) == (errors.values, traffic.values)


def test_of_nothing_there_is_no_pulse(store: Store) -> None:
    """Neither rows nor series."""
    holdings, reader = store.survey()

    assert counted(reader, holdings.signals, WINDOW, Scope()) is None
