"""The reader: SQL over relations, with window, comparison and budget bound by itself.

It knows relations, not questions; a question's SQL lives with the question.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from math import ceil
from threading import Lock
from typing import Any

import numpy as np
import pyarrow as pa

from lastgood.model.clock import from_nanoseconds, to_nanoseconds
from lastgood.model.evidence import Provenance, Scalar
from lastgood.model.scope import Scope
from lastgood.model.signal import Signal
from lastgood.model.window import Comparison, Window
from lastgood.telemetry.engine import Engine, Result
from lastgood.telemetry.entries import Entries, needs_whole
from lastgood.telemetry.fronts import entries_of
from lastgood.telemetry.layout import Layout
from lastgood.telemetry.relations import (
    BARE,
    ENTERED,
    NAMES,
    SAMPLE,
    SCOPED,
    columns,
    entered,
    fragments,
    types,
)
from lastgood.telemetry.samples import Samples

_WITH = re.compile(r"WITH\s+", re.IGNORECASE)
_BOUND = re.compile(r"\{(\w+):")
_MAPS = frozenset({"attributes", "resource"})


@dataclass(frozen=True, slots=True)
class Budget:
    """What one query may cost. More rows than `rows` are cut off and said to be; the rest are errors."""

    seconds: int = 30  # the person is waiting: a question that needs more should ask for less
    rows: int = 1_000_000  # of the answer
    bytes_read: int = 50_000_000_000
    memory: int = 1_200_000_000

    def within(self, seconds: float | None) -> "Budget":
        """The same with so many seconds, at least one: zero is no limit to the engine."""
        return self if seconds is None else replace(self, seconds=max(1, ceil(seconds)))

    @property
    def settings(self) -> dict[str, int | str]:
        """The same as ClickHouse settings."""
        return {
            "max_execution_time": self.seconds,
            "max_result_rows": self.rows,
            "result_overflow_mode": "break",
            "max_bytes_to_read": self.bytes_read,
            "max_memory_usage": self.memory,
            "max_bytes_before_external_group_by": self.memory // 3,
            "max_bytes_before_external_sort": self.memory // 3,
        }


@dataclass(frozen=True, slots=True)
class Rows:
    """What a query gave, with where it came from."""

    table: pa.Table
    provenance: Provenance

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def column(self, name: str) -> np.ndarray[Any, Any]:
        """One column as a numpy array."""
        return self.table[name].to_numpy()  # type: ignore[no-any-return]

    def dicts(self) -> list[dict[str, Any]]:
        """The rows as dictionaries, times as aware datetimes; for small results."""
        columns: dict[str, list[Any]] = {}
        for name, column in zip(self.table.column_names, self.table.columns, strict=True):
            if pa.types.is_timestamp(column.type):
                ticks = column.cast(pa.timestamp("ns", "UTC")).cast(pa.int64()).to_pylist()
                columns[name] = [None if tick is None else from_nanoseconds(tick) for tick in ticks]
            elif pa.types.is_map(column.type):
                columns[name] = [dict(pairs or ()) for pairs in column.to_pylist()]
            else:
                columns[name] = column.to_pylist()
        return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


Watch = Callable[[Rows], None]


class Reader:
    """Runs the SQL of questions against one store."""

    def __init__(
        self,
        engine: Engine,
        signals: frozenset[Signal],
        layout: Layout,
        budget: Budget | None = None,
        *,
        watch: Watch | None = None,
        samples: Samples | None = None,  # where what questions share is kept; without, each reads it anew
    ) -> None:
        self._engine = engine
        self._samples = samples
        self._watch = watch
        self._layout = layout
        self._budget = budget or Budget()
        self._relations = fragments(layout)
        self._signals = signals
        self._guard = Lock()

    def query(
        self,
        sql: str,
        parameters: Mapping[str, Any],
        window: Window,
        *,
        comparison: Comparison | None = None,
        scope: Scope = Scope(),  # noqa: B008 - frozen, so shared safely
        seconds: float | None = None,
    ) -> Rows:
        """The rows of a SELECT that names relations; `{name:Type}` are bound from `parameters`.

        `seconds` are those that whoever asks has left; else the reader's own budget counts.

        Raises:
            BudgetError: the query took too long, read too much or needed too much memory.
            QueryFailedError: the engine refused it.
        """
        whole = self._with_relations(sql, scope)
        bound = {**self._bounds(window, comparison, scope), **self._fronts(whole), **parameters}
        settings = self._budget.within(seconds).settings
        result = self._engine.query(self._on_sample(sql, whole, bound, settings), bound, settings)
        rows = self._rows(result, whole, bound, window)
        if self._watch:
            self._watch(rows)
        return rows

    def typed(self, sql: str, window: Window, *, comparison: Comparison | None = None) -> Rows:
        """The rows of a SELECT that a user typed: checked first, then run where it cannot write.

        Raises:
            QuerySyntaxError: it is not one SELECT, or one that would reach outside the store.
            BudgetError, QueryFailedError: as for `query`.
        """
        from lastgood.telemetry.sandbox import checked_select  # noqa: PLC0415 - its parser costs 0.6 s

        checked = checked_select(sql, self._engine.database)
        whole = self._with_relations(checked, Scope())
        bound = {"every": 1, **self._bounds(window, comparison, Scope()), **self._fronts(whole)}
        limits = {name: str(value) for name, value in self._budget.settings.items()}
        return self._rows(self._engine.query_apart(whole, limits, bound), whole, bound, window)

    def again(self, sql: str, parameters: Mapping[str, Any], window: Window | None) -> Rows:
        """The rows of a query that was run before, given whole with everything bound in it; run as typed SQL is.

        Raises:
            QuerySyntaxError: it is not one SELECT, or one that would reach outside the store.
            BudgetError, QueryFailedError: as for `query`.
        """
        from lastgood.telemetry.sandbox import checked_select  # noqa: PLC0415 - its parser costs 0.6 s

        limits = {name: str(value) for name, value in self._budget.settings.items()}
        result = self._engine.query_apart(checked_select(sql, self._engine.database), limits, parameters)
        return self._rows(result, sql, parameters, window)

    def _rows(self, result: Result, sql: str, bound: Mapping[str, Any], window: Window | None) -> Rows:
        cut_off = result.table.num_rows >= self._budget.rows
        table = result.table.slice(0, self._budget.rows) if cut_off else result.table
        provenance = Provenance(
            sql=sql,
            parameters={name: _plain(value) for name, value in bound.items()},
            window=window,
            rows=table.num_rows,
            seconds=result.seconds,
            cut_off=cut_off,
        )
        return Rows(table, provenance)

    @cached_property
    def _looked(self) -> tuple[Entries, dict[str, str]]:
        entries = entries_of(self._engine, self._layout, spans=Signal.SPANS in self._signals)
        return entries, entered(self._layout, self._signals, entries)

    def _entries(self) -> tuple[Entries, dict[str, str]]:
        """Where requests are counted, looked at once, by whoever asks for requests first; and the SQL of them."""
        with self._guard:
            return self._looked

    def _with_relations(self, sql: str, scope: Scope) -> str:
        used = [name for name in NAMES if re.search(rf"\b{name}\b", sql)]
        bare = not scope.attributes and not needs_whole(sql)
        ctes = ", ".join(f"{name} AS ({self._scoped(name, scope, bare=bare)})" for name in used)
        body = sql.strip()
        if not ctes:
            return body
        own = _WITH.match(body)
        return f"WITH {ctes}, {body[own.end() :]}" if own else f"WITH {ctes} {body}"

    def _on_sample(self, sql: str, whole: str, bound: Mapping[str, Any], settings: Mapping[str, Any]) -> str:
        """The query over what was written down of the sample, where that is kept."""
        if self._samples is None or SAMPLE not in sql:
            return whole
        relation = self._scoped(SAMPLE, Scope())
        needed = {name: bound[name] for name in _BOUND.findall(relation)}
        table = self._samples.table(relation, types(SAMPLE), needed, settings)
        return whole.replace(relation, f"SELECT * FROM {table}")

    def _scoped(self, name: str, scope: Scope, *, bare: bool = False) -> str:
        sql = self._entered(name, scope, bare=bare) if name in ENTERED else self._relations[name]
        sql = sql.replace("{{database}}", self._engine.database)
        if name not in SCOPED or scope.everything:
            return sql
        tests = ["service IN {scope_services:Array(String)}"] if scope.services else []
        for position, (key, _) in enumerate(scope.attributes):
            value = f"{{scope_value_{position}:String}}"
            named = f"{{scope_key_{position}:String}}"
            own = f"toString({key}) = {value} OR " if key in columns(name) - _MAPS else ""
            tests.append(f"({own}attributes[{named}] = {value} OR resource[{named}] = {value})")
        return f"SELECT * FROM ({sql}) WHERE {' AND '.join(tests)}"

    def _entered(self, name: str, scope: Scope, *, bare: bool) -> str:
        entries, found = self._entries()
        if name != "lg_requests":
            return found[name]
        # Asked about a place behind others, its own requests are meant.
        inside = entries.behind.intersection(scope.services)
        return found["lg_served" if inside else BARE if bare else name]

    def _fronts(self, sql: str) -> dict[str, Any]:
        """What the relations of requests bind where places stand in front of each other."""
        if "{front_" not in sql:
            return {}
        named = set(_BOUND.findall(sql))
        return {name: value for name, value in self._entries()[0].parameters.items() if name in named}

    def _bounds(self, window: Window, comparison: Comparison | None, scope: Scope) -> dict[str, Any]:
        good = comparison.good if comparison else None
        bad = comparison.bad if comparison else None
        bound: dict[str, Any] = {
            "from_ns": to_nanoseconds(window.start),
            "to_ns": to_nanoseconds(window.end),
            "good_from": to_nanoseconds(good.start) if good else 0,
            "good_to": to_nanoseconds(good.end) if good else 0,
            "bad_from": to_nanoseconds(bad.start) if bad else 0,
            "bad_to": to_nanoseconds(bad.end) if bad else 0,
        }
        if self._layout.entry_services:
            bound["entry_services"] = list(self._layout.entry_services)
        if scope.services:
            bound["scope_services"] = list(scope.services)
        for position, (key, value) in enumerate(scope.attributes):
            bound |= {f"scope_key_{position}": key, f"scope_value_{position}": value}
        return bound


def _plain(value: Any) -> Scalar | tuple[Scalar, ...]:
    return tuple(value) if isinstance(value, list | tuple) else value
