"""The reader: window, scope, parameters and budget are bound by itself, and results say where they are from."""

from datetime import UTC, datetime, timedelta

import pytest

from lastgood.errors import BudgetError, QueryFailedError, QuerySyntaxError
from lastgood.model.scope import Scope
from lastgood.model.window import Comparison, Window
from lastgood.telemetry.layout import layout_of
from lastgood.telemetry.reader import Budget, Reader
from lastgood.workbench.store import Store
from telemetry.rows import START, put_lines

WINDOW = Window(START, START + timedelta(minutes=10))


def reader(store: Store, budget: Budget | None = None) -> Reader:
    holdings, _ = store.survey()
    return Reader(store.engine, holdings.signals, layout_of(store.engine), budget)


def test_only_rows_of_the_window_are_seen(store: Store) -> None:
    """Half open: its first instant belongs to it, its last does not."""
    put_lines(store, 30)
    window = Window(START + timedelta(seconds=10), START + timedelta(seconds=20))
    rows = reader(store).query("SELECT count() AS n, min(ts) AS first FROM lg_lines", {}, window)
    assert [{"n": 10, "first": window.start}] == rows.dicts()


def test_phases_follow_the_comparison(store: Store) -> None:
    """Good, bad, or neither."""
    put_lines(store, 30)
    cut = [START + timedelta(seconds=n) for n in (0, 10, 20, 25)]
    comparison = Comparison(Window(cut[0], cut[1]), Window(cut[2], cut[3]))
    rows = reader(store).query(
        "SELECT phase, count() AS n FROM lg_lines GROUP BY phase ORDER BY phase",
        {},
        WINDOW,
        comparison=comparison,
    )
    assert [{"phase": "", "n": 15}, {"phase": "bad", "n": 5}, {"phase": "good", "n": 10}] == rows.dicts()


def test_a_scope_narrows_by_service_and_attribute(store: Store) -> None:
    """Values are bound, so a quote in one is harmless."""
    put_lines(store, 5, "pay", region="eu")
    put_lines(store, 7, "pay", region="o'us")
    put_lines(store, 9, "web", region="eu")
    ask = reader(store)
    counted = {
        scope: ask.query("SELECT count() AS n FROM lg_lines", {}, WINDOW, scope=scope).dicts()[0]["n"]
        for scope in (
            Scope(),
            Scope(services=("pay",)),
            Scope(attributes=(("region", "eu"),)),
            Scope(services=("pay",), attributes=(("region", "o'us"),)),
            Scope(attributes=(("service", "web"),)),
            Scope(attributes=(("no'such", "'"),)),
        )
    }
    assert [21, 12, 14, 7, 9, 0] == list(counted.values())


def test_a_question_may_bring_its_own_with(store: Store) -> None:
    """On a line of its own, too."""
    put_lines(store, 3)
    rows = reader(store).query("WITH\n  a AS (SELECT * FROM lg_lines) SELECT count() AS n FROM a", {}, WINDOW)
    assert [{"n": 3}] == rows.dicts()


def test_provenance_can_be_run_again(store: Store) -> None:
    """SQL and parameters are all there is to it."""
    put_lines(store, 3)
    rows = reader(store).query("SELECT body FROM lg_lines WHERE body = {b:String}", {"b": "pay 1"}, WINDOW)
    again = store.engine.query(rows.provenance.sql, rows.provenance.parameters)
    assert rows.table.equals(again.table)
    assert (1, WINDOW, False) == (rows.provenance.rows, rows.provenance.window, rows.provenance.cut_off)


def test_too_many_rows_are_cut_off_and_said_to_be(store: Store) -> None:
    """The answer is exactly as long as the budget."""
    put_lines(store, 30)
    rows = reader(store, Budget(rows=10)).query("SELECT body FROM lg_lines", {}, WINDOW)
    assert (10, True) == (len(rows), rows.provenance.cut_off)


@pytest.mark.parametrize(
    ("budget", "limit"),
    [
        (Budget(seconds=1), "time"),
        (Budget(memory=10_000_000), "memory"),
        (Budget(bytes_read=1000), "byte"),
    ],
)
def test_other_limits_are_errors_that_name_themselves(store: Store, budget: Budget, limit: str) -> None:
    """Half an answer would be a wrong one."""
    sql = (
        "SELECT sum(length(toString(number))), length(groupArray(sipHash64(number))) FROM numbers(1000000000)"
    )
    with pytest.raises(BudgetError, match=limit):
        reader(store, budget).query(sql, {}, WINDOW)


def test_an_empty_result_has_its_columns(store: Store) -> None:
    """As lists, and as arrays."""
    rows = reader(store).query("SELECT ts, body, shape FROM lg_lines", {}, WINDOW)
    assert (0, []) == (len(rows), rows.dicts())
    assert 0 == len(rows.column("shape"))


def test_nanoseconds_survive(store: Store) -> None:
    """The array has them; a datetime is cut to microseconds."""
    rows = reader(store).query(
        "SELECT toDateTime64('2026-11-22 14:00:00.123456789', 9, 'UTC') AS ts", {}, WINDOW
    )
    assert 1795356000123456789 == int(rows.column("ts").astype("int64")[0])
    assert [{"ts": datetime(2026, 11, 22, 14, 0, 0, 123456, tzinfo=UTC)}] == rows.dicts()


def test_typed_sql_reads_relations_and_nothing_else(store: Store) -> None:
    """It is bound to the window like any question, and refused if it would leave."""
    put_lines(store, 3)
    ask = reader(store)
    assert [{"n": 3}] == ask.typed("SELECT count() AS n FROM lg_lines; -- all", WINDOW).dicts()
    with pytest.raises(QuerySyntaxError):
        ask.typed("SELECT * FROM lg_lines INTO OUTFILE '/tmp/x'", WINDOW)
    with pytest.raises(QueryFailedError):
        ask.typed("SELECT nothing_like_it FROM lg_lines", WINDOW)
