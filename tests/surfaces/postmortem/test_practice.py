"""What is asked about the change at fault."""

from dataclasses import replace
from pathlib import Path

from lastgood.model.deploy_practice import Practice, Practised
from lastgood.surfaces.deploy_practice import QUESTIONS
from lastgood.surfaces.postmortem.chapters import document
from lastgood.surfaces.postmortem.markdown import postmortem_markdown
from lastgood.surfaces.postmortem.practice import asked_of_change
from postmortems import ASSESSED, made

PRACTICE = (
    Practised(Practice.REVIEW, done=True, because="reviewed_by: kim"),
    Practised(Practice.STAGING, done=False, because="not deployed to staging before"),
    Practised(Practice.GRADUAL, done=None),
)


def test_what_was_missing_and_what_is_not_reported_are_asked(tmp_path: Path) -> None:
    """In the chapter of the trigger; what was done is not asked."""
    text = postmortem_markdown(document(made(tmp_path, replace(ASSESSED, practice=PRACTICE)), charts=False))

    assert QUESTIONS[Practice.STAGING] in text
    assert QUESTIONS[Practice.GRADUAL] in text
    assert QUESTIONS[Practice.REVIEW] not in text
    assert "the change feed does not report it" in text


def test_without_a_change_nothing_is_asked() -> None:
    """Nor without an answer."""
    first, *_ = ASSESSED.changes
    practised = replace(ASSESSED, practice=PRACTICE)
    others = replace(first, change_id="another")

    assert [] == [*asked_of_change(None, first), *asked_of_change(ASSESSED, first)]
    assert [] == [*asked_of_change(practised, others)]  # of which nothing was recorded
    assert [*asked_of_change(practised, first)]
