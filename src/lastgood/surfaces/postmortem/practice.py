"""What a postmortem asks about the change at fault: which of four practices it had, and what each missing one would have done."""

from collections.abc import Iterator

from lastgood.model.answers import WeighedChange
from lastgood.model.entry import Triaged
from lastgood.surfaces.deploy_practice import ANSWERS, NAMES, QUESTIONS
from lastgood.surfaces.postmortem.document import Block, Grid


def asked_of_change(said: Triaged | None, trigger: WeighedChange) -> Iterator[Block]:
    """The four, each with what the feed reports, and a question for each that the trigger did not show."""
    if said is None or not said.changes or said.changes[0].change_id != trigger.change_id:
        return  # the first suspect was looked at, when it was assessed
    rows = tuple(
        (NAMES[one.practice], ANSWERS[one.done], one.because, "" if one.done else QUESTIONS[one.practice])
        for one in said.practice
    )
    if rows:
        yield Grid(("Before all users had it", "Done", "As reported", "To be answered"), rows)
