"""Who is somebody: roles, teams and names are, systems and processes are not."""

import pytest

from lastgood.algorithms.messages.people import is_somebody
from lastgood.algorithms.messages.sentences import sentences_of


@pytest.mark.parametrize(
    ("text", "somebody"),
    [
        ("the night operator", True),
        ("our IC", True),
        ("customer service", True),
        ("senior management", True),
        ("Noor", True),
        ("memory management", False),
        ("the cache", False),
        ("Kubernetes", False),
        ("Suddenly", False),
        ("Emily", True),
    ],
)
def test_people_are_told_from_things(text: str, *, somebody: bool) -> None:
    """By the head of the phrase, what stands before it, and capital letters."""
    (sentence,) = sentences_of(text)

    assert somebody == is_somebody(sentence, sentence.tokens)
