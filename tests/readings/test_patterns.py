"""Patterns on the fly: the same on a store that keeps them and on one that is only read."""

from datetime import UTC, datetime
from typing import Any

import numpy as np

from lastgood.model.window import Window
from lastgood.readings.patterns import Query, family_names, read_patterns
from lastgood.telemetry.layout import Layout, columns_of
from lastgood.telemetry.reader import Reader, Rows
from lastgood.telemetry.tables import LOGS
from lastgood.workbench.patterns import remember_patterns
from lastgood.workbench.store import Store
from worlds import START, nanoseconds, put

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
BODIES = [
    "order 7 paid",
    "order 812 paid",
    "order 7 lost",
    "card ünïcode ✓ 5 declined",
    "trace\n\tat a.B(C:1)",
]


def _query(store: Store) -> Query:
    _, reader = store.survey()
    window = Window(START, NOW)

    def query(sql: str, /, **parameters: Any) -> Rows:
        return reader.query(sql, parameters, window)

    return query


def _lines(store: Store) -> list[tuple[str, int]]:
    columns = {
        "Timestamp": nanoseconds(np.arange(len(BODIES), dtype=float)),
        "ServiceName": ["shop"] * len(BODIES),
        "Body": BODIES,
    }
    put(store, LOGS, columns, "lines")
    return [
        (row["service"], row["shape"]) for row in _query(store)("SELECT service, shape FROM lg_lines").dicts()
    ]


def test_stored_and_computed_patterns_agree(store: Store) -> None:
    """What is mined when asked is what is stored after a load, templates included."""
    wanted = _lines(store)
    computed = read_patterns(_query(store), wanted)
    assert 4 == len(computed.unstored)
    remember_patterns(store, now=NOW)
    stored = read_patterns(_query(store), wanted)
    assert () == stored.unstored
    assert [computed.of(*shape) for shape in wanted] == [stored.of(*shape) for shape in wanted]
    named = {("shop", stored.of(*shape) or "") for shape in wanted}
    assert computed.templates(named) == stored.templates(named)
    assert {"order <*> paid", "order <*> lost", "card ünïcode ✓ <*> declined", "trace"} == set(
        stored.templates(named).values()
    )


def test_a_read_only_store_needs_no_tables_of_ours(store: Store) -> None:
    """Without them the relation is empty, and everything is mined."""
    wanted = _lines(store)
    holdings, _ = store.survey()
    theirs = {table: types for table, types in columns_of(store.engine).items() if table == "otel_logs"}
    reader = Reader(store.engine, holdings.signals, Layout(theirs))

    def query(sql: str, /, **parameters: Any) -> Rows:
        return reader.query(sql, parameters, Window(START, NOW))

    assert 4 == len(read_patterns(query, wanted).unstored)


def test_an_unknown_shape_has_no_pattern(store: Store) -> None:
    """It was left out, and says so."""
    assert read_patterns(_query(store), []).of("shop", 1) is None


def test_patterns_that_differ_in_one_word_are_a_family() -> None:
    """They stay apart, and say what they share; other services are not related."""
    templates = {
        ("shop", "a"): "Charge <*> failed: card declined",
        ("shop", "b"): "Charge <*> failed: card expired",
        ("mail", "c"): "Charge <*> failed: card stolen",
        ("shop", "d"): "served <*>",
    }
    shared = "Charge <*> failed: card …"
    assert {("shop", "a"): shared, ("shop", "b"): shared} == family_names(templates)
