"""Which statements may run, and what they become. What servers do with attacks: outside/test_database."""

import pytest
import sqlglot
from hypothesis import given
from hypothesis import strategies as st

from attacks import MARIADB, POSTGRESQL, SQLITE
from lastgood.errors import UsageError
from lastgood.outside.database.statement import admitted

ALLOWED = """
SELECT a::text, b->>'x' FROM s.t u WHERE a = ANY(ARRAY[1, 2]) AND b ILIKE 'x' ORDER BY 1 DESC NULLS LAST LIMIT 5 OFFSET 2
SELECT date_trunc('hour', ts), percentile_cont(0.5) WITHIN GROUP (ORDER BY x) FROM t GROUP BY 1 HAVING count(*) > 1
SELECT now() - interval '5 minutes', extract(epoch FROM x), round(y, 2), to_char(ts, 'YYYY') FROM t
SELECT row_number() OVER (PARTITION BY a ORDER BY b) FROM t
WITH x AS (SELECT 1 AS a) SELECT x.a FROM x JOIN y USING (a)
SELECT a FROM t UNION ALL SELECT b FROM u
SELECT pid, state, wait_event_type, query FROM pg_stat_activity WHERE state <> 'idle'
SELECT relation::regclass, mode FROM pg_locks WHERE NOT granted
SELECT count(DISTINCT a) FILTER (WHERE b IS NOT NULL) FROM t
SELECT CASE WHEN a > 1 THEN 'x' ELSE 'y' END FROM (VALUES (1), (2)) AS v(a)
SELECT * FROM t, LATERAL (SELECT 1 AS one) AS l
""".strip().splitlines()


@pytest.mark.parametrize("sql", ALLOWED)
def test_what_people_on_call_ask_is_allowed(sql: str) -> None:
    """And means the same: its tree, parsed again, is the tree that was checked."""
    statement = admitted(sql, "postgres")

    assert statement.sql(7) == admitted(statement.sql(7), "postgres").sql(7)


@pytest.mark.parametrize(("limit", "sent"), [("", 11), (" LIMIT 3", 3), (" LIMIT 1000", 11)])
def test_a_limit_is_added_or_lowered(limit: str, sent: int) -> None:
    """One that is lower stays."""
    assert f"SELECT a FROM t LIMIT {sent}" == admitted(f"SELECT a FROM t{limit}", "postgres").sql(11)


@pytest.mark.parametrize(
    ("sql", "dialect", "why"),
    [
        ("SELECT pg_sleep(1)", "postgres", "pg_sleep is not on the list"),
        ("SELECT 1; SELECT 2", "postgres", "2 statements"),
        ("SELECT a FROM t FOR UPDATE", "mysql", "LOCK is not allowed"),
        ("SELECT 1 /*! + SLEEP(9) */", "mysql", "read by servers"),
        ("SELECT * FROM pg_shadow", "postgres", "not one that may be read"),
        ("SELECT t FROM t", "postgres", "whole row"),
        ("SELECT " + "(" * 900 + "1" + ")" * 900, "sqlite", "too deeply"),
        ("SELECT '" + "x" * 30_000 + "'", "sqlite", "longer than"),
    ],
)  # fmt: skip
def test_a_refusal_says_what_is_refused(sql: str, dialect: str, why: str) -> None:
    """And where the rules are."""
    with pytest.raises(UsageError, match=why) as refused:
        admitted(sql, dialect)

    assert "ask-a-database" in refused.value.hint


@given(
    st.sampled_from([("postgres", POSTGRESQL), ("mysql", MARIADB), ("sqlite", SQLITE)]).flatmap(
        lambda pair: st.tuples(st.just(pair[0]), st.sampled_from(pair[1]))
    ),
    st.sampled_from(
        [
            "SELECT ({})",
            "SELECT * FROM ({}) AS q",
            "WITH q AS ({}) SELECT * FROM q",
            "{} UNION {}",
            "/* x */ {} -- y",
        ]
    ),
)
def test_an_attack_stays_refused_inside_another_statement(attack: tuple[str, str], around: str) -> None:
    """What is admitted has no node but those of the lists when it is parsed again, and is one SELECT."""
    dialect, sql = attack
    try:
        sent = admitted(around.format(sql, sql), dialect).sql(5)
    except UsageError:
        return
    again = sqlglot.parse(sent, dialect=dialect)

    assert 1 == len(again)
    assert sent == admitted(sent, dialect).sql(5)


def test_a_secret_is_followed_through_names() -> None:
    """By alias, subquery, WITH and UNION; a column beside it is not hidden."""
    sql = "WITH t AS (SELECT id AS i, api_key AS k FROM users) SELECT i, upper(k) AS z FROM t"
    statement = admitted(sql, "postgres")

    assert [False, True] == [statement.hides(place, name) for place, name in enumerate(("i", "z"))]
