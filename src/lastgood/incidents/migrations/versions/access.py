"""Users, keys and sessions of the server, its audit log, and what came in by webhook."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def _texts(*names: str, nullable: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=nullable) for name in names]


def upgrade() -> None:
    """Make the tables; the audit log can only be added to."""
    op.create_table(
        "lastgood_users", sa.Column("name", sa.Text, primary_key=True), *_texts("password_hash", "role")
    )
    op.create_table(
        "lastgood_keys",
        sa.Column("identity", sa.Text, primary_key=True),
        *_texts("hash", "name", "kind", "created_at"),
        *_texts("role", "expires_at", "revoked_at", nullable=True),
        sa.UniqueConstraint("hash"),
    )
    op.create_table(
        "lastgood_sessions",
        sa.Column("hash", sa.Text, primary_key=True),
        *_texts("user_name", "csrf", "expires_at"),
    )
    op.create_table("lastgood_audit", *_texts("at", "actor", "what"))
    op.create_table(
        "lastgood_deliveries",
        sa.Column("source", sa.Text, primary_key=True),
        sa.Column("delivery", sa.Text, primary_key=True),
        *_texts("at"),
    )
    op.create_table(
        "lastgood_alerts",
        sa.Column("alert", sa.Text, primary_key=True),
        sa.Column("incident", sa.Integer, nullable=False),
        *_texts("alert_group", "service", "state", "at"),
    )
    op.create_index("lastgood_alerts_incident", "lastgood_alerts", ["incident"])
    for statement in _sqlite() if op.get_bind().dialect.name == "sqlite" else _postgresql():
        op.execute(statement)


def _sqlite() -> list[str]:
    return [
        f"CREATE TRIGGER lastgood_audit_no_{what} BEFORE {what} ON lastgood_audit "
        f"BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END"
        for what in ("UPDATE", "DELETE")
    ]


def _postgresql() -> list[str]:
    trigger = (
        "CREATE TRIGGER lastgood_audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON lastgood_audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION lastgood_append_only()"
    )
    return [trigger]
