"""Tables whose statements became slow, and changes that do something to them."""

from datetime import timedelta

import numpy as np
import pytest

from cases import case_of
from lastgood.algorithms.diffs.kinds import ON_STORES, Effect, EffectKind
from lastgood.inspections.what_changed.slow_tables import changing_table, slow_tables
from lastgood.inspections.what_changed.weights import CHANGES_TABLE, TABLE_LETTERS
from lastgood.model.window import Comparison, Window
from lastgood.readings.slow_statements import STATEMENTS_LEAST, STATEMENTS_MORE
from lastgood.telemetry.tables import LOGS
from lastgood.workbench.store import Store
from worlds import START, nanoseconds, put

MIDDLE = START + timedelta(minutes=10)
WINDOWS = Comparison(Window(START, MIDDLE), Window(MIDDLE, MIDDLE + timedelta(minutes=10)), given=True)
WHAT = Effect(
    EffectKind.INDEX_DROPPED, "a.sql", "DROP INDEX idx_orders_customer ON orders;", what="idx_orders"
)


def statements(store: Store, table: str, good: int, bad: int, service: str = "postgresql") -> None:
    """So many slow statements of a table before and after."""
    at = np.array([*np.linspace(0, 599, good), *np.linspace(600, 1199, bad)])
    n = len(at)
    columns = {
        "Timestamp": nanoseconds(at), "SeverityText": ["LOG"] * n, "SeverityNumber": [9] * n, "ServiceName": [service] * n,
        "Body": [f"duration: 1250.5 ms  statement: SELECT id FROM {table} WHERE a = {i}" for i in range(n)],
    }  # fmt: skip
    put(store, LOGS, columns, f"{service} {table}")


@pytest.mark.parametrize(
    ("good", "bad", "there"),
    [
        (0, STATEMENTS_LEAST, True),
        (0, STATEMENTS_LEAST - 1, False),
        (10, int(10 * STATEMENTS_MORE), True),
        (10, int(10 * STATEMENTS_MORE) - 1, False),
    ],
)
def test_a_table_with_many_more_slow_statements(store: Store, good: int, bad: int, *, there: bool) -> None:
    """By its last name, in lower case, and the store that logs them."""
    statements(store, "public.Orders", good, bad)

    assert ({"orders": "postgresql"} if there else {}) == slow_tables(case_of(store, WINDOWS))


def test_of_several_stores_that_which_logs_most(store: Store) -> None:
    """A table of the same name may be in another."""
    statements(store, "orders", 0, 40, "orders-db")
    statements(store, "orders", 0, 10, "a-db")
    statements(store, "orders", 0, 20, "z-db")

    assert {"orders": "orders-db"} == slow_tables(case_of(store, WINDOWS))


@pytest.mark.parametrize("letters", [TABLE_LETTERS, TABLE_LETTERS - 1])
def test_a_name_of_few_letters_is_no_table(store: Store, letters: int) -> None:
    """Without its schema."""
    statements(store, f"public.{'o' * letters}", 0, 40)

    assert (letters == TABLE_LETTERS) == bool(slow_tables(case_of(store, WINDOWS)))


def test_without_a_comparison_nothing_is_slow(store: Store) -> None:
    """There is no before."""
    statements(store, "orders", 0, 40)

    assert {} == slow_tables(case_of(store, None))


def test_a_change_of_a_slow_table_is_tied_to_its_store() -> None:
    """With the names of both."""
    (reason,) = changing_table([WHAT], {"orders": "postgresql", "idx_orders_customer": "b"})

    assert reason.row is CHANGES_TABLE
    assert CHANGES_TABLE == reason.ratio
    assert "idx_orders_customer" in reason.reported
    assert "postgresql" in changing_table([WHAT], {"orders": "postgresql"})[0].reported


@pytest.mark.parametrize(
    ("effect", "tables"),
    [
        (WHAT, {}),
        (WHAT, {"order": "postgresql"}),  # part of a word
        (Effect(EffectKind.LOG_LEVEL_RAISED, "a", "orders", what="orders"), {"orders": "postgresql"}),
    ],
)
def test_other_changes_are_not(effect: Effect, tables: dict[str, str]) -> None:
    """Of other tables, and of what no store does."""
    assert EffectKind.LOG_LEVEL_RAISED not in ON_STORES
    assert [] == changing_table([effect], tables)
