"""What a clause holds against its subject, rule by rule."""

import pytest

from lastgood.algorithms.messages.clauses import clauses_of
from lastgood.algorithms.messages.held_against import held_against, is_careless
from lastgood.algorithms.messages.sentences import sentences_of


def held(text: str) -> bool:
    (sentence,) = sentences_of(text)
    clauses = list(clauses_of(sentence))
    return any(held_against(clause, clauses) for clause in clauses)


@pytest.mark.parametrize(
    "text",
    [
        "The operator forgot the flag",
        "The engineer blindly restarted it",
        "The intern broke the build",
        "The engineer wiped the disk",
        "The developer merged a broken branch",
        "The developer restarted the primary instead of the replica",
        "The developer reverted the wrong commit",
        "The engineer deployed on Friday, against the policy",
        "The reviewer did not read it",
        "The engineer was not there",
        "The technician deployed without a test",
        "Nobody noticed",
        "The team failed to escalate",
        "The engineer should have asked",
        "The engineer was careless",
        "The intern is to blame",
        "The manager on duty insisted on the date",
        "The engineer does not understand locks",
        "Engineer X ran the migration on production",
        "Nobody was monitoring",
        "The team failed in its duty to check",
        "The reviewer gave it no thought",
        "The engineer reacted late",
        "Any careful engineer would have seen it",
        "The engineer was removed from the rota",
        "Checkout broke because the engineer restarted it",
    ],
)
def test_each_way_of_blaming_is_known(text: str) -> None:
    """Carelessness, harm, fault, omission, obligation, character, accusation, pressure, comparison, cause."""
    assert held(text)


@pytest.mark.parametrize(
    "text",
    [
        "The engineer restarted the primary at 15:04",
        "The engineer restarted the primary",
        "The team reacted quickly and calmly",
        "Marcus took over as incident lead",
        "The consultant left in June",
        "Developers can ignore this warning",
        "The engineer is reverting the broken branch",
        "The developer found the wrong region",
        "The engineer was not told",
        "The reviewer did not have access",
        "The worker crashed twice",
        "Nobody was charged twice",
        "The technician deployed without downtime",
        "The developer found the wrong commit",
        "The engineers should have been told",
        "The agent shows a wrong price",
        "Orders failed because they expired",
        "The engineer turned off the flag to stop the refusals",
    ],
)
def test_an_account_holds_nothing_against_anybody(text: str) -> None:
    """Acts of an incident, repairs, what others owed them, machines of the same name."""
    assert not held(text)


def test_carelessness_alone_can_be_asked_for() -> None:
    """As for the writer's own."""
    sentences = [next(iter(sentences_of(text))) for text in ("We forgot it", "We restarted it")]

    assert [True, False] == [any(map(is_careless, clauses_of(sentence))) for sentence in sentences]
