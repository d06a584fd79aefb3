"""The tables of the record, named apart from anything else in a team's database."""

from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, Text

metadata = MetaData()

ENTRIES = Table(
    "lastgood_entries",
    metadata,
    Column("incident", Integer, primary_key=True, autoincrement=False),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("actor", Text, nullable=False),
    Column("at", Text, nullable=False),  # RFC 3339 in UTC with microseconds: it is hashed as it stands
    Column("written_at", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("payload", Text, nullable=False),  # JSON
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
)

# Whatever is too large for an entry, by the SHA-256 of its content: rows of evidence, documents, output.
CONTENTS = Table(
    "lastgood_contents",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)
