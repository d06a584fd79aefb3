"""Tokens that are refused, and who issues them."""

import pytest

from lastgood.inspections.what_changed.issued_tokens import issuing, refuses_tokens
from lastgood.inspections.what_changed.weights import ISSUES_TOKENS, TOKEN_ERRORS


@pytest.mark.parametrize(
    ("error", "refused"),
    [
        ('token refused: square/go-jose: no key with kid "2026-11b" in the set', True),
        ("jwt.exceptions.InvalidSignatureError: JWT signature verification failed", True),
        ("IDX10503: Signature validation failed. Unable to find kid in the token", True),
        ("failed to verify id token: unexpected issuer", True),
        ("Unexpected token < in JSON at position 0", False),
        ("password authentication failed for user app", False),
    ],
)
def test_libraries_say_that_a_token_is_not_taken(error: str, *, refused: bool) -> None:
    """And not every token of a parser."""
    assert refused is refuses_tokens([error])
    assert refused is refuses_tokens(["out of paper"] * (TOKEN_ERRORS - 1) + [error])
    assert not refuses_tokens(["out of paper"] * TOKEN_ERRORS + [error])


@pytest.mark.parametrize(
    ("name", "issues"),
    [
        ("auth", True),
        ("auth-service", True),
        ("shop-identity", True),
        ("keycloak", True),
        ("author", False),
        ("cart", False),
    ],
)
def test_who_issues_them_is_known_by_name(name: str, *, issues: bool) -> None:
    """As a word of it."""
    found = issuing({name, "web"})
    assert ([ISSUES_TOKENS] if issues else []) == [one.row for one in [found] if one]
