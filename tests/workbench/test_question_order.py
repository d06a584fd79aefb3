"""Questions come after those whose answers they use, and one brings what it builds on."""

from dataclasses import replace

import pytest

from lastgood.inspections._registry import inspections
from lastgood.model.answers import Onset
from lastgood.workbench.question_order import builds_on, ordered, wanted


def test_each_comes_after_what_it_uses() -> None:
    """Whatever order they are given in."""
    every = wanted(None)
    found = ordered(reversed(every))

    assert {one.name for one in every} == {one.name for one in found}
    for place, one in enumerate(found):
        assert not one.uses & {later.gives for later in found[place:]} & {other.gives for other in every}


def test_questions_about_an_action_are_asked_by_name_only() -> None:
    """They need what only whoever asks knows."""
    handed = next(one for one in inspections() if one.handed is not None)

    assert handed.name not in {one.name for one in wanted(None)}
    assert handed.name in {one.name for one in wanted(handed.name)}
    assert () == wanted("no such question")


def test_questions_that_wait_for_each_other_are_a_mistake() -> None:
    """It is said which."""
    first, second = wanted(None)[:2]
    pair = (replace(first, uses=frozenset({second.gives})), replace(second, uses=frozenset({first.gives})))

    with pytest.raises(RuntimeError, match=first.name):
        ordered(pair)


def test_every_question_but_the_onset_waits_for_its_windows() -> None:
    """Also where it does not name it."""
    assert [True] == [Onset not in builds_on(one) for one in inspections() if one.gives is Onset]
    assert all(Onset in builds_on(one) for one in inspections() if one.gives is not Onset)
