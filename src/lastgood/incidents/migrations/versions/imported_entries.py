"""Which entries came in with a case from elsewhere; what they ask for is not carried out unasked."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_TABLE = "lastgood_imported"


def upgrade() -> None:
    """Make the table and forbid everything but adding to it."""
    op.create_table(
        _TABLE,
        sa.Column("incident", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=False),
    )
    for statement in _sqlite() if op.get_bind().dialect.name == "sqlite" else _postgresql():
        op.execute(statement)


def _sqlite() -> list[str]:
    return [
        f"CREATE TRIGGER {_TABLE}_no_{what} BEFORE {what} ON {_TABLE} "
        f"BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END"
        for what in ("UPDATE", "DELETE")
    ]


def _postgresql() -> list[str]:
    trigger = (
        f"CREATE TRIGGER {_TABLE}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {_TABLE} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION lastgood_append_only()"
    )
    return [trigger]
