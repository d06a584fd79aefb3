"""Patterns in the store: assigned once, kept, and never merged across services."""

from datetime import UTC, datetime
from typing import Any

import numpy as np

from lastgood.telemetry.tables import LOGS
from lastgood.workbench.patterns import remember_patterns
from lastgood.workbench.store import Store
from worlds import nanoseconds, put

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)


def _say(store: Store, service: str, *bodies: str) -> None:
    columns = {
        "Timestamp": nanoseconds(np.arange(len(bodies), dtype=float)),
        "ServiceName": [service] * len(bodies),
        "Body": list(bodies),
    }
    put(store, LOGS, columns, f"{service} {bodies}")


def _patterns(store: Store) -> dict[str, list[Any]]:
    rows = store.engine.query(
        f"SELECT Service, Low, Pattern FROM {store.engine.database}.lg_shapes FINAL ORDER BY Service, Low"
    ).rows
    return {f"{row['Service']}: {row['Low']}": row["Pattern"] for row in rows}


def test_only_new_shapes_are_mined(store: Store) -> None:
    """Two shapes are new, then one, then none; the first ids stay."""
    _say(store, "shop", "order 7 paid", "order 812 paid", "order 7 lost")
    assert 2 == remember_patterns(store, now=NOW)
    first = _patterns(store)

    _say(store, "shop", "order 9 found", "order 1234 paid")
    assert 1 == remember_patterns(store, now=NOW)
    assert 0 == remember_patterns(store, now=NOW)
    assert first.items() <= _patterns(store).items()


def test_services_are_never_merged(store: Store) -> None:
    """The same words of another service are a pattern of their own place."""
    names = [f"asked {name} for help" for name in ("ann", "bob", "cid", "dan", "eva")]
    _say(store, "one", *names[:3])
    _say(store, "two", *names[3:])
    remember_patterns(store, now=NOW)
    assert 5 == len(set(_patterns(store).values()))


def test_patterns_that_become_one_leave_an_alias(store: Store) -> None:
    """The fifth name shows a variable: one id is left, and the others lead to it."""
    for name in ("ann", "bob", "cid", "dan", "eva"):
        _say(store, "shop", f"asked {name} for help")
        remember_patterns(store, now=NOW)
    (left,) = set(_patterns(store).values())
    aliases = store.engine.query(
        f"SELECT Old, New FROM {store.engine.database}.lg_pattern_aliases FINAL"
    ).rows
    assert 3 == len(aliases)
    assert {left} == {row["New"] for row in aliases}


def test_a_store_without_lines_has_nothing_to_remember(store: Store) -> None:
    """No logs, no patterns, no error."""
    assert 0 == remember_patterns(store, now=NOW)
