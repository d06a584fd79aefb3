"""Redaction: secrets and personal data are taken out, ordinary figures are left."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood.algorithms.redaction import redacted
from spelt_secrets import SPELT, UNSPELT

TOKEN = "ghp_" + "a1B2" * 9
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    ("clean", "text"),
    [
        ("mail [e-mail address] now", "mail kim.lee+x@shop.example.com now"),
        (r'{"by": "[e-mail address]"}', r'{"by": "zo\u00eb@example.net"}'),
        (r"hello\n[e-mail address]", r"hello\nana@example.com"),
        (r"C:\home\[e-mail address]", r"C:\home\ana@example.com"),
        ("card [card number].", "card 4111 1111 1111 1111."),
        ("card [card number]", "card 378282246310005"),
        ("to [account number]", "to DE89 3704 0044 0532 0130 00"),
        ("[token] is out", f"{TOKEN} is out"),
        ("[token]", JWT),
        ("https://[password]@db.example.com/x", "https://kim:hunter2@db.example.com/x"),
        ("[secret] in the log", "password=hunter2secret in the log"),
        ("[secret]", "API_KEY: 'abcd1234efgh'"),
        ("[key]", "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----"),
    ],
)
def test_what_must_not_leave_is_named_instead(clean: str, text: str) -> None:
    """Each by its form."""
    assert clean == redacted(text)[0]
    assert 1 == len(redacted(text)[1])


@pytest.mark.parametrize(
    "text",
    [
        "Since 14:45 UTC 4.9 % of 17 280 requests fail.",
        "order 4111 1111 1111 1112 failed",  # no card: its check digit does not hold
        "trace 4bf92f3577b34da6a3ce929d0e0e4736 of 2026-11-24T15:16:00Z",
        "The token service is down; password resets arrive late.",
        "payments 2.46.0 on 10.0.3.17",
        "00000000000000",
    ],
)
def test_ordinary_figures_stay(text: str) -> None:
    """Counts, times, ids, versions, and words about secrets."""
    assert (text, ()) == redacted(text)


@given(st.text(max_size=100))
def test_twice_is_as_good_as_once(text: str) -> None:
    """What was put in is not taken out again."""
    once = redacted(text)[0]

    assert (once, ()) == redacted(once)


@pytest.mark.slow
@pytest.mark.parametrize("pump", ["a.", "1-", "a+", "token-", "a@", "token a", "<password a"])
def test_a_hostile_text_takes_no_time(pump: str) -> None:
    """The first four took the square of their length."""
    started = process_time()
    redacted(pump * (100_000 // len(pump)))

    assert process_time() - started < 1


@pytest.mark.parametrize("text", SPELT)
def test_a_secret_in_any_spelling(text: str) -> None:
    """Escaped in another text, of Ruby, PHP, XML, SQL, shells and vendors."""
    assert "Hunter2x" not in redacted(text)[0]


@pytest.mark.parametrize("text", UNSPELT)
def test_a_command_without_a_secret_stays(text: str) -> None:
    """Ports, prompts, variables, and options of other commands."""
    assert text == redacted(text)[0]
