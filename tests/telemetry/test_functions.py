"""Functions that typed SQL may name: none that reads outside the store, wherever and however its name stands."""

import pytest

from lastgood.errors import QuerySyntaxError
from lastgood.telemetry.engine import Engine
from lastgood.telemetry.functions import functions
from lastgood.telemetry.sandbox import checked_select

REFUSED = [
    "SELECT arrayMap(file, ['/etc/passwd'])[1]",
    "SELECT arrayMap(`file`, ['/etc/passwd'])",
    "SELECT arrayMap(\"file\", ['/etc/passwd'])",
    "SELECT arrayMap((file), ['/etc/passwd'])",
    "SELECT arrayMap(((file)), ['/etc/passwd'])",
    "SELECT arrayMap(file AS f, ['/etc/passwd'])",
    "SELECT arrayMap(FILE, ['/etc/passwd'])",
    "SELECT arrayMap(x -> file(x), ['/etc/passwd'])",
    "SELECT arrayMap(x -> `file`(x), ['/etc/passwd'])",
    "SELECT arrayMap(\u201cfile\u201d, ['/etc/passwd'])",
    "SELECT arrayMap(`f\\x69le`, ['/etc/passwd'])",
    "SELECT arrayMap(\"f\\u0069le\", ['/etc/passwd'])",
    "SELECT arrayMap({f:Identifier}, ['/etc/passwd'])",
    "SELECT {f:Identifier}('/etc/passwd')",
    "SELECT arrayMap({f: identifier }, ['/etc/passwd'])",
    "SELECT * APPLY(file) FROM (SELECT '/etc/passwd' AS a)",
    "SELECT * APPLY file FROM (SELECT '/etc/passwd' AS a)",
    "SELECT * APPLY(`file`) FROM (SELECT '/etc/passwd' AS a)",
    "SELECT * APPLY((file)) FROM (SELECT '/etc/passwd' AS a)",
    "SELECT COLUMNS('a') APPLY(file) FROM (SELECT '/etc/passwd' AS a)",
    "SELECT COLUMNS('a') APPLY(x -> file(x)) FROM (SELECT '/etc/passwd' AS a)",
    "SELECT * APPLY(dictGet) FROM lg_lines",
    "SELECT * APPLY(hostName) FROM lg_lines",
    "SELECT * APPLY(aiGenerate) FROM lg_lines",
    "SELECT 1 AS file",
    "SELECT 'x' AS `file`",
    "SELECT file FROM lg_lines",
    "WITH file AS f SELECT arrayMap(f, ['/etc/passwd'])",
    "WITH x -> file(x) AS f SELECT arrayMap(f, ['/etc/passwd'])",
    "SELECT arrayFilter(file, ['/etc/passwd'])",
    "SELECT arrayExists(catboostEvaluate, ['/etc/passwd'], [1])",
    "SELECT catboostEvaluate('/etc/passwd', 1)",
    "SELECT arraySort(hostName, [1])",
    "SELECT arrayMap(url, ['http://127.0.0.1'])",
    "SELECT arrayMap(dictGet, ['a'])",
    "SELECT arrayFold(file, ['a'], 'b')",
    "SELECT mapApply(file, attributes) FROM lg_lines",
    "SELECT arrayReduce('file', ['/etc/passwd'])",
    "SELECT arrayReduce('f\\x69le', ['/etc/passwd'])",
    "SELECT arrayReduce(concat('fi', 'le'), ['/etc/passwd'])",
    "SELECT arrayReduce({f:String}, [1])",
    "SELECT arrayReduce('aggThrow(1)', [1])",
    "SELECT arrayReduceInRanges('flameGraph', [(1, 2)], [1])",
    "SELECT initializeAggregation('aggThrow(1)', 1)",
    "SELECT b FROM values('a String, b String ALIAS file(\\'/etc/passwd\\')', ('x'))",
    "SELECT * FROM values(1, 2)",
    "SELECT arrayLevenshteinDistance(range(300000), range(300001))",
    "SELECT initializeAggregation('sumState', 1)",
    "SELECT aggThrow(1)(1)",
    "SELECT chdb('SELECT 1')",
    "SELECT dictGet('d', 'a', 1)",
    "SELECT dictGetOrDefault('d', 'a', 1, 2)",
    "SELECT dictHas('d', 1)",
    "SELECT joinGet('t', 'a', 1)",
    "SELECT hasColumnInTable('system', 'one', 'dummy')",
    "SELECT getSetting('readonly')",
    "SELECT getMacro('shard')",
    "SELECT getServerSetting('x')",
    "SELECT hostName()",
    "SELECT FQDN()",
    "SELECT currentUser()",
    "SELECT version()",
    "SELECT sleep(3)",
    "SELECT sleepEachRow(3) FROM numbers(10)",
    "SELECT aiGenerate('x')",
    "SELECT AIEmbed('x')",
    "SELECT regionToName(1)",
    "SELECT addressToLine(1)",
    "SELECT evalMLMethod(1, 2)",
    "SELECT showCertificate()",
    "SELECT getClientHTTPHeader('x')",
    "SELECT some_udf(1)",
    "SELECT in(1, system.one)",
    "SELECT `in`(1, system.one)",
    "SELECT globalIn(1, system.one)",
    "SELECT 1 WHERE NOT in(1, otel)",
    "SELECT $$a$$",
    "SELECT $x$ ' $x$, file",
    "SELECT `a``b` FROM lg_lines",
    "SELECT lambda(tuple(x), file(x))",
    "SELECT\xa0file('/etc/passwd')",
    "SELECT fi\u200ble('/etc/passwd')",
    "SELECT \ufb01le('/etc/passwd')",
    "SELECT file ('/etc/passwd')",
    "SELECT file /**/ ('/etc/passwd')",
    "SELECT count() FROM lg_lines WHERE body = file('/x')",
    "SELECT service FROM lg_lines GROUP BY file('/x')",
    "SELECT service FROM lg_lines ORDER BY file('/x')",
    "SELECT service FROM lg_lines HAVING arrayMap(file, ['x']) != []",
    "SELECT CASE WHEN file('/x') = '' THEN 1 END",
    "SELECT 1 INTERSECT SELECT file('/x')",
    "SELECT formatRow('CSV', 1)",
    "SELECT throwIf(1)",
    "SELECT generateSerialID('x')",
    "SELECT logTrace('x')",
    "SELECT fuzzQuery('SELECT 1')",
    "SELECT filesystemAvailable()",
    "SELECT 1 PARALLEL WITH SELECT 2",
    "SELECT 1 SETTINGS max_threads = 1",
    "SELECT 1 FORMAT Null",
    "SELECT arrayMap(1.file, ['/etc/passwd'])",
    "SELECT {x:--\n}, 1",
    "SELECT {x:Array(String)=1}",
]


@pytest.mark.parametrize("sql", REFUSED)
def test_a_function_that_reaches_outside_is_refused(sql: str) -> None:
    """Called, passed, applied, named in a text, quoted or bound; the error has a position in what was typed."""
    with pytest.raises(QuerySyntaxError) as refused:
        checked_select(sql)
    assert 0 <= refused.value.position <= len(sql)


@pytest.mark.parametrize("name", ["file", "FILE", "`file`", '"file"', "catboostEvaluate", "dictGet"])
def test_a_column_cannot_be_called_as_such_a_function(name: str) -> None:
    """The message says what to do; as a text or the key of an attribute the word is fine."""
    with pytest.raises(QuerySyntaxError, match="a column of that name needs another one"):
        checked_select(f"SELECT 1 AS {name}")
    assert checked_select("SELECT attributes['file'] AS path FROM lg_lines WHERE body = 'file'")


def test_every_function_of_the_engine_is_judged(engine: Engine) -> None:
    """None: what is new in a release of the engine is put into one of the lists of `functions.toml` by hand."""
    there = engine.query("SELECT name FROM system.functions").rows
    known = functions().allowed | functions().refused

    assert [] == sorted(row["name"] for row in there if row["name"].lower() not in known)


def test_every_function_that_takes_functions_is_known(engine: Engine) -> None:
    """As the engine says of itself."""
    there = engine.query("SELECT name FROM system.functions WHERE higher_order").rows

    assert set() == {row["name"].lower() for row in there} - functions().taking_functions


def test_no_function_is_both_allowed_and_refused() -> None:
    """Whatever way it is written."""
    assert not functions().allowed & functions().refused


def test_combinators_are_those_of_the_engine(engine: Engine) -> None:
    """An aggregate function is judged without them."""
    there = engine.query("SELECT name FROM system.aggregate_function_combinators").rows

    assert {row["name"].lower() for row in there} == {*functions().combinators}
    assert functions().aggregate("quantilesTDigestArrayIf")
    assert not functions().aggregate("aggThrowIf")
    assert not functions().aggregate("If")
