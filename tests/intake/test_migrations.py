"""Tables of migrations, however they were exported."""

import json

import pytest

from outcomes import outcome

CSV = (
    b"installed_rank,version,description,type,script,checksum,installed_by,installed_on,execution_time,success\n"
    b"1,2,add index,SQL,V2__add_index.sql,456,shop,2026-11-22 14:04:11.5,60000,false\n"
)
PSQL = (
    b" installed_rank | version | description | script            | installed_by |     installed_on      | execution_time | success \n"
    b"----------------+---------+-------------+-------------------+--------------+-----------------------+----------------+---------\n"
    b"              1 | 2       | add index   | V2__add_index.sql | shop         | 2026-11-22 14:04:11.5 |          60000 | f\n"
    b"(1 row)\n\n"
)
MYSQL = (
    b"+----+----------+-------+---------------------+\n| id | name     | batch | migration_time      |\n"
    b"+----+----------+-------+---------------------+\n|  1 | orders.js|     1 | 2026-11-22 14:03:11 |\n"
    b"+----+----------+-------+---------------------+\n1 row in set (0.00 sec)\n"
)
DJANGO = b" id |  app  | name |            applied            \n----+-------+------+----\n 4 | shop | 0042_x | 2026-11-22 14:03:11.5+00\n(1 row)\n"
LIQUIBASE = json.dumps(
    [
        {
            "ID": "7",
            "AUTHOR": "ann",
            "FILENAME": "db.xml",
            "DATEEXECUTED": "2026-11-22T14:03:11.5Z",
            "EXECTYPE": "EXECUTED",
        }
    ]
).encode()


@pytest.mark.parametrize(
    ("content", "version", "state"),
    [(CSV, "2", "failed"), (PSQL, "2", "failed"), (MYSQL, "orders.js", ""), (DJANGO, "0042_x", ""), (LIQUIBASE, "7", "")],
    ids=["flyway-csv", "flyway-psql", "knex-mysql", "django", "liquibase-json"],
)  # fmt: skip
def test_each_row_is_a_migration_at_the_time_at_which_it_ran(
    content: bytes, version: str, state: str
) -> None:
    """From its start, where the table says how long it took."""
    found = outcome(content, "table.txt")
    (one,) = found.rows["lg_changes"]

    assert ("migration", version, state) == (one["Kind"], one["Version"], one["State"])
    assert "2026-11-22T14:03:11" == one["Timestamp"].isoformat()[:19]
    assert (True, []) == (found.balanced, found.rejects)


@pytest.mark.parametrize(
    "content", [b"version\n20261101100000\n", b" version_num \n--------------\n ae1027a6acf\n(1 row)\n\n"]
)
def test_a_table_without_times_says_so(content: bytes) -> None:
    """A version says at most when a migration was written: no change at a wrong time."""
    found = outcome(content, "schema_migrations.csv")

    assert ({}, 1, True) == (found.rows, len(found.rejects), found.balanced)


def test_other_tables_are_not_taken() -> None:
    """A list of versions, and a log table."""
    for content in (b"version\n1.2.3\n1.2.4\n", b"time,level,name\n2026-11-22T14:03:11Z,info,a\n"):
        try:
            claim = outcome(content, "table.csv").claim.format
        except AssertionError:
            claim = ""
        assert "migrations" not in claim
