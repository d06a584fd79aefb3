"""What led to what, with its evidence."""

from pathlib import Path

from lastgood.inspections._registry import inspections
from lastgood.model.answers import ChangesWeighed, Confirmation
from lastgood.workbench.mechanism import Role, mechanism
from postmortems import over
from rooms import room_in


def test_every_link_cites_the_evidence_of_its_question(tmp_path: Path) -> None:
    """Rows where it has some of its own, else the sitrep that says so."""
    words = {one.gives: one.question for one in inspections()}
    assert ("What changed?", "Is it real?") == (words[ChangesWeighed], words[Confirmation])

    with over(tmp_path) as room:
        chain = mechanism(room.incident, room.entries)

    assert [
        (Role.TRIGGER, (3,)), (Role.CAUSE, (2,)), (Role.CLASS, (2,)), (Role.BREAK, (2,)),
        (Role.SYMPTOM, (2,)), (Role.SPREAD, (2,)), (Role.USERS, (4,)),
    ] == [(link.role, link.cites) for link in chain]  # fmt: skip


def test_without_a_sitrep_that_saw_it_there_is_no_chain(tmp_path: Path) -> None:
    """Nothing is made up."""
    with room_in(tmp_path) as room:
        assert () == mechanism(room.incident, room.entries)
