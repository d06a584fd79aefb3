"""Asking one question."""

import pytest

from lastgood.errors import UsageError
from lastgood.workbench.ask import ask, question_named, questions
from lastgood.workbench.store import Store
from lives import NOW, after, write_lines


def test_every_question_has_its_name_words_and_manual() -> None:
    """Names are those of the files."""
    every = questions()

    assert "onset" in {question.name for question in every}
    assert all(question.question.endswith("?") and question.manual for question in every)


def test_a_near_name_is_proposed() -> None:
    """A slip of the finger gets the name that was meant."""
    with pytest.raises(UsageError) as refused:
        question_named("onsett")

    assert "Did you mean 'onset'?" == refused.value.hint


def test_only_the_question_is_answered(store: Store) -> None:
    """Findings of the questions it builds on are not given."""
    write_lines(store, (after(0), "web", 9, "hello"))

    findings = ask(store, "confirm", now=NOW)

    assert {question_named("confirm").question} == {finding.question for finding in findings}
