"""The store that verbs work on."""

from datetime import UTC, datetime

from lastgood.model.signal import Signal
from lastgood.telemetry.tables import CALLS, LOGS
from lastgood.telemetry.writer import Writer
from lastgood.workbench.store import Store

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_a_new_store_holds_nothing(store: Store) -> None:
    """Every signal is there, none has a row."""
    holdings, _ = store.survey()

    assert set(Signal) == {holding.signal for holding in holdings.items}
    assert frozenset() == holdings.signals


def test_a_survey_sees_what_was_written(store: Store) -> None:
    """Rows, services and time of the signal; an edge that a person declared is no signal."""
    writer = Writer(store.engine, "here")
    writer.add(LOGS, LOGS.rows({"Timestamp": [NOON], "ServiceName": ["orders"], "Body": ["hello"]}))
    writer.add(CALLS, CALLS.rows({"Timestamp": [NOON], "Caller": ["web"], "Callee": ["orders"]}))
    writer.flush()

    holdings, _ = store.survey()
    logs = holdings.of(Signal.LOGS)

    assert frozenset({Signal.LOGS}) == holdings.signals
    assert logs is not None
    assert (1, ("orders",)) == (logs.rows, logs.services)
    assert logs.window is not None
    assert logs.window.holds(NOON)


def test_a_store_that_was_surveyed_stays_as_it_was(store: Store) -> None:
    """What comes in afterwards is not there until a person looks anew."""
    surveyed = store.surveyed()
    writer = Writer(store.engine, "here")
    writer.add(LOGS, LOGS.rows({"Timestamp": [NOON], "ServiceName": ["orders"], "Body": ["hello"]}))
    writer.flush()

    assert frozenset() == surveyed.survey()[0].signals
    assert frozenset({Signal.LOGS}) == surveyed.surveyed().survey()[0].signals == store.survey()[0].signals
