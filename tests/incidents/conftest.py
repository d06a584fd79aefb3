"""Databases of both kinds for what is kept beside the record."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import postgres
from lastgood.incidents.database import Database, open_database


@pytest.fixture(scope="session")
def cluster() -> Iterator[Path]:
    """One PostgreSQL for the run."""
    with postgres.cluster() as folder:
        yield folder


@pytest.fixture
def kept(record_url: str) -> Iterator[Database]:
    """That database, open."""
    database = open_database(record_url)
    yield database
    database.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def record_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database, of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/kept/record.db"
    return postgres.new_database(request.getfixturevalue("cluster"))
