"""SQL that somebody typed: one SELECT that stays in the store, or a clear no."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood.errors import BudgetError, QueryFailedError, QuerySyntaxError
from lastgood.telemetry.engine import Engine
from lastgood.telemetry.sandbox import checked_select


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1;",
        "SELECT 'a; INTO OUTFILE' -- INTO OUTFILE 'x'; DROP TABLE t",
        "WITH a AS (SELECT * FROM lg_spans) SELECT service, count() FROM a GROUP BY service LIMIT 5",
        "(SELECT 1) UNION ALL (SELECT 2)",
        "SELECT quantileTDigest(0.9)(duration_ns) FROM lg_requests WHERE attributes['a;b'] = '$$;$$'",
        "SELECT format('{}', 'a') AS format, settings FROM lg_spans",
        "SELECT * FROM numbers(10) ARRAY JOIN [1, 2] AS x",
        "SELECT `into` FROM lg_spans",
    ],
)
def test_one_select_passes(sql: str) -> None:
    """Words that would be clauses elsewhere are fine inside literals, comments and names."""
    assert checked_select(sql)


def test_what_is_bound_stays_as_it_was_written() -> None:
    """The driver binds `{name:Type}` only without spaces; a map in braces is taken apart like anything else."""
    sql = "SELECT {ids:Array(String)}, {'a':1} FROM numbers(1)"

    assert "SELECT {ids:Array(String)} , { 'a' : 1 } FROM numbers ( 1 ) " == checked_select(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "",
        "-- nothing",
        "SELECT 1; SELECT 2",
        "SELECT 1 INTO OUTFILE '/tmp/x'",
        "SELECT 1 INTO\nOUTFILE '/tmp/x'",
        "SELECT 1) INTO OUTFILE '/tmp/x'; --",
        "SELECT `a\\` , ` INTO OUTFILE '/tmp/x' `",
        "SELECT * FROM file('/etc/passwd')",
        "SELECT file('/etc/passwd')",
        "SELECT * FROM (SELECT * FROM url('http://localhost/'))",
        "SELECT 1 WHERE 1 IN url('http://localhost/')",
        "SELECT * FROM t JOIN remote('host', db.t) AS r USING id",
        "SELECT * FROM t UNION ALL SELECT * FROM executable('id', 'TSV', 'x String')",
        "SELECT * FROM s3('x')",
        "SELECT * FROM merge('a', 'b')",
        "SELECT * FROM (SELECT 1 SETTINGS readonly = 0)",
        "SELECT 1 SETTINGS max_memory_usage = 0",
        "SELECT 1 FORMAT CSV",
        "SET readonly = 0",
        "DROP TABLE t",
        "INSERT INTO t SELECT 1",
        "EXPLAIN SELECT 1",
        "SYSTEM SHUTDOWN",
    ],
)
def test_everything_else_is_refused(sql: str) -> None:
    """The error has a position in what was typed."""
    with pytest.raises(QuerySyntaxError) as refused:
        checked_select(sql)
    assert 0 <= refused.value.position <= len(sql)


def test_the_engine_never_sees_a_comment() -> None:
    """Whether comments nest is a matter of opinion between parsers; code hidden by that is gone."""
    assert "INTO" not in checked_select("SELECT /* /* */ 1 INTO OUTFILE '/tmp/x' -- */")


@given(st.text(alphabet="SELECT INTO;'`\"\\()/*-#$ file1,\n"))
def test_no_text_crashes_the_check(text: str) -> None:
    """It is a statement or an error."""
    with suppress(QuerySyntaxError):
        checked_select(text)


LIMITS = {"max_execution_time": "5", "max_result_rows": "10"}


class TestTheSecondWall:
    """The handle that typed SQL runs on cannot write, whatever gets through."""

    @pytest.mark.parametrize(
        "sql",
        [
            "CREATE TABLE lastgood.x (a Int8) ENGINE = Memory",
            "INSERT INTO lastgood.lg_calls VALUES (now(), 'a', 'b')",
        ],
    )
    def test_writing_fails(self, engine: Engine, sql: str) -> None:
        with pytest.raises(QueryFailedError):
            engine.query_apart(sql, LIMITS)

    def test_limits_cannot_be_lifted(self, engine: Engine) -> None:
        with pytest.raises(QueryFailedError, match="readonly"):
            engine.query_apart("SELECT number FROM numbers(100) SETTINGS max_result_rows = 0", LIMITS)

    def test_limits_hold(self, engine: Engine) -> None:
        with pytest.raises(BudgetError):
            engine.query_apart("SELECT number FROM numbers(100)", LIMITS)

    def test_files_are_out_of_reach(self, engine: Engine, tmp_path: Path) -> None:
        secret = tmp_path / "secret"
        secret.write_text("hunter2")
        with pytest.raises(QueryFailedError):
            engine.query_apart(f"SELECT * FROM file('{secret}', 'LineAsString')", LIMITS)

    def test_other_handles_stay_as_they_were(self, engine: Engine) -> None:
        engine.query_apart("SELECT 1", LIMITS)
        assert [{"readonly": 0}] == engine.query("SELECT toUInt8(getSetting('readonly')) AS readonly").rows

    @pytest.mark.parametrize(
        ("expected", "sql"),
        [
            (1, "SELECT 5 % 2 AS value"),
            ("%s", "SELECT '%s' AS value"),
            ("%(from_ns)s {from_ns:", "SELECT '%(from_ns)s {from_ns:' AS value"),
            ("100 %", "SELECT concat({n:String}, ' %') AS value"),
        ],
    )
    def test_a_per_cent_sign_stays_one(self, engine: Engine, expected: object, sql: str) -> None:
        """The driver pastes by it where it finds no place for what is bound."""
        bound = {"from_ns": 1, "n": "100"}
        assert [{"value": expected}] == engine.query_apart(sql, LIMITS, bound).rows

    def test_no_file_is_a_table(self, engine: Engine, tmp_path: Path) -> None:
        """The database that the engine starts in has one for every file."""
        secret = tmp_path / "secret.csv"
        secret.write_text("a,b\n1,hunter2\n")
        with pytest.raises(QueryFailedError):
            engine.query_apart(f"SELECT * FROM `{secret}`", LIMITS)
