"""Samples: what several questions of one investigation read of the same traces, written down once, in memory.

They are tables of a database without files: nothing of them is left when the engine goes.
"""

import itertools
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from lastgood.errors import BudgetError
from lastgood.telemetry.engine import Engine
from lastgood.telemetry.once import Once

DATABASE = "lastgood_samples"

_serial = itertools.count(1)


class Samples:
    """The rows of SELECTs, each read once; for an embedded engine, where tables may be made."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._tables = Once[str](forgets=BudgetError)
        self._made: list[str] = []

    def table(
        self, sql: str, columns: Mapping[str, str], bound: Mapping[str, Any], settings: Mapping[str, Any]
    ) -> str:
        """The name of the table that holds the rows of a SELECT with these columns, by name and type.

        Whoever asks for the same rows meanwhile waits for them. Raises as `Engine.query` does.
        """
        key = sql, repr(sorted(bound.items()))
        return self._tables.of(key, lambda: self._filled(sql, columns, bound, settings))

    def drop(self) -> None:
        """Give the memory back."""
        for name in self._made:
            self._engine.command(f"DROP TABLE IF EXISTS {name}")

    def _filled(
        self, sql: str, columns: Mapping[str, str], bound: Mapping[str, Any], settings: Mapping[str, Any]
    ) -> str:
        name = f"{DATABASE}.sample_{next(_serial)}"
        typed = ", ".join(f"{column} {kind}" for column, kind in columns.items())
        self._made.append(name)
        self._engine.command(f"CREATE DATABASE IF NOT EXISTS {DATABASE} ENGINE = Memory")
        self._engine.command(f"CREATE TABLE {name} ({typed}) ENGINE = Memory")
        self._engine.command(f"INSERT INTO {name} SELECT {', '.join(columns)} FROM ({sql})", settings, bound)
        return name


@contextmanager
def samples(engine: Engine) -> Iterator[Samples | None]:
    """Samples for as long as an investigation takes; None on a cluster, which is only read."""
    if not engine.embedded:
        yield None
        return
    kept = Samples(engine)
    try:
        yield kept
    finally:
        kept.drop()
