"""Tokens that services refuse: whoever issues them is a place of such errors, though no one calls it with a request that fails."""

import re
from collections.abc import Iterable

from lastgood.inspections.what_changed.weights import ISSUES_TOKENS, TOKEN_ERRORS
from lastgood.model.judgement import Reason

# What libraries for JSON Web Tokens (RFC 7519, RFC 7517) and sessions say of one that they do not take.
_REFUSED = re.compile(
    r"(?i)\b(?:jwt|jws|jwks|kid|token|bearer|id_token|assertion|saml)\b.{0,80}\b(?:invalid|refused|rejected|unknown|not found|no (?:matching )?key|mismatch|unverified|unexpected|revoked|verif\w+)"
    r"|\b(?:invalid|refused|rejected|unknown|no (?:matching )?(?:signing )?key|mismatch|could not verify|failed to verify|unable to find)\b.{0,80}\b(?:jwt|jws|jwks|kid|token|issuer|audience|signing key|saml)\b"
)
# What those who issue them are called.
_ISSUER = re.compile(
    r"(?i)(?:^|[-_.])(?:auth(?:n|z|entication|orization|server)?|identity(?:server)?|idp|sso|login|signin|oauth2?|oidc|iam|keycloak|hydra|dex|tokens?|jwks|users?|accounts?|sessions?)(?:$|[-_.])"
)


def refuses_tokens(errors: Iterable[str]) -> bool:
    """Whether the most frequent new errors say that a token is not taken."""
    return any(_REFUSED.search(text) for text in list(errors)[:TOKEN_ERRORS])


def issuing(parties: Iterable[str]) -> Reason | None:
    """That a change is of one who issues tokens, by its name."""
    name = min(filter(_ISSUER.search, parties), default="")
    return Reason(ISSUES_TOKENS, name=name) if name else None
