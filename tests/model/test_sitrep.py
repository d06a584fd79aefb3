"""What a sitrep says of itself."""

from dataclasses import replace

import pytest

from lastgood.model.finding import Verdict
from sitreps import CONFIRMED, broken, moved


@pytest.mark.parametrize("verdict", list(Verdict))
def test_it_is_as_real_as_the_finding_says(verdict: Verdict) -> None:
    """The verdict of the question whether it is real, whatever else was found."""
    sitrep = replace(broken(), confirmed=replace(CONFIRMED, verdict=verdict))

    assert verdict is sitrep.is_real


def test_a_question_that_was_not_asked_is_no_yes() -> None:
    """Without that finding it is unknown, also where other questions found much."""
    assert Verdict.UNKNOWN is replace(broken(), confirmed=None).is_real


def test_what_affects_nobody_did_not_begin() -> None:
    """What moved is known, and is no onset."""
    assert broken().onset == broken().began
    assert moved().onset
    assert moved().began is None
