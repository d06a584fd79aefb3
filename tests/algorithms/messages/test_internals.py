"""What the public must not read: found by form or by name, ordinary words left alone."""

import pytest

from lastgood.algorithms.messages.internals import internals, jargon
from lastgood.algorithms.messages.sentences import sentences_of


def found(text: str, *names: str) -> list[str]:
    return [text[f.start : f.end] for s in sentences_of(text) for f in internals(s, names)]


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("10.0.3.17", "Calls to 10.0.3.17 fail."),
        ("db-primary-2", "We restarted db-primary-2."),
        ("orders.svc.cluster.local", "Calls to orders.svc.cluster.local fail."),
        ("NullPointerException", "Checkout throws NullPointerException."),
        ("OPS-1234", "Tracked in OPS-1234."),
        ("4f2c9da", "Reverted 4f2c9da."),
        ("#inc-12", "Talk to us in #inc-12."),
        ("v2.46.0", "Version v2.46.0 is gone."),
        ("pool_size", "We raised pool_size."),
        ("payments-api", "The payments-api is down."),
        ("INC0012345", "The vendor has INC0012345."),
    ],
)
def test_an_internal_is_known_by_its_form(expected: str, text: str) -> None:
    """Addresses, hosts, exceptions, tickets, commits, channels, versions, identifiers."""
    assert [expected] == found(text)


def test_names_of_the_system_are_internal_unless_they_are_words() -> None:
    """A service called `checkout` is also what users call it."""
    assert ["anz-3ds"] == found("Checkout works without anz-3ds.", "anz-3ds", "checkout")


@pytest.mark.parametrize(
    "text",
    [
        "Since 14:45 UTC 4.9 % of payments fail.",
        "SEV-2: 17 280 payments on 2026-11-24.",
        "Pages are defaced at facade level.",
        "The self-service portal is down.",
        "Our payment provider declines 5 % of cards.",
    ],
)
def test_figures_and_words_are_not_internal(text: str) -> None:
    """Numbers, dates, severities, words of hexadecimal letters, a supplier without blame."""
    assert [] == found(text)


def test_a_supplier_is_not_blamed_in_public() -> None:
    """Whose fault it is helps no one who reads it."""
    assert ["provider"] == found("Our provider broke the connection.")


def test_jargon_gets_a_plain_word() -> None:
    """What insiders say, with what everybody says."""
    (sentence,) = sentences_of("Latency is 3 s and calls answer 503.")

    assert ["Plainly: how long answers take.", "Write what users see instead."] == [
        f.better for f in jargon(sentence)
    ]
