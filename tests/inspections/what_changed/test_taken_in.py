"""Data that a service took in, by a line of which a number is another."""

from datetime import datetime, timedelta

import numpy as np
import pytest

from cases import case_of
from lastgood.inspections.what_changed.taken_in import TakenIn, taken_in
from lastgood.inspections.what_changed.weights import TAKEN_AFTER, TAKEN_BEFORE, TAKEN_LINES
from lastgood.model.window import Comparison, Window
from lastgood.telemetry.tables import LOGS
from lastgood.workbench.store import Store
from worlds import START, nanoseconds, put

MIDDLE = START + timedelta(minutes=30)
GIVEN = Comparison(Window(START, MIDDLE), Window(MIDDLE, START + timedelta(minutes=60)), given=True)
SECOND = timedelta(seconds=1)


def lines(store: Store, said: list[str]) -> None:
    """A line each two minutes, from two minutes after the start on."""
    at = (1 + np.arange(len(said))) * 120.0
    columns = {
        "Timestamp": nanoseconds(at),
        "ServiceName": ["fares"] * len(said),
        "Body": said,
        "SeverityNumber": [9] * len(said),
    }
    put(store, LOGS, columns, "lines")


def found(store: Store, onset: datetime, service: str = "fares") -> TakenIn | None:
    """What was taken in before an onset that is known to the second."""
    return taken_in(case_of(store, GIVEN), [service], onset, onset)


def test_a_line_that_turns_tells_of_other_data(store: Store) -> None:
    """What varies at every line tells nothing; it was before the onset, but for the first line's delay."""
    lines(
        store,
        [f"stations: 912 rows read by worker {n * 7 % 5}, revision {41 + (n >= 14)}" for n in range(25)],
    )
    turned = START + timedelta(minutes=30)

    one = found(store, turned)
    assert one is not None
    assert ("fares", turned) == (one.service, one.at)
    assert one.line.endswith("revision 42")
    for onset in (turned + TAKEN_BEFORE, turned - TAKEN_AFTER):
        assert found(store, onset) is not None
    for onset in (turned + TAKEN_BEFORE + SECOND, turned - TAKEN_AFTER - SECOND):
        assert found(store, onset) is None
    assert found(store, turned, "web") is None


@pytest.mark.parametrize(("said", "taken"), [(int(TAKEN_LINES), True), (TAKEN_LINES - 1, False)])
def test_what_was_said_once_or_twice_is_no_usual_line(store: Store, said: int, taken: bool) -> None:
    """It may have been chance."""
    lines(store, ["table: revision 7"] * said + ["table: revision 8"] * 5)

    assert taken == (found(store, START + timedelta(minutes=2 * (said + 1))) is not None)


@pytest.mark.parametrize(
    "said",
    [
        [f"table: {n} rows" for n in range(20)],  # it varies
        ["table: revision 7"] * 20,  # it is the same
        [f"order {41 + (n >= 14)} kept" for n in range(25)],  # nothing is read
        [f"table: revision {(7, 8, 9)[n // 7]}" for n in range(21)],  # it turns often
    ],
)
def test_other_lines_tell_of_no_data(store: Store, said: list[str]) -> None:
    """One value has to become another one, in a line about what is read."""
    lines(store, said)

    assert found(store, START + timedelta(minutes=30)) is None
