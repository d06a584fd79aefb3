"""Which server looks after which incident, until when, and whether a person ended the questions about it."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "lastgood_claims",
        sa.Column("incident", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),  # seconds since 1970, by the database's clock
        sa.Column("cancelled", sa.Integer, nullable=False),
    )
