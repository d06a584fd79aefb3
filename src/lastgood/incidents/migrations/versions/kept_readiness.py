"""Readiness as it was measured, run by run."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_TABLE = "lastgood_readiness"


def upgrade() -> None:
    """Make the table and forbid everything but adding to it."""
    op.create_table(
        _TABLE, *(sa.Column(name, sa.Text, nullable=False) for name in ("at", "actor", "measured"))
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
