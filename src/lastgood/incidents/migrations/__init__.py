"""Alembic's migrations of the record's tables, applied when a record is opened."""
