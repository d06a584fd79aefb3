"""One line: the least that a store can hold and be asked about."""

from datetime import UTC, datetime

from lastgood.telemetry.tables import LOGS
from lastgood.telemetry.writer import Writer
from lastgood.workbench.store import Store

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def write_one_line(store: Store) -> None:
    """The least there can be."""
    writer = Writer(store.engine, "one line")
    writer.add(LOGS, LOGS.rows({"Timestamp": [NOON], "ServiceName": ["orders"], "Body": ["hello"]}))
    writer.flush()
