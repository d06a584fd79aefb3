"""An OpenID Connect provider for tests: a small server on this machine that checks what it is sent, and signs tokens."""

import json
import secrets
import threading
import time
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

CLIENT, SECRET = "lastgood", "secret-of-a-test"


@cache
def key(name: str) -> RSAPrivateKey:
    """A private key; the provider publishes the one of `own`."""
    return generate_private_key(65537, 2048)


@dataclass(slots=True)
class Identity:
    """A provider that runs, and who signs on at it."""

    url: str
    claims: dict[str, Any] = field(default_factory=dict)  # over those of a good token; None: left out
    signed_by: str = "own"
    algorithm: str = "RS256"
    described: dict[str, Any] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)

    def document(self) -> dict[str, Any]:
        return {
            "issuer": self.url, "authorization_endpoint": f"{self.url}/authorize", "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys", **self.described,
        }  # fmt: skip

    def keys(self) -> dict[str, Any]:
        own = jwt.algorithms.RSAAlgorithm.to_jwk(key("own").public_key(), as_dict=True)
        return {"keys": [{**own, "kid": "own", "use": "sig"}]}

    def authorized(self, asked: dict[str, str]) -> str:
        """Where the browser is sent back to."""
        assert ("code", "S256") == (asked["response_type"], asked["code_challenge_method"])
        assert "openid" in asked["scope"].split()
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return (
            f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state'], 'iss': self.url})}"
        )

    def token(self, sent: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """What a code gives, once; None where anything about it is wrong."""
        asked = self.codes.pop(sent["code"], None)
        client = b64decode(authorization.removeprefix("Basic ")).decode() if authorization else ""
        challenge = urlsafe_b64encode(sha256(sent["code_verifier"].encode()).digest()).rstrip(b"=").decode()
        if (
            asked is None
            or challenge != asked["code_challenge"]
            or sent["redirect_uri"] != asked["redirect_uri"]
            or (
                unquote(client) != f"{CLIENT}:{SECRET}"
                and (sent["client_id"], sent.get("client_secret")) != (CLIENT, SECRET)
            )
        ):
            self.refused.append(sent["code"])
            return None
        now = int(time.time())  # noqa: TID251 - what is signed is checked against the machine's clock
        good = {
            "iss": self.url, "sub": "42", "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"],
            "email": "kim@example.com", "email_verified": True, "groups": ["oncall"],
        }  # fmt: skip
        claims = {name: value for name, value in {**good, **self.claims}.items() if value is not None}
        signing: Any = {"RS256": key(self.signed_by), "HS256": SECRET * 4, "none": None}[self.algorithm]
        token = jwt.encode(claims, signing, self.algorithm, headers={"kid": "own"})
        return {"access_token": "a", "token_type": "Bearer", "id_token": token}


@contextmanager
def provider() -> Iterator[Identity]:
    """A provider on a free port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            split = urlsplit(self.path)
            if split.path == "/authorize":
                asked = {name: values[0] for name, values in parse_qs(split.query).items()}
                self._answer(302, b"", location=found.authorized(asked))
            elif split.path == "/keys":
                self._answer(200, json.dumps(found.keys()).encode())
            else:
                self._answer(200, json.dumps(found.document()).encode())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            sent = {name: values[0] for name, values in parse_qs(body).items()}
            token = found.token(sent, self.headers.get("authorization", ""))
            self._answer(200 if token else 400, json.dumps(token or {"error": "invalid_grant"}).encode())

        def _answer(self, status: int, body: bytes, **headers: str) -> None:
            self.send_response(status)
            for name, value in {"content-length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found = Identity(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
