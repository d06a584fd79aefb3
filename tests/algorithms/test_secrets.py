"""Secrets in text: obvious ones go, the rest stays."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood.algorithms.secrets import BLOT, names_a_secret, without, without_secrets
from spelt_secrets import SPELT, UNSPELT


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("postgresql://app:hunter2@db:5432/orders", f"postgresql://app:{BLOT}@db:5432/orders"),
        ("redis://:hunter2@cache/0", f"redis://:{BLOT}@cache/0"),
        ("Authorization: Bearer abc.def-123", f"Authorization: Bearer {BLOT}"),
        ("authorization: Basic dXNlcjpwYXNz", f"authorization: Basic {BLOT}"),
        ('{"Authorization": "Bearer abc123def"}', f'{{"Authorization": "Bearer {BLOT}"}}'),
        ("Cookie: session=abc; theme=dark", f"Cookie: {BLOT}"),
        ("DB_PASSWORD=hunter2 DB_HOST=db", f"DB_PASSWORD={BLOT} DB_HOST=db"),
        ('{"password": "hun ter2", "user": "app"}', f'{{"password": {BLOT}, "user": "app"}}'),
        ("api_key=abc&page=2", f"api_key={BLOT}&page=2"),
        ("mysql --password hunter2 -u app", f"mysql --password {BLOT} -u app"),
        ("ALTER USER app IDENTIFIED BY 'hunter2'", f"ALTER USER app IDENTIFIED BY '{BLOT}'"),
        ("key AKIAABCDEFGHIJKLMNOP used", f"key {BLOT} used"),
        ("ghp_abcdefghijklmnopqrstuvwxyz0123", BLOT),
        ("jwt eyJhbGciOiJIUzI1.eyJzdWIiOiIx.abc", f"jwt {BLOT}"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nok", f"{BLOT}\nok"),
    ],
)
def test_known_forms_are_blotted_out(text: str, left: str) -> None:
    """What is around them stays readable."""
    assert left == without_secrets(text)


@pytest.mark.parametrize(
    "text",
    [
        "token expired for user 81",
        "password authentication failed for user app",
        "https://api.example.com/v1/charges?page=2",
        "2026-11-22T14:45:03Z pool wait 1200 ms, 40 of 40 connections in use",
        "author: kim",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    """A word about secrets is none."""
    assert text == without_secrets(text)


@given(st.text(alphabet="abcdefghjkmnpqrsuvwxyz0123456789", min_size=6, max_size=30), st.text(max_size=20))
def test_a_named_secret_never_survives(secret: str, around: str) -> None:
    """Whatever stands around it."""
    assert secret not in without_secrets(f"{around} password={secret}\n").replace(around, "")


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("token", True),
        ("db_password", True),
        ("api-key", True),
        ("service", False),
        ("tokens_per_second", False),
    ],
)
def test_a_value_is_secret_by_its_name(name: str, secret: bool) -> None:
    """As templates name it."""
    assert secret is names_a_secret(name)


@pytest.mark.parametrize(
    "said", ['hun"ter ä', r"hun\"ter ä", "hun%22ter%20%C3%A4", "aHVuInRlciDDpA==", "aHVuInRlciDDpA"]
)
def test_a_known_secret_goes_in_every_spelling(said: str) -> None:
    """As JSON, addresses and Base64 have it."""
    assert f"got {BLOT}." == without(f"got {said}.", ['hun"ter ä', ""])


@pytest.mark.slow
@pytest.mark.parametrize(
    "pump",
    [
        "a://",
        "a://b:",
        "://a:b",
        'password=\\"',
        "<password a",
        "a_password ",
        "mysql ",
        "docker login ",
        "-",
        "--a-",
        "http,",
        "create user ",
        "cookie: ",
    ],
)
def test_a_hostile_text_takes_no_time(pump: str) -> None:
    """The first three took the square of their length: minutes for what a command prints."""
    started = process_time()
    without_secrets(pump * (100_000 // len(pump)))

    assert process_time() - started < 1


@pytest.mark.parametrize("text", SPELT)
def test_a_secret_in_any_spelling(text: str) -> None:
    """Escaped in another text, of Ruby, PHP, XML, SQL, shells and vendors."""
    assert "Hunter2x" not in without_secrets(text)


@pytest.mark.parametrize("text", UNSPELT)
def test_a_command_without_a_secret_stays(text: str) -> None:
    """Ports, prompts, variables, and options of other commands."""
    assert text == without_secrets(text)
