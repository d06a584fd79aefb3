"""What a postmortem asks about the change at fault: which of four practices it had, and what each missing one would have done."""

from collections.abc import Iterator

from lastgood.model.entry import Triaged
from lastgood.surfaces.deploy_practice import ANSWERS, NAMES, QUESTIONS
from lastgood.surfaces.postmortem.document import Block, Grid


def asked_of_change(said: Triaged | None) -> Iterator[Block]:
    """The four, each with what the feed reports, and a question for each that the change did not show."""
    rows = tuple(
        (NAMES[one.practice], ANSWERS[one.done], one.because, "" if one.done else QUESTIONS[one.practice])
        for one in (said.practice if said else ())
    )
    if rows:
        yield Grid(("Before all users had it", "Done", "As reported", "To be answered"), rows)
