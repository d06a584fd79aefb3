"""Blame: somebody and something held against them are found in one relation, and only then."""

import pytest

from lastgood.algorithms.messages.blaming import blames
from lastgood.algorithms.messages.sentences import sentences_of


def blamed(text: str) -> list[str]:
    return [text[flaw.start : flaw.end] for sentence in sentences_of(text) for flaw in blames(sentence)]


@pytest.mark.parametrize(
    ("who", "text"),
    [
        ("Ingrid", "Ingrid shipped a faulty release."),
        ("team", "The search team never tested it."),
        ("intern", "The new intern forgot about the cache."),
        ("staff", "A member of staff accidentally removed the volume."),
        ("by", "The router was misconfigured by a contractor."),
        ("error", "Operator error."),
        ("Paul's", "It went down after Paul's sloppy edit."),
        ("Noor", "If Noor had asked, we would not have lost the data."),
        ("Legal", "Legal should have told us."),
        ("negligence", "That was plain negligence."),
        ("careless", "This was caused by a careless deploy."),
        ("by", "It was caused by Noor deploying early."),
        ("Noor", "It would not have failed had Noor asked."),
        ("team", "If only the search team had answered."),
        ("judgement", "A lapse in judgement."),
        ("nobody", "Why did nobody check the replica?"),
        ("Paul", "I can't believe Paul merged this."),
        ("from", "The handover from the night shift was poor."),
        ("Ingrid", "Ingrid deployed to production, bypassing review."),
    ],
)
def test_a_fault_held_against_somebody_is_found(who: str, text: str) -> None:
    """By act, omission, agent of a passive, noun, ownership, counterfactual, duty."""
    assert [who] == blamed(text)


@pytest.mark.parametrize(
    "text",
    [
        "Ingrid is rolling back the faulty release.",
        "The search team tested it at 12:00 UTC.",
        "The scheduler forgot its jobs.",
        "The router was misconfigured by the template.",
        "Operator sign-in fails.",
        "Paul's edit adds the missing index.",
        "If the alert had fired, we would not have lost the data.",
        "The alert should have fired.",
        "No check stops an untested change.",
        "Backend failed to respond.",
        "Frontend crashed at 14:45 UTC.",
        "Quorum crashed twice.",
        "The vendor's driver leaks a file handle per connection.",
        "The admin page lets anybody delete a region without confirmation.",
        "The memory management did not free the buffer.",
        "Why did nobody get the page at 02:00?",
    ],
)
def test_acts_and_failing_machines_are_no_blame(text: str) -> None:
    """The same words, without somebody at fault."""
    assert [] == blamed(text)


def test_the_question_asks_for_the_system() -> None:
    """A person cannot be changed by a postmortem; what made it possible can."""
    (sentence,) = sentences_of("Ingrid broke the build.")
    (flaw,) = blames(sentence)

    assert "What made this possible" in flaw.better


def test_a_service_is_nobody() -> None:
    """A name that the telemetry knows is no person's."""
    (sentence,) = sentences_of("Ledger broke the totals.")

    assert 1 == len(list(blames(sentence)))
    assert [] == list(blames(sentence, ("ledger",)))
