"""The people whom a record knows."""

from dataclasses import replace

from incidents.test_state import entries
from lastgood.incidents.people import people_of
from lastgood.model.entry import Acknowledged, Noted


def test_people_wrote_an_entry_or_took_the_incident_on() -> None:
    """Each once, in order; a name in the words of a note is not known."""
    opened, taken, noted = entries(Acknowledged("lee"), Noted("Sam saw it"))

    assert ("kim", "lee") == people_of([opened, taken, replace(noted, actor="lee")])
