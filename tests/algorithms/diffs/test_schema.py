"""Migrations and queries are read statement by statement."""

from lastgood.algorithms.diffs.effects import effects
from lastgood.algorithms.diffs.kinds import EffectKind
from lastgood.algorithms.diffs.schema import schema_effects
from lastgood.algorithms.diffs.syntax import read
from lastgood.algorithms.diffs.unified import hunks


def kinds(diff: str, path: str = "migrations/1.sql") -> set[EffectKind]:
    """The kinds of the effects of all places."""
    return {effect.kind for hunk in hunks(diff, path) for effect in schema_effects(read(hunk))}


def test_an_index_that_is_built_beside_the_writers_locks_nobody() -> None:
    """With CONCURRENTLY or without."""
    assert {EffectKind.LOCKING_MIGRATION} == kinds("+CREATE INDEX a ON b (c);\n")
    assert set() == kinds("+CREATE INDEX CONCURRENTLY a ON b (c);\n")


def test_a_new_table_affects_nobody() -> None:
    """Whatever its columns must be."""
    assert set() == kinds("+CREATE TABLE a (\n+  id bigint NOT NULL,\n+  UNIQUE (id)\n+);\n")


def test_a_statement_over_the_whole_table() -> None:
    """An update without a condition."""
    assert {EffectKind.LOCKING_MIGRATION} == kinds("+UPDATE orders SET total = 0;\n")
    assert set() == kinds("+UPDATE orders SET total = 0 WHERE id = 7;\n")


def test_a_query_in_code() -> None:
    """A condition of it is another."""
    diff = '-    "SELECT * FROM orders WHERE customer_id = %s"\n+    "SELECT * FROM orders WHERE lower(email) = %s"\n'

    assert {EffectKind.QUERY_CHANGED} == kinds(diff, "orders.py")


def test_a_query_over_two_lines_is_the_same_query() -> None:
    """Breaks of lines and what joins texts change nothing; another column does."""
    broken = '-Q = "SELECT a FROM t WHERE id = %s"\n+Q = ("SELECT a FROM t "\n+     "WHERE id = %s")\n'

    assert () == effects(broken, ["db.py"])
    assert effects(broken.replace('+Q = ("SELECT a', '+Q = ("SELECT b'), ["db.py"])


def test_a_migration_in_the_words_of_a_framework() -> None:
    """Rails, Alembic, Django."""
    assert {EffectKind.INDEX_DROPPED} == kinds("+    remove_index :orders, :state\n", "db/migrate/1_x.rb")
    assert {EffectKind.COLUMN_DROPPED} == kinds('+    op.drop_column("a", "b")\n', "alembic/versions/1.py")
    assert set() == kinds("+    create_table :orders do |t|\n", "db/migrate/1_x.rb")


def test_a_clause_is_read_wherever_its_line_breaks() -> None:
    """A type that is another, a column that must be filled, a constraint."""
    assert {EffectKind.LOCKING_MIGRATION} == kinds("+ALTER TABLE a\n+  ALTER COLUMN b TYPE bigint;\n")
    assert {EffectKind.CONSTRAINT_ADDED} == kinds("+ALTER TABLE a ADD CONSTRAINT c UNIQUE (b);\n")
    assert set() == kinds("+ALTER TABLE a ADD COLUMN b text;\n")


def test_a_query_without_its_limit() -> None:
    """Everything is asked for; laid out otherwise it is the same query."""
    limited = "-SELECT a FROM t ORDER BY a LIMIT 10;\n+SELECT a FROM t ORDER BY a;\n"

    assert {EffectKind.SIZE_UNLIMITED} == kinds(limited, "reports/q.sql")
    assert set() == kinds("-select a from t;\n+SELECT a\n+FROM t;\n", "reports/q.sql")
