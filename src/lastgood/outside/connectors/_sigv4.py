"""Requests to AWS: signed with Signature Version 4, by keys of the environment or of the `aws` command.

After docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html. The command is run only to give the keys that it would use
itself (`aws configure export-credentials`): it knows profiles, single sign-on, roles and the machine's own.
"""

import hashlib
import hmac
import os
import re
import subprocess
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx
import orjson

from lastgood.errors import NotFetchedError, UsageError
from lastgood.model.clock import system_clock
from lastgood.outside.connectors.wire import Wire

_REGION = re.compile(r"\.((?:us|eu|ap|sa|ca|me|af|il|mx|cn)(?:-[a-z]+)+-\d)\.")
_ALGORITHM = "AWS4-HMAC-SHA256"
_SECONDS = 15  # of the command


@dataclass(frozen=True, slots=True)
class Keys:
    """Who asks."""

    key: str
    secret: str = field(repr=False)
    session: str = field(default="", repr=False)


def asked(wire: Wire, service: str, version: str, target: str, document: Mapping[str, Any]) -> Any:
    """The answer of one action, `target` as in `Logs_20140328.StartQuery`; `version` is that of its JSON: "1.1".

    Raises:
        NotFetchedError: as the wire does, or because there are no keys.
        UsageError: the region is not known.
    """
    keys = _keys()
    wire.hidden = (keys.secret, keys.session)  # AWS repeats what it was sent when a signature does not match
    signed = Signed(keys, _region(wire.url), service)
    headers = {"Content-Type": f"application/x-amz-json-{version}", "X-Amz-Target": target}
    return wire.send_json("", document, headers=headers, auth=signed)


class Signed(httpx.Auth):
    """The signature of a request, of the moment at which it is sent."""

    requires_request_body = True

    def __init__(self, keys: Keys, region: str, service: str) -> None:
        self._keys, self._region, self._service = keys, region, service

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """The request with its headers."""
        self.sign(request, system_clock())
        yield request

    def sign(self, request: httpx.Request, moment: datetime) -> None:
        """Put the headers in: date, session and signature. Only POST without a query is signed here."""
        request.headers["X-Amz-Date"] = time = f"{moment:%Y%m%dT%H%M%SZ}"
        if self._keys.session:
            request.headers["X-Amz-Security-Token"] = self._keys.session
        names = [
            name
            for name in sorted(request.headers)
            if name in {"host", "content-type"} or name[:6] == "x-amz-"
        ]
        held = "".join(f"{name}:{' '.join(request.headers[name].split())}\n" for name in names)
        wanted = "\n".join(
            (
                request.method,
                request.url.path,
                "",
                held,
                ";".join(names),
                hashlib.sha256(request.content).hexdigest(),
            )
        )
        scope = f"{moment:%Y%m%d}/{self._region}/{self._service}/aws4_request"
        text = "\n".join((_ALGORITHM, time, scope, hashlib.sha256(wanted.encode()).hexdigest()))
        key = f"AWS4{self._keys.secret}".encode()
        for part in scope.split("/"):
            key = hmac.digest(key, part.encode(), "sha256")
        signature = hmac.digest(key, text.encode(), "sha256").hex()
        request.headers["Authorization"] = (
            f"{_ALGORITHM} Credential={self._keys.key}/{scope}, SignedHeaders={';'.join(names)}, Signature={signature}"
        )


def _region(url: str) -> str:
    """The region of an endpoint by its name; of another the one of the environment."""
    found = _REGION.search(url)
    region = found[1] if found else os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION", "")
    if not region:
        raise UsageError(
            "The address names no region of AWS.",
            hint="Use one such as https://logs.eu-west-1.amazonaws.com.",
        )
    return region


def _keys() -> Keys:
    """The keys of the environment, else those of the command."""
    named = os.environ.get("AWS_ACCESS_KEY_ID"), os.environ.get("AWS_SECRET_ACCESS_KEY")
    if named[0] and named[1]:
        return Keys(named[0], named[1], os.environ.get("AWS_SESSION_TOKEN", ""))
    try:
        ended = subprocess.run(
            ["aws", "configure", "export-credentials", "--format", "process"],
            capture_output=True, timeout=_SECONDS, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        given = orjson.loads(ended.stdout) if ended.returncode == 0 else {}
        return Keys(given["AccessKeyId"], given["SecretAccessKey"], given.get("SessionToken") or "")
    except (OSError, subprocess.TimeoutExpired, orjson.JSONDecodeError, KeyError, TypeError) as problem:
        raise NotFetchedError("There are no AWS credentials here.") from problem
