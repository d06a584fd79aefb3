"""Words of Kubernetes in plain words, each once."""

from dataclasses import replace

import pytest

from lastgood.model.answers import Culprits
from lastgood.surfaces.card import card_of
from lastgood.surfaces.glossary import Glossary
from sitreps import broken


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("OOMKilled: Container cart", "OOMKilled: killed because it used more memory than allowed"),
        ("BackOff: Back-off restarting failed container", "Back-off restarting: it exits again and again"),
        ("CrashLoopBackOff", "CrashLoopBackOff: it exits again and again"),
        ("Unhealthy: Readiness probe failed", "Readiness probe: the pod receives no requests until"),
        ("Evicted: The node was low on resource", "Evicted: the node stopped the pod"),
    ],
)
def test_what_a_word_means_follows_it(text: str, meaning: str) -> None:
    """In half a sentence, after the text that has it."""
    found = Glossary().explained(text)

    assert found.startswith(f"{text} · ")
    assert meaning in found


def test_each_word_is_explained_once() -> None:
    """At its first place; other texts stay as they are."""
    terms = Glossary()

    assert [False, True, False] == [
        "the node stopped" in terms.explained(one) for one in ("a", "Evicted", "Evicted")
    ]
    assert "a" == terms.explained("a")


def test_the_card_explains_but_not_what_is_sent() -> None:
    """The rows of suspects, in full; SAY goes to others as it is."""
    sitrep = broken()
    assert sitrep.culprits is not None
    first = replace(sitrep.culprits.ranked[0], because="7 platform events: “OOMKilled: cart”")
    card = card_of(replace(sitrep, culprits=Culprits((first,))))
    texts = {section.label: " ".join(row.cells[-1] for row in section.rows) for section in card.sections}

    assert "more memory than allowed" in texts["SUSPECTS"]
    assert "more memory than allowed" not in texts["SAY"]
