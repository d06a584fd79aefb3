"""What became more frequent is distinguished from what always was."""

from datetime import timedelta
from typing import Any

from cases import case_of, finding_of
from lastgood.inspections.failure_class import failure_class
from lastgood.model.failure import ErrorKind
from lastgood.model.finding import Verdict
from lastgood.model.scope import Scope
from lastgood.model.signal import Holdings
from lastgood.model.window import Comparison, Window
from lastgood.readings.case import Case
from lastgood.readings.risen import read_risen, risen
from lastgood.telemetry.reader import Rows
from lastgood.telemetry.tables import LOGS
from lastgood.workbench.store import Store
from worlds import START, World, put, step

WINDOWS = Comparison(
    Window(START, START + timedelta(minutes=10)),
    Window(START + timedelta(minutes=10), START + timedelta(minutes=15)),
)


def never(*_: object) -> Rows:
    """No query is asked."""
    raise AssertionError


def test_errors_that_rose_beyond_their_usual_number() -> None:
    """Twice what the longer good window leads to expect, and by two of its spreads."""
    case = Case(WINDOWS.hull, WINDOWS, Scope(), Holdings(()), WINDOWS.bad.end, never)
    rows = [{"good": good, "bad": bad} for good, bad in ((0, 40), (80, 42), (20, 30), (0, 0))]

    assert [(0, 40), (20, 30)] == [(row["good"], row["bad"]) for row, _ in risen(case, rows)]
    assert [40, 20] == [more for _, more in risen(case, rows)]


def test_words_and_peers_of_what_rose(store: Store) -> None:
    """The errors' own words name the class that is built on them."""
    World(seconds=900, rate=2, errors=step(600, 0.0, 0.9)).store_lines(store)

    found = finding_of(store, failure_class, WINDOWS)

    assert Verdict.YES is found.verdict
    assert "connection reset" in found.because


def test_the_first_cause_of_an_exception_is_read_below_its_stack_trace(store: Store) -> None:
    """The last that it was caused by, however long the trace is."""
    frames = "".join(f"\n\tat com.acme.Stock.step{n}(Stock.java:{n})" for n in range(40))
    body = f"order failed\norg.acme.CannotSaveException: no{frames}\nCaused by: org.acme.Wrapped: no\nCaused by: com.mysql.Rollback: Deadlock found"
    times = [WINDOWS.bad.start + timedelta(seconds=n) for n in range(30)]
    columns: dict[str, list[Any]] = {
        "Timestamp": times,
        "ServiceName": ["shop"] * 30,
        "SeverityNumber": [17] * 30,
        "Body": [body] * 30,
    }
    put(store, LOGS, columns, "lines")

    assert {ErrorKind.LOCKS} == set(read_risen(case_of(store, WINDOWS)).words)
