"""SQL that a user typed: one SELECT that stays in the store, or a clear no."""

from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood.errors import BudgetError, QueryFailedError, QuerySyntaxError
from lastgood.model.window import Window
from lastgood.telemetry.engine import Engine
from lastgood.telemetry.sandbox import checked_select
from lastgood.workbench.store import Store
from telemetry.rows import START, put_lines, put_spans


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


ELSEWHERE = [
    "SELECT * FROM {t:Identifier}",
    "SELECT * FROM file('/etc/passwd')",
    "SELECT * FROM url('http://127.0.0.1')",
    "SELECT * FROM s3('http://127.0.0.1')",
    "SELECT * FROM remote('127.0.0.1', system.one)",
    "SELECT * FROM remoteSecure('127.0.0.1', system.one)",
    "SELECT * FROM mysql('h', 'd', 't', 'u', 'p')",
    "SELECT * FROM postgresql('h', 'd', 't', 'u', 'p')",
    "SELECT * FROM mongodb('h', 'd', 't', 'u', 'p', 's')",
    "SELECT * FROM hdfs('h')",
    "SELECT * FROM executable('x', 'TSV', 'a String')",
    "SELECT * FROM jdbc('a', 'b')",
    "SELECT * FROM odbc('a', 'b', 'c')",
    "SELECT * FROM input('a String')",
    "SELECT * FROM sqlite('/x', 't')",
    "SELECT * FROM python('x')",
    "SELECT * FROM eval('SELECT 1')",
    "SELECT * FROM filesystem('/')",
    "SELECT * FROM dictionary('d')",
    "SELECT * FROM cluster('c', system.one)",
    "SELECT * FROM merge('system', '.*')",
    "SELECT * FROM view(SELECT 1)",
    "SELECT * FROM loop(system.one)",
    "SELECT * FROM `file`('/etc/passwd')",
    "SELECT * FROM Url('http://127.0.0.1')",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM `/etc/passwd`",
    'SELECT * FROM "/etc/passwd"',
    "SELECT * FROM \u2018/etc/passwd\u2019",
    "SELECT 1 IN `/etc/passwd`",
    "SELECT 1 IN (`/etc/passwd`)",
    "SELECT 1 IN ((`/etc/passwd`))",
    "SELECT 1 NOT IN (`/etc/passwd` AS p)",
    "SELECT 1 GLOBAL IN system.one",
    "SELECT 1 IN system.one",
    "SELECT 1 IN numbers(10)",
    "SELECT * FROM default.`/etc/passwd`",
    "SELECT * FROM system.tables",
    "SELECT * FROM system.one, lg_lines",
    "SELECT * FROM lg_lines, system.one",
    "SELECT * FROM lg_lines JOIN users USING (id)",
    "SELECT * FROM INFORMATION_SCHEMA.TABLES",
    "SELECT * FROM information_schema.columns",
    "SELECT * FROM other.otel_logs",
    "SELECT * FROM a.lastgood.otel_logs",
    "SELECT * FROM users",
    "SELECT * FROM (WITH users AS (SELECT 1) SELECT * FROM users), users",
    "WITH users AS (SELECT * FROM users) SELECT * FROM users",
    "WITH (SELECT 1) AS users SELECT * FROM users",
    "WITH 1 AS users SELECT * FROM users",
    "SELECT 1 IN users FROM (SELECT 1 AS users)",
    "SELECT exists(users)",
    "SELECT * FROM (EXPLAIN SELECT 1)",
    "SELECT * FROM (SHOW TABLES)",
    "SELECT * FROM viewExplain('EXPLAIN', '', (SELECT 1))",
    "SELECT * FROM generateRandom('a String')",
]


@pytest.mark.parametrize("sql", ELSEWHERE)
def test_only_the_store_is_read(sql: str) -> None:
    """Its relations and tables, what the query itself defines, and rows of numbers."""
    with pytest.raises(QuerySyntaxError) as refused:
        checked_select(sql, "lastgood")
    assert 0 <= refused.value.position <= len(sql)


ORDINARY = [
    "SELECT count() FROM lg_spans",
    "SELECT service, count() AS n, countIf(failed) / n AS share FROM lg_requests GROUP BY service ORDER BY share DESC LIMIT 10",
    "SELECT quantile(0.95)(duration_ns) / 1e6 AS value FROM lg_requests WHERE phase = 'bad'",
    "SELECT quantiles(0.5, 0.9, 0.99)(duration_ns) FROM lg_requests",
    "SELECT quantileTDigestIf(0.99)(duration_ns, failed) FROM lg_requests",
    "SELECT toStartOfMinute(ts) AS minute, count() FROM lg_lines GROUP BY minute ORDER BY minute",
    "SELECT toStartOfInterval(ts, INTERVAL 30 SECOND) AS slot, count() FROM lg_lines GROUP BY slot",
    "SELECT body FROM lg_lines WHERE body ILIKE '%timeout%' AND NOT (body LIKE '%file%')",
    "SELECT attributes['file'] AS path, attributes['url'] AS url FROM lg_lines",
    "SELECT attributes['http.url'] AS url, count() FROM lg_requests GROUP BY url",
    "SELECT arrayMap(x -> x * 2, [1, 2, 3])",
    "SELECT arrayFilter((k, v) -> v != '', mapKeys(attributes), mapValues(attributes)) FROM lg_lines",
    "SELECT arrayMap(upper, ['a', 'b'])",
    "SELECT arraySum(groupArray(duration_ns)) FROM lg_spans",
    "SELECT arraySort(x -> -x, groupArray(duration_ns)) FROM lg_spans",
    "SELECT arrayReduce('quantile(0.5)', [1, 2, 3])",
    "SELECT arrayReduce('sumIf', [1, 2], [1, 0])",
    "SELECT arrayExists(x -> x IN ('a', 'b'), splitByChar(',', body)) FROM lg_lines",
    "SELECT * FROM (SELECT service FROM lg_spans) WHERE service IN ('a', 'b')",
    "SELECT * FROM lg_spans WHERE trace_id IN (SELECT trace_id FROM lg_lines WHERE level = 'error')",
    "WITH bad AS (SELECT trace_id FROM lg_lines WHERE level = 'error') SELECT count() FROM lg_spans WHERE trace_id IN bad",
    "WITH a AS (SELECT 1 AS x), b AS (SELECT x + 1 AS y FROM a) SELECT * FROM b",
    "WITH 5 AS least SELECT count() > least FROM lg_lines",
    "WITH (SELECT max(ts) FROM lg_lines) AS last SELECT count() FROM lg_lines WHERE ts > last - INTERVAL 5 MINUTE",
    "WITH ['a', 'b'] AS names SELECT count() FROM lg_lines WHERE service IN names",
    "SELECT l.service, r.n FROM lg_lines AS l JOIN (SELECT service, count() AS n FROM lg_spans GROUP BY service) AS r ON l.service = r.service",
    "SELECT l.service FROM lg_lines AS l LEFT JOIN lg_changes AS c ON c.service = l.service",
    "SELECT l.service FROM lg_lines AS l ASOF LEFT JOIN lg_changes AS c ON c.service = l.service AND l.ts >= c.ts",
    "SELECT s.name FROM lg_spans AS s, lg_lines AS l WHERE s.trace_id = l.trace_id",
    "SELECT count() FROM otel_logs",
    "SELECT count() FROM lastgood.otel_traces",
    "SELECT number FROM numbers(10)",
    "SELECT number * 2 FROM numbers(5, 10) WHERE number % 2 = 0",
    "SELECT k, v FROM lg_lines ARRAY JOIN mapKeys(attributes) AS k, mapValues(attributes) AS v",
    "SELECT k FROM lg_lines LEFT ARRAY JOIN mapKeys(attributes) AS k",
    "SELECT multiIf(duration_ns > 1e9, 'slow', duration_ns > 1e8, 'mid', 'fast') AS class, count() FROM lg_spans GROUP BY class",
    "SELECT CASE WHEN failed THEN 'bad' ELSE 'good' END AS c, count(*) FROM lg_requests GROUP BY c",
    "SELECT if(failed, 1, 0), coalesce(user, ''), ifNull(NULL, 1) FROM lg_requests",
    "SELECT row_number() OVER (PARTITION BY service ORDER BY ts) AS n FROM lg_lines",
    "SELECT lagInFrame(value) OVER (ORDER BY ts ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM lg_points",
    "SELECT avg(value) OVER w FROM lg_points WINDOW w AS (PARTITION BY metric ORDER BY ts)",
    "SELECT uniqExact(user), uniq(user), uniqCombined(12)(user) FROM lg_requests",
    "SELECT argMax(body, ts), argMin(body, ts), any(body), anyLast(body) FROM lg_lines",
    "SELECT topK(5)(service), groupUniqArray(service), groupArraySample(3)(service) FROM lg_spans",
    "SELECT extract(body, 'code=([0-9]+)') AS code, count() FROM lg_lines GROUP BY code",
    "SELECT replaceRegexpAll(body, '[0-9]+', '#') AS shape, count() FROM lg_lines GROUP BY shape",
    "SELECT JSONExtractString(body, 'error', 'kind') FROM lg_lines",
    "SELECT JSONExtract(body, 'n', 'Nullable(Int64)') FROM lg_lines",
    "SELECT toDateTime64('2026-11-22 14:00:00', 9, 'UTC') AS t",
    "SELECT CAST(1 AS String), 1::UInt8, CAST('1', 'UInt8'), toUInt32('5')",
    "SELECT dateDiff('second', min(ts), max(ts)) AS value FROM lg_lines",
    "SELECT EXTRACT(HOUR FROM ts) AS h, count() FROM lg_lines GROUP BY h",
    "SELECT substring(body, 1, 100), substringUTF8(body, 1, 10), left(body, 3), lower(body) FROM lg_lines",
    "SELECT position(body, 'x') > 0, positionCaseInsensitive(body, 'y') FROM lg_lines",
    "SELECT round(avg(duration_ns) / 1e6, 2) AS ms, stddevPop(duration_ns), varSamp(duration_ns) FROM lg_spans",
    "SELECT corr(duration_ns, http_status), simpleLinearRegression(duration_ns, http_status) FROM lg_requests",
    "SELECT service, count() FROM lg_spans GROUP BY service WITH TOTALS",
    "SELECT service, level, count() FROM lg_lines GROUP BY ROLLUP(service, level)",
    "SELECT service, count() AS n FROM lg_lines GROUP BY service HAVING n > 10 ORDER BY n DESC LIMIT 5 OFFSET 2",
    "SELECT service, ts FROM lg_lines ORDER BY ts LIMIT 2 BY service",
    "SELECT 1 UNION ALL SELECT 2",
    "(SELECT 1) UNION DISTINCT (SELECT 2)",
    "SELECT * EXCEPT (body) FROM lg_lines",
    "SELECT * REPLACE (lower(body) AS body) FROM lg_lines",
    "SELECT DISTINCT service FROM lg_lines",
    "SELECT DISTINCT ON (service) service, body FROM lg_lines",
    "SELECT tuple(1, 'a').1, (1, 2), [1, 2][1], map('a', 1)['a']",
    "SELECT domain(attributes['url.full']), path(attributes['url.full']) FROM lg_requests",
    "SELECT toString(bitAnd(5, 3)), cityHash64(body), hex(MD5(body)) FROM lg_lines",
    "SELECT formatReadableSize(sum(value)), formatReadableTimeDelta(60) FROM lg_points",
    "SELECT sumMap(map('a', 1)), sumForEach([1, 2]), sumOrNull(1), countDistinct(1)",
    "SELECT count(DISTINCT trace_id) FROM lg_spans",
    "SELECT ts BETWEEN now() - INTERVAL 1 HOUR AND now() FROM lg_lines",
    "SELECT exists(SELECT 1 FROM lg_lines WHERE level = 'fatal') AS value",
    "SELECT transform(level, ['error', 'warn'], [2, 1], 0) AS rank FROM lg_lines",
    "SELECT sum(value) AS total FROM lg_points WHERE metric = 'cpu' AND value IS NOT NULL AND isFinite(value)",
    "SELECT ts FROM lg_points ORDER BY ts WITH FILL STEP INTERVAL 1 MINUTE",
    "SELECT greatest(1, 2), least(1, 2), abs(-1), intDiv(5, 2), 5 % 2, -1 * 2",
    "SELECT histogram(10)(duration_ns), entropy(service) FROM lg_spans",
    'SELECT "service", `level` FROM lg_lines',
    "SELECT windowFunnel(60)(toDateTime(ts), level = 'warn', level = 'error') FROM lg_lines",
    "SELECT a.service FROM lg_spans a INNER JOIN lg_spans b USING (trace_id) WHERE a.span_id = b.parent_id",
    "SELECT count() FILTER (WHERE failed) FROM lg_requests",
    "SELECT trim(BOTH ' ' FROM body) FROM lg_lines",
    "SELECT mapApply((k, v) -> (k, upper(v)), attributes) FROM lg_lines",
    "SELECT arrayFold((acc, x) -> acc + x, [1, 2, 3], toInt64(0))",
    "SELECT * APPLY(max) FROM (SELECT value FROM lg_points)",
    "SELECT COLUMNS('^v') FROM lg_points",
    "SELECT '\xdcnicode \u2018quotes\u2019' AS x, body LIKE '%\u65e5\u672c%' FROM lg_lines",
    "SELECT timeSlot(ts), toHour(ts), formatDateTime(ts, '%H:%i') FROM lg_lines",
    "SELECT span.1 AS a, span.2 AS b FROM (SELECT (service, name) AS span FROM lg_spans)",
    "SELECT 5 % 2 AS value",
    "SELECT '%s' AS value",
]


def test_ordinary_questions_are_answered(store: Store) -> None:
    """Each passes the check and runs on the engine."""
    put_lines(store, 5)
    put_spans(store, 5)
    _, reader = store.survey()
    for sql in ORDINARY:
        assert len(reader.typed(sql, Window(START, START + timedelta(minutes=1)))) >= 0, sql


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
