"""Deploy practice in words."""

from lastgood.model.deploy_practice import Practice, PracticeCount
from lastgood.surfaces.deploy_practice import NAMES, QUESTIONS, practice_lines


def test_counts_say_what_is_not_reported_and_name_those_without() -> None:
    """Three numbers, and examples where there are any."""
    lines = list(
        practice_lines(
            (PracticeCount(Practice.REVIEW, 3, 1, 2, ("web v2",)), PracticeCount(Practice.GRADUAL, 0, 0, 6))
        )
    )

    assert [
        "review: 3 with, 1 without, 2 not reported (without: web v2)",
        "gradual rollout: 0 with, 0 without, 6 not reported",
    ] == lines


def test_every_practice_has_its_words() -> None:
    """Name and question."""
    assert set(Practice) == set(NAMES) == set(QUESTIONS)
