"""Blame: a person of the record, or a role, is found as the subject of a fault, and only then."""

import pytest

from lastgood.algorithms.messages.blame import blames
from lastgood.algorithms.messages.sentences import sentences_of

PEOPLE = ("ingrid", "Noor Haddad", "payments team")


def blamed(text: str, *systems: str) -> list[str]:
    found = (flaw for sentence in sentences_of(text) for flaw in blames(sentence, PEOPLE, systems))
    return [text[flaw.start : flaw.end] for flaw in found]


@pytest.mark.parametrize(
    ("who", "text"),
    [
        ("Ingrid", "Ingrid shipped a faulty release."),
        ("team", "The search team never tested it."),
        ("intern", "The new intern forgot about the cache."),
        ("staff", "A member of staff accidentally removed the volume."),
        ("contractor", "The router was misconfigured by a contractor."),
        ("Operator", "Operator error."),
        ("Ingrid's", "It went down after Ingrid's sloppy edit."),
        ("Haddad", "If Haddad had asked, we would not have lost the data."),
        ("Noor", "It would not have failed had Noor asked."),
        ("team", "The legal team should have told us."),
        ("negligence", "That was plain negligence."),
        ("engineer", "The careless engineer ran it."),
        ("developer", "The developer was inexperienced."),
        ("Nobody", "Nobody checked the replica."),
        ("Ingrid", "Ingrid pushed it without review."),
        ("Noor", "Noor broke the totals."),
        ("DBA", "The DBA who approved it did not read the plan."),
        ("team", "A mistake on the part of the release team."),
    ],
)
def test_a_fault_held_against_somebody_is_found(who: str, text: str) -> None:
    """By act, omission, agent of a passive, noun, ownership, counterfactual, duty, character."""
    assert [who] == blamed(text)


@pytest.mark.parametrize(
    "text",
    [
        "Ingrid is rolling back the faulty release.",
        "The search team tested it at 12:00 UTC.",
        "The scheduler forgot its jobs.",
        "The router was misconfigured by the template.",
        "Operator sign-in fails.",
        "Ingrid's edit adds the missing index.",
        "If the alert had fired, we would not have lost the data.",
        "The alert should have fired.",
        "No check stops an untested change.",
        "The restart made it worse, and DNS is to blame.",
        "Customers were charged twice by mistake.",
        "The admin page lets anybody delete a region without confirmation.",
        "The operator failed to reconcile the resource.",
        "The engineer was not paged.",
        "The engineer was not careless.",
        "We do not blame the engineer who ran it.",
        "The engineer may miss the alert.",
        "Ingrid restarted the node and errors fell.",
        "Payments failed to authorise cards.",
    ],
)
def test_acts_and_failing_machines_are_no_blame(text: str) -> None:
    """The same words, without a person at fault."""
    assert [] == blamed(text)


def test_only_the_record_knows_a_person() -> None:
    """A capital letter alone is no person; a name of the telemetry is none either."""
    assert [] == blamed("Quorum broke the totals.")
    assert [] == blamed("Ingrid broke the totals.", "ingrid")


def test_the_question_asks_for_the_system() -> None:
    """A person cannot be changed by a postmortem; what made it possible can."""
    (sentence,) = sentences_of("The intern broke the build.")
    (flaw,) = blames(sentence)

    assert "What made this possible" in flaw.better
