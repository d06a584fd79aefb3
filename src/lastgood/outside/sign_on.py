"""Sign-on: an OpenID Connect provider is asked who the user is, by the authorization code flow with PKCE.

Sources: OpenID Connect Core 1.0 (section 3.1.3.7: what is checked of a token), RFC 7636 (PKCE), RFC 9207 (`iss` of the
answer), RFC 9700 (what is best today). A token is accepted with a signature by a public key of the provider only.
"""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from hmac import compare_digest
from time import monotonic
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import httpx

from lastgood.errors import CannotRunError, NotSignedOnError
from lastgood.model.access import Flow
from lastgood.outside.unpacking import ASKED, unpacked

SECONDS = 10.0
LARGEST = 256 * 1024  # bytes of an answer of the provider
KEPT = 3600.0  # seconds that the addresses of a provider are kept
LEEWAY = 60  # seconds that clocks may differ
# Signed with a key that the provider alone has: `none` and those with a shared secret are not among them.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(slots=True)
class Provider:
    """A provider, and how this server is known to it."""

    issuer: str
    client: str
    secret: str = field(repr=False)
    redirect: str
    scopes: tuple[str, ...]
    _about: tuple[float, dict[str, Any]] | None = None  # until when its addresses are kept

    def address(self, flow: Flow) -> str:
        """Where the browser goes to sign on.

        Raises:
            CannotRunError: the provider cannot be asked, or is another one than it should be.
        """
        challenge = urlsafe_b64encode(sha256(flow.verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "response_type": "code", "client_id": self.client, "redirect_uri": self.redirect,
            "scope": " ".join(self.scopes), "state": flow.state, "nonce": flow.nonce,
            "code_challenge": challenge, "code_challenge_method": "S256",
        }  # fmt: skip
        endpoint = self._endpoint("authorization_endpoint")
        return f"{endpoint}{'&' if urlsplit(endpoint).query else '?'}{urlencode(asked)}"

    def claims(self, flow: Flow, answer: Mapping[str, str]) -> dict[str, Any]:
        """Who came back from the provider, by the claims of the token.

        Raises:
            NotSignedOnError: the answer is not one to this flow, or the token does not hold.
            CannotRunError: the provider cannot be asked.
        """
        if not compare_digest(answer.get("state", "").encode(), flow.state.encode()):
            raise NotSignedOnError("The answer belongs to another log-in.")
        if answer.get("iss", self.issuer) != self.issuer:
            raise NotSignedOnError("The answer comes from another provider.")
        if not answer.get("code"):
            raise NotSignedOnError("The provider refused.")
        return self._checked(self._token(answer["code"], flow), flow)

    def _token(self, code: str, flow: Flow) -> str:
        sent = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": self.redirect,
            "code_verifier": flow.verifier, "client_id": self.client,
        }  # fmt: skip
        basic = "client_secret_basic" in self._described().get(
            "token_endpoint_auth_methods_supported", ["client_secret_basic"]
        )
        if self.secret and not basic:
            sent["client_secret"] = self.secret
        key = (
            httpx.BasicAuth(quote(self.client, safe=""), quote(self.secret, safe=""))
            if self.secret and basic
            else None
        )
        found = _asked("POST", self._endpoint("token_endpoint"), data=sent, auth=key)
        token = found.get("id_token")
        if not isinstance(token, str):
            raise NotSignedOnError("The provider gave no token.")
        return token

    def _checked(self, token: str, flow: Flow) -> dict[str, Any]:
        import jwt  # noqa: PLC0415 - only where a person signs on

        try:
            keys = jwt.PyJWKSet.from_dict(_asked("GET", self._endpoint("jwks_uri")))
            claims: dict[str, Any] = jwt.decode(
                token,
                _key(keys, jwt.get_unverified_header(token).get("kid")),
                algorithms=list(ALGORITHMS),
                audience=self.client,
                issuer=self.issuer,
                leeway=LEEWAY,
                options={"require": ["iss", "sub", "aud", "exp", "iat"]},
            )
        except jwt.PyJWTError as problem:
            raise NotSignedOnError(f"The token does not hold: {type(problem).__name__}.") from problem
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", "" if several else self.client) != self.client:
            raise NotSignedOnError("The token is for another program.")
        if not compare_digest(str(claims.get("nonce", "")).encode(), flow.nonce.encode()):
            raise NotSignedOnError("The token belongs to another log-in.")
        return claims

    def _endpoint(self, name: str) -> str:
        found = str(self._described().get(name) or "")
        if not safe_address(found):
            raise CannotRunError(f"The provider names no {name} with https.")
        return found

    def _described(self) -> dict[str, Any]:
        if self._about is None or self._about[0] < monotonic():
            found = _asked("GET", f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
            if found.get("issuer") != self.issuer:
                raise CannotRunError("The provider calls itself otherwise than `issuer` of [oidc].")
            self._about = monotonic() + KEPT, found
        return self._about[1]


def safe_address(url: str) -> bool:
    """Whether secrets may be sent there: by TLS, or within this machine."""
    try:
        split = urlsplit(url)
    except ValueError:
        return False
    return bool(split.hostname) and (
        split.scheme == "https" or (split.scheme == "http" and split.hostname in LOOPBACK)
    )


def _key(keys: Any, identity: str | None) -> Any:
    """The key that a token names; the only one, where it names none."""
    found = [one for one in keys.keys if identity is None or one.key_id == identity]
    if len(found) != 1:
        raise NotSignedOnError("The token is signed with a key that the provider does not have.")
    return found[0]


def _asked(method: str, url: str, **sent: Any) -> dict[str, Any]:
    """A JSON object of the provider; redirects are not followed."""
    try:
        with httpx.stream(
            method,
            url,
            timeout=SECONDS,
            headers={"accept": "application/json", "accept-encoding": ASKED},
            **sent,
        ) as answer:
            content = unpacked(answer, LARGEST + 1)
            if len(content) > LARGEST:
                raise CannotRunError("The provider's answer is too large.")
            status = answer.status_code
            found = httpx.Response(status, content=content).json() if content else None
    except (httpx.HTTPError, ValueError) as problem:
        raise CannotRunError(f"The provider cannot be asked: {type(problem).__name__}.") from problem
    if 400 <= status < 500 and method == "POST":
        raise NotSignedOnError("The provider did not accept the code.")
    if status != 200 or not isinstance(found, dict):
        raise CannotRunError(f"The provider answered with status {status}.")
    return found
