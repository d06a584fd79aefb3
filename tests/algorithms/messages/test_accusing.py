"""Accusation: each frame points at somebody, and the same words around a thing point at nobody."""

import pytest

from lastgood.algorithms.messages.accusing import FRAMES, accused
from lastgood.algorithms.messages.sentences import sentences_of

ACCUSING = [
    ("blamed", "I blame the lack of ownership in the search team."),
    ("is on", "The failed page is on Victor."),
    ("because of", "It failed because of the intern."),
    ("act of", "The outage was the result of Noor's change."),
    ("thanks to", "Thanks to Noor, we lost an hour."),
    ("can thank", "You can thank the search team for this."),
    ("lies with", "The fault lies with the integrator."),
    ("fault of", "The outage is the responsibility of the administrators."),
    ("it was", "It was the intern who deleted the volume."),
    ("is the cause", "The new engineer is the problem."),
    ("confused", "The engineer confused the primary with the standby."),
    ("outcome", "The engineer's decision to wait prolonged it."),
    ("only then", "The engineer only noticed after customers called."),
    ("knew but", "The team knew of it but went on."),
    ("offhand", "Noor pushed the patch straight to production."),
    ("careless", "It is the first time that night the search team forgets it."),
    ("character", "It was irresponsible of the team to ship."),
    ("unprepared", "The team was simply not prepared."),
    ("who thought", "I wonder who thought this was enough."),
    ("aside", "The search team, once again, made a change."),
    ("held", "Hold the team accountable."),
    ("how could", "How could the reviewer miss this?"),
    ("cause is", "The root cause is the search team shipping early."),
    ("is whose", "The mistake was Noor's."),
    ("avoided by", "It could have been avoided by a careful engineer."),
    ("despite", "Despite being told about it, the engineer went on."),
    ("was warned", "The engineer was warned about the disk."),
    ("advised", "We told the team a hundred times not to."),
    ("must learn", "Developers need to stop shipping late."),
    ("lacked", "The engineer lacked the experience."),
    ("why", "Why did nobody check the replica?"),
    ("whoever", "Whoever wrote this never read the manual."),
    ("spoke to", "We had a word with the individual."),
    ("judged", "I can't believe Noor merged it."),
]
HARMLESS = [
    "The volume failed because of the disk.",
    "The outage was the result of the scheduler's change.",
    "Thanks to everybody who helped.",
    "It was the intern who noticed the pattern.",
    "The cache is the problem.",
    "The scheduler confused the two zones.",
    "The platform team's rollback ended it.",
    "It could have been avoided by a check.",
    "The root cause is a missing time-out.",
    "Why did nobody get the page?",
    "Whoever is on call can restart it.",
]


def accused_in(text: str) -> str | None:
    (sentence,) = sentences_of(text)
    found = accused(sentence)
    return found.text if found else None


@pytest.mark.parametrize(("frame", "text"), ACCUSING)
def test_every_frame_accuses(frame: str, text: str) -> None:
    """Somebody is pointed at, whatever the deed."""
    assert accused_in(text), frame


def test_no_frame_is_without_an_example() -> None:
    """A frame that nothing fits is dead code."""
    assert list(FRAMES) == sorted({frame for frame, _ in ACCUSING}, key=list(FRAMES).index)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_points_at_things_accuses_nobody(text: str) -> None:
    """The same words around a machine, thanks, or a question for the system."""
    assert accused_in(text) is None
