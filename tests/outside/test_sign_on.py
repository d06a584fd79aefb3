"""The authorization code flow against a provider that signs real tokens: what holds, and everything that does not."""

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from identities import CLIENT, SECRET, Identity, provider
from lastgood.errors import CannotRunError, NotSignedOnError
from lastgood.model.access import Flow
from lastgood.outside.sign_on import Provider, safe_address

FLOW = Flow("state-of-a-test", "nonce-of-a-test", "verifier-of-a-test" * 3)
BACK = "http://127.0.0.1:1/login/oidc/callback"


@pytest.fixture
def identity() -> Iterator[Identity]:
    with provider() as found:
        yield found


def at(identity: Identity, secret: str = SECRET) -> Provider:
    return Provider(identity.url, CLIENT, secret, BACK, ("openid", "email"))


def answer_of(asked: Provider, flow: Flow = FLOW) -> dict[str, str]:
    """What the browser comes back with."""
    sent = httpx.get(asked.address(flow)).headers["location"]
    assert sent.startswith(BACK)
    return dict(parse_qsl(urlsplit(sent).query))


@pytest.mark.parametrize("ways", [["client_secret_basic"], ["client_secret_post"], None])
def test_who_signs_on_is_known_by_the_claims(identity: Identity, ways: list[str] | None) -> None:
    """The secret goes by either way; a code counts once."""
    identity.described = {"token_endpoint_auth_methods_supported": ways} if ways else {}
    asked = at(identity)
    answer = answer_of(asked)

    claims = asked.claims(FLOW, answer)
    assert ("42", "kim@example.com") == (claims["sub"], claims["email"])
    with pytest.raises(NotSignedOnError, match="did not accept the code"):
        asked.claims(FLOW, answer)
    assert SECRET not in repr(asked)


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"}, {"aud": "other"}, {"aud": [CLIENT, "other"]}, {"azp": "other"},
        {"nonce": "other"}, {"nonce": None}, {"exp": 1_700_000_000}, {"exp": None}, {"iat": None}, {"sub": None},
        {"nbf": 9_999_999_999}, {"iat": 9_999_999_999}, {"aud": None},
    ],
    ids=str,
)  # fmt: skip
def test_a_token_for_others_of_others_or_out_of_time_does_not_hold(
    identity: Identity, claims: dict[str, Any]
) -> None:
    """Issuer, audience, party, nonce and times are all checked."""
    identity.claims = claims
    asked = at(identity)

    with pytest.raises(NotSignedOnError):
        asked.claims(FLOW, answer_of(asked))


def test_several_audiences_hold_with_this_one_as_the_party(identity: Identity) -> None:
    """As the standard has it."""
    identity.claims = {"aud": [CLIENT, "other"], "azp": CLIENT, "exp": int(time.time()) - 30}  # noqa: TID251
    asked = at(identity)

    assert "42" == asked.claims(FLOW, answer_of(asked))["sub"]  # clocks may differ by a minute


@pytest.mark.parametrize(("algorithm", "signed_by"), [("RS256", "other"), ("HS256", "own"), ("none", "own")])
def test_only_a_key_of_the_provider_signs(identity: Identity, algorithm: str, signed_by: str) -> None:
    """Not another key, not a shared secret, and not none at all."""
    identity.algorithm, identity.signed_by = algorithm, signed_by
    asked = at(identity)

    with pytest.raises(NotSignedOnError, match="does not hold"):
        asked.claims(FLOW, answer_of(asked))


@pytest.mark.parametrize(
    "change", [{"state": "other"}, {"state": ""}, {"iss": "https://evil.example"}, {"code": ""}], ids=str
)
def test_an_answer_to_another_log_in_is_refused_before_anything_is_asked(
    identity: Identity, change: dict[str, str]
) -> None:
    """Its code is not used."""
    asked = at(identity)
    answer = answer_of(asked)

    with pytest.raises(NotSignedOnError):
        asked.claims(FLOW, {**answer, **change})
    assert answer["code"] in identity.codes


def test_a_code_is_of_no_use_without_what_the_browser_kept(identity: Identity) -> None:
    """Another verifier."""
    asked = at(identity)

    with pytest.raises(NotSignedOnError, match="did not accept"):
        asked.claims(replace(FLOW, verifier="x" * 43), answer_of(asked))
    assert 1 == len(identity.refused)


@pytest.mark.parametrize(
    "described",
    [
        {"issuer": "https://evil.example"},
        {"authorization_endpoint": "http://evil.example/"},
        {"authorization_endpoint": ""},
    ],
    ids=str,
)
def test_a_provider_that_is_another_or_without_tls_is_not_used(
    identity: Identity, described: dict[str, str]
) -> None:
    """No one is sent there."""
    identity.described = described

    with pytest.raises(CannotRunError):
        at(identity).address(FLOW)


def test_a_provider_that_is_away_is_said_so() -> None:
    """Nothing of the address is in the words."""
    with pytest.raises(CannotRunError, match="cannot be asked: ConnectError"):
        Provider("http://127.0.0.1:9", CLIENT, "", BACK, ()).address(FLOW)


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://login.example.com", True), ("http://localhost:1", True), ("http://[::1]:1", True),
        ("http://login.example.com", False), ("ftp://localhost", False), ("", False), ("https://[", False),
    ],
)  # fmt: skip
def test_secrets_go_by_tls_or_stay_on_this_machine(url: str, safe: bool) -> None:
    assert safe is safe_address(url)
