"""Claims on incidents: one for each."""

import pytest

from lastgood.errors import RecordFailedError
from lastgood.incidents.database import Database

ROW = "INSERT INTO lastgood_claims (incident, owner, until, cancelled) VALUES (1, 'a', 0, 0)"


def test_an_incident_has_one_claim(kept: Database) -> None:
    """A second row of it is refused."""
    with kept.writing() as transaction:
        transaction.run(ROW)

    with pytest.raises(RecordFailedError), kept.writing() as transaction:
        transaction.run(ROW)
