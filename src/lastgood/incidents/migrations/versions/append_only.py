"""The first tables: entries and contents, and triggers that refuse to change or delete either."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_TABLES = ("lastgood_entries", "lastgood_contents")


def upgrade() -> None:
    """Make the tables and forbid everything but adding to them."""
    op.create_table(
        "lastgood_entries",
        sa.Column("incident", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=False),
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in ("actor", "at", "written_at", "kind", "payload", "previous", "hash")
        ),
    )
    op.create_table(
        "lastgood_contents",
        sa.Column("hash", sa.Text, primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    for statement in _sqlite() if op.get_bind().dialect.name == "sqlite" else _postgresql():
        op.execute(statement)


def _sqlite() -> list[str]:
    return [
        f"CREATE TRIGGER {table}_no_{what} BEFORE {what} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END"
        for table in _TABLES
        for what in ("UPDATE", "DELETE")
    ]


def _postgresql() -> list[str]:
    refusal = (
        "CREATE FUNCTION lastgood_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the record is append-only'; END $$"
    )
    return [
        refusal,
        *(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION lastgood_append_only()"
            for table in _TABLES
        ),
    ]
