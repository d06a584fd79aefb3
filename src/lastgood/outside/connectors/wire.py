"""HTTP to a system that is asked: read-only, counted, bounded in time and size, patient with rate limits."""

import re
import ssl
import time
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, Self

import httpx
import orjson

from lastgood.algorithms.secrets import without, without_secrets
from lastgood.errors import NotFetchedError
from lastgood.outside.deadline import Deadline

_WAIT = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.BAD_GATEWAY}
_REASON = 200  # characters of an error's body that are repeated
_LOOKED_AT = 64 << 10  # bytes of it that secrets are looked for in
_MARKUP = re.compile(r"<[^<>]{0,200}>")
# When a limit is reset: seconds from now (Datadog, PagerDuty), or since 1970 (GitHub, GitLab, Sentry).
_RESETS = ("X-RateLimit-Reset", "RateLimit-Reset", "X-Sentry-Rate-Limit-Reset")
_EPOCH = 10**9  # a larger number is a time since 1970
_DEPTH = 3  # of a list of entries in an answer: data, result, its entries
_GZIP = 31  # zlib: a window of 32 kB, with the header of gzip


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much one system may cost."""

    requests: int = 50
    seconds: float = 30.0  # in all
    step_seconds: float = 10.0  # for one answer
    answer_bytes: int = 64 << 20
    tries: int = 3  # of one request
    wait_seconds: float = 5.0  # the longest that a rate limit is waited for


@dataclass(frozen=True, slots=True)
class Access:
    """Who asks: what is secret never stands in an address, a log or a message."""

    token: str = field(default="", repr=False)
    authorization: str = "Bearer {}"  # how the token is sent
    user: str = ""
    password: str = field(default="", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    ca_file: str = ""


@dataclass
class Wire:
    """A connection to one system.

    Proxies are taken from the environment (HTTPS_PROXY, NO_PROXY). Redirects are not followed: a credential must
    not travel to another host.
    """

    url: str
    access: Access = Access()
    bounds: Bounds = Bounds()
    sleep: Callable[[float], None] = time.sleep
    asked: int = 0
    date: str = field(default="", init=False)  # the clock of the system, as its last answer has it
    links: Mapping[str, Mapping[str, str]] = field(
        default_factory=dict, init=False
    )  # of that answer (RFC 8288)
    sent: str = field(default="", init=False)  # what the last answer in JSON was
    empty: int = field(default=0, init=False)  # entries of answers that were `null`, and left out
    hidden: tuple[str, ...] = field(
        default=(), init=False, repr=False
    )  # secrets that are not part of the access
    _client: httpx.Client = field(init=False, repr=False)
    _end: float = field(init=False, repr=False)
    _deadline: Deadline = field(default_factory=Deadline, init=False, repr=False)

    def __post_init__(self) -> None:
        """Open it."""
        access = self.access
        headers = {
            "Accept": "application/json, */*;q=0.5", "Accept-Encoding": "gzip", "User-Agent": "lastgood", **access.headers
        }  # fmt: skip
        if access.token:
            headers["Authorization"] = access.authorization.format(access.token)
        self._client = httpx.Client(
            base_url=self.url.rstrip("/") + "/",
            headers=headers,
            auth=(access.user, access.password) if access.user else None,
            verify=_trusted(access.ca_file),
            timeout=self.bounds.step_seconds,
        )
        self._end = time.monotonic() + self.bounds.seconds

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self._client.close()

    @property
    def left(self) -> int:
        """Requests that may still be made."""
        return 0 if time.monotonic() >= self._end else max(0, self.bounds.requests - self.asked)

    def beside(self, number: int) -> list["Wire"]:
        """As many more connections to the system, each for one thread, with equal shares of the requests that are left."""
        left = replace(
            self.bounds, requests=self.left // number, seconds=max(0.0, self._end - time.monotonic())
        )
        wires = [Wire(self.url, self.access, left, self.sleep) for _ in range(number)]
        for one in wires:
            one.hidden = self.hidden
        return wires

    def get(self, path: str, **parameters: Any) -> bytes:
        """The body of an answer.

        Raises:
            NotFetchedError: it cannot be reached, refuses, is too slow or too large, or the budget is used up.
        """
        return self._ask("GET", path, params=_given(parameters))

    def post(self, path: str, **parameters: Any) -> bytes:
        """The same with parameters in a form: for questions longer than an address may be."""
        return self._ask("POST", path, data=_given(parameters))

    def get_json(self, path: str, **parameters: Any) -> Any:
        """An answer, decoded."""
        return self._decoded(path, self.get(path, **parameters))

    def post_json(self, path: str, **parameters: Any) -> Any:
        """The same for a form."""
        return self._decoded(path, self.post(path, **parameters))

    def send_json(self, path: str, document: Any, **how: Any) -> Any:
        """The same for a question that is a JSON document; `how` are headers and a signature, as httpx takes them."""
        return self._decoded(path, self._ask("POST", path, json=document, **how))

    def _decoded(self, path: str, body: bytes) -> Any:
        try:
            document, empty = _present(orjson.loads(body), _DEPTH)
        except orjson.JSONDecodeError as problem:
            raise NotFetchedError(f"{self._place(path)} answers, but not with JSON.") from problem
        self.sent, self.empty = f"{self._place(path)} sent {_shape(document)}", self.empty + empty
        return document

    def _ask(self, method: str, path: str, **how: Any) -> bytes:
        for attempt in range(1, self.bounds.tries + 1):
            if not self.left:
                raise NotFetchedError(f"{self._place('')}: {self._used_up()}.")
            self.asked += 1
            try:
                status, headers, body = self._once(method, path, how)
            except httpx.HTTPError as problem:
                if attempt == self.bounds.tries or isinstance(problem, httpx.UnsupportedProtocol):
                    raise NotFetchedError(f"{self._place(path)}: {_reason(problem)}.") from problem
                self.sleep(0.2 * attempt)
                continue
            if status < HTTPStatus.MULTIPLE_CHOICES:
                return body
            wait = _wait(headers, attempt) if status in _WAIT else None
            if wait is None or wait > self.bounds.wait_seconds or attempt == self.bounds.tries:
                said = self._blotted(body[:_LOOKED_AT].decode("utf-8", "replace"))  # whole, before it is cut
                raise NotFetchedError(
                    self._blotted(f"{self._place(path)}: {_refusal(status, headers, said)}."), status=status
                )
            self.sleep(wait)
        raise AssertionError("the last attempt returns or raises")

    def _once(self, method: str, path: str, how: dict[str, Any]) -> tuple[int, httpx.Headers, bytes]:
        try:
            with (
                self._deadline.within(self._end - time.monotonic()),
                self._client.stream(
                    method, path or self.url, extensions=self._deadline.extensions, **how
                ) as answer,
            ):
                self.date = answer.headers.get("Date", "")
                self.links = {
                    name: {key: str(value) for key, value in link.items()}
                    for name, link in answer.links.items()
                    if name
                }
                return answer.status_code, answer.headers, self._body(path, answer)
        except httpx.HTTPError as problem:
            if time.monotonic() >= self._end:
                raise NotFetchedError(f"{self._place(path)}: {self._used_up()}.") from problem
            raise

    def _body(self, path: str, answer: httpx.Response) -> bytes:
        """What was sent, unpacked here: a library would unpack a bomb in one piece."""
        coding = answer.headers.get("Content-Encoding", "identity").strip().lower()
        if coding not in {"identity", "gzip", ""}:
            raise NotFetchedError(
                f"{self._place(path)}: the answer is coded as {coding[:40]}, which was not asked for."
            )
        unpacking = zlib.decompressobj(_GZIP) if coding == "gzip" else None
        body, most = bytearray(), self.bounds.answer_bytes
        for piece in answer.iter_raw():
            try:
                body += unpacking.decompress(piece, most - len(body) + 1) if unpacking else piece
            except zlib.error as problem:
                raise NotFetchedError(f"{self._place(path)}: the answer cannot be unpacked.") from problem
            if len(body) > most:
                raise NotFetchedError(f"{self._place(path)}: the answer is larger than {most >> 20} MB.")
        return bytes(body)

    def _blotted(self, text: str) -> str:
        """Without what this system was given as a secret: some repeat it."""
        access, url = self.access, httpx.URL(self.url)
        sent = [access.token, access.password, *access.headers.values(), *self.hidden, url.password]
        sent += [
            value.partition(" ")[2]
            for name, value in access.headers.items()
            if "authorization" in name.lower()
        ]
        for user, password in ((access.user, access.password), (url.username, url.password)):
            sent += [f"{user}:{password}"] if password else []  # as the scheme Basic sends them (RFC 7617)
        return without(text, sent)

    def _used_up(self) -> str:
        if self.asked >= self.bounds.requests:
            return f"the limit of {self.bounds.requests} requests is used up"
        return f"the limit of {self.bounds.seconds:g} s is used up"

    def _place(self, path: str) -> str:
        return without_secrets(self.url.rstrip("/") + "/" + path if path else self.url)


def _present(document: Any, depth: int) -> tuple[Any, int]:
    """A document without entries that are `null` in its lists of objects, so many levels down; and how many they were."""
    if isinstance(document, list) and None in document:
        rows = [one for one in document if one is not None]
        if all(isinstance(one, dict) for one in rows):
            return rows, len(document) - len(rows)
    if not isinstance(document, dict) or not depth:
        return document, 0
    inside = {name: _present(value, depth - 1) for name, value in document.items()}
    return {name: value for name, (value, _) in inside.items()}, sum(empty for _, empty in inside.values())


def _shape(document: Any) -> str:
    if isinstance(document, dict):
        return "an object"
    return f"a list of {len(document)}" if isinstance(document, list) else "a single value"


def _given(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters by the names of the API: a trailing underscore keeps a name from being Python's."""
    return {name.rstrip("_"): value for name, value in parameters.items() if value not in (None, "")}


def _trusted(ca_file: str) -> Any:
    if not ca_file:
        return True
    try:
        return ssl.create_default_context(cafile=ca_file)
    except OSError as problem:
        raise NotFetchedError(f"The certificates in {ca_file} cannot be read: {problem}.") from problem


def _wait(headers: httpx.Headers, attempt: int) -> float:
    """Seconds that a server asks to wait (RFC 9110, 10.2.3), or until its limit is reset, else a little longer each time."""
    reported = headers.get("Retry-After", "")
    if reported.isdecimal():
        return float(reported)
    with suppress(KeyError, ValueError, TypeError, OverflowError):
        until = parsedate_to_datetime(reported)
        return max(0.0, (until - parsedate_to_datetime(headers["Date"])).total_seconds())
    with suppress(KeyError, ValueError, TypeError, OverflowError):
        reset = float(next((headers[name] for name in _RESETS if name in headers), ""))
        if reset < _EPOCH:
            return max(0.0, reset)
        return max(0.0, reset - parsedate_to_datetime(headers["Date"]).timestamp())
    return float(0.5 * 2**attempt)


def _reason(problem: httpx.HTTPError) -> str:
    if isinstance(problem, httpx.TimeoutException):
        return "no answer in time"
    if isinstance(problem, httpx.ConnectError):
        return f"no connection ({problem})" if str(problem) else "no connection"
    return str(problem) or type(problem).__name__


def _refusal(status: int, headers: httpx.Headers, said: str) -> str:
    name = HTTPStatus(status).phrase if status in {one.value for one in HTTPStatus} else ""
    reported = " ".join(_MARKUP.sub(" ", said[: 10 * _REASON]).split())[:_REASON]
    why = {
        HTTPStatus.UNAUTHORIZED: "; it wants the header X-Scope-OrgID"
        if "no org id" in reported
        else "; check the token",
        HTTPStatus.FORBIDDEN: "; the token may not read this",
        HTTPStatus.TOO_MANY_REQUESTS: f"; it asks to wait {headers.get('Retry-After', 'longer')[:40]} s",
    }.get(HTTPStatus(status) if name else HTTPStatus.OK, "")
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        why = f"; it redirects to {without_secrets(headers.get('Location', 'somewhere'))[:_REASON]}: give that address"
    return " ".join(filter(None, (str(status), name))) + (
        why or (f": {without_secrets(reported)}" if reported else "")
    )
