"""Clauses: who is the subject, and what is said of it."""

import pytest

from lastgood.algorithms.messages.clauses import clauses_of
from lastgood.algorithms.messages.sentences import sentences_of


def heads(text: str) -> list[str]:
    (sentence,) = sentences_of(text)
    return [clause.head.text if clause.head else "" for clause in clauses_of(sentence)]


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (["engineer"], "The junior engineer on call restarted it"),
        (["portal"], "The intern programme portal is down"),
        (["node"], "The failed node was replaced"),
        (["SRE", "SRE"], "The SRE on duty panicked and restarted everything"),
        (["Victor", "Hannah"], "Victor wrote the fix and Hannah reviewed it"),
        (["Checkout", "Ravi"], "Checkout failed because Ravi did not follow the runbook"),
        (["engineers", "engineers"], "The engineers who wrote this did not understand it"),
        (["owner"], "The product owner pushed for it"),
        ([""], "Restarted the workers"),
    ],
)
def test_the_subject_is_found(expected: list[str], text: str) -> None:
    """By position, whatever the nouns are."""
    assert expected == heads(text)


def test_what_is_said_is_the_rest() -> None:
    """From the verb on, in lower case."""
    (sentence,) = sentences_of("Anna is Checking refunds")
    (clause,) = clauses_of(sentence)

    assert ("is", "checking", "refunds") == clause.words
    assert not clause.inherited
