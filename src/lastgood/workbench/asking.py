"""Asking: what questions read from a store; each query is read once, also when two questions ask it at the same time."""

from collections.abc import Mapping
from typing import Any

from lastgood.errors import OutOfTimeError
from lastgood.model.scope import Scope
from lastgood.model.window import Comparison, Window
from lastgood.readings.case import Ask
from lastgood.telemetry.once import Once
from lastgood.telemetry.reader import Reader, Rows
from lastgood.workbench.budget import Deadline

# Of a query whose time is over while its question's is not: it may have waited for another question's.
TRIES = 2
MOST_KEPT = 4_000_000  # bytes of an answer that the next question may ask for again


class Asking:
    """Ways to ask that run each query once, also when two questions ask it at the same time."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        # Whoever waits for a large answer has it; it need not stay. Another question may have more time left.
        self._once = Once[Rows](keeps=lambda rows: rows.table.nbytes <= MOST_KEPT, forgets=OutOfTimeError)

    def within(self, deadline: Deadline | None) -> Ask:
        """The way to ask for a question that has until then."""

        def ask(
            sql: str,
            parameters: Mapping[str, Any],
            window: Window,
            comparison: Comparison | None,
            scope: Scope,
        ) -> Rows:
            tried = 0

            def read() -> Rows:
                nonlocal tried
                tried += 1
                left = deadline.left if deadline else None
                return self._reader.query(
                    sql, parameters, window, comparison=comparison, scope=scope, seconds=left
                )

            key = sql, repr((sorted(parameters.items()), window, comparison, scope))
            while True:
                if deadline:
                    deadline.check()
                try:
                    return self._once.of(key, read)
                except OutOfTimeError:  # its own time, or that of the question whose query it waited for
                    if deadline is None or tried == TRIES:
                        raise

        return ask
