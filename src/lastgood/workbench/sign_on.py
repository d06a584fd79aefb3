"""Sign-on: log-in through an OpenID Connect provider; a claim says in which role. Off unless `[oidc]` is set."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lastgood.config import Config, Oidc
from lastgood.errors import NotSignedOnError, UsageError
from lastgood.model.access import Flow, Role
from lastgood.outside.sign_on import Provider, safe_address
from lastgood.workbench.access import Access

CALLBACK = "/login/oidc/callback"
LONGEST_CLAIM = 100


@dataclass(frozen=True, slots=True)
class SignOn:
    """Log-in through the provider of the settings."""

    access: Access
    given: Oidc
    provider: Provider

    def address(self, flow: Flow) -> str:
        """Where the browser goes.

        Raises:
            CannotRunError: the provider cannot be asked.
        """
        return self.provider.address(flow)

    def session(self, flow: Flow, answer: Mapping[str, str]) -> str:
        """The token of a new session for whoever came back from the provider.

        Raises:
            NotSignedOnError: it is not certain who that is, or they have no role here.
            CannotRunError: the provider cannot be asked.
        """
        try:
            claims = self.provider.claims(flow, answer)
            name, role = name_in(claims, self.given.name), role_in(claims, self.given)
        except NotSignedOnError as problem:
            self.access.audit("oidc", f"log-in refused: {problem.message}")
            raise
        session = self.access.sign_on(name, f"{self.given.issuer} {claims['sub']}", role)
        if session is None:
            raise NotSignedOnError("Another person has this name here.")
        return session


def begun() -> Flow:
    """What a log-in begins with: three secrets of 256 bits."""
    return Flow(*(secrets.token_urlsafe(32) for _ in range(3)))


def sign_on_of(config: Config, access: Access, environment: Mapping[str, str]) -> SignOn | None:
    """Log-in through the provider of the settings; None where there is none.

    Raises:
        UsageError: it cannot be used: an address without TLS, no address of this server, or a variable that is not set.
    """
    given = config.settings.oidc
    if given is None:
        return None
    for name, url in (("oidc.issuer", given.issuer), ("team.url", config.settings.team.url)):
        if not safe_address(url):
            raise UsageError(
                f"Log-in through a provider needs {name} with https.",
                hint="Set it in lastgood.toml. http is accepted for this machine only.",
            )
    name = given.client_secret.removeprefix("$")
    if name and not environment.get(name):
        raise UsageError(f"[oidc] needs ${name}, which is not set.", hint=f"export {name}=…")
    redirect = config.settings.team.url.rstrip("/") + CALLBACK
    secret = environment.get(name, "")
    return SignOn(access, given, Provider(given.issuer, given.client_id, secret, redirect, given.scopes))


def name_in(claims: Mapping[str, Any], claim: str) -> str:
    """The name of a user; an e-mail address only if the provider has verified it.

    Raises:
        NotSignedOnError: there is none.
    """
    found = claims.get(claim)
    if not isinstance(found, str) or not found.isprintable() or not 0 < len(found) <= LONGEST_CLAIM:
        raise NotSignedOnError(f"The token has no usable claim {claim!r}.")
    if claim == "email" and claims.get("email_verified") is not True:
        raise NotSignedOnError("The provider has not verified the e-mail address.")
    return found


def role_in(claims: Mapping[str, Any], given: Oidc) -> Role:
    """The highest role that a value of the claim gives.

    Raises:
        NotSignedOnError: none does.
    """
    found: Any = claims
    for part in [given.claim] if given.claim in claims else given.claim.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    values = found if isinstance(found, list) else [found]
    roles = [role for role in Role if any(one in values for one in given.roles.get(role, ()))]
    if not roles:
        raise NotSignedOnError("You have no role here.")
    return roles[-1]
