"""Who does what in an incident."""

from lastgood.model.entry import KINDS
from lastgood.model.team import Joined, TeamRole


def test_a_role_is_recorded_by_its_name() -> None:
    """An entry of its kind can be stored, and its role is the word that commands take."""
    assert Joined is KINDS[Joined.kind]
    assert "communications" == str(Joined(TeamRole.COMMUNICATIONS).role)
