"""The wire of sinks: one request to an address that is public, or was allowed by name; nothing else is ever reached."""

import base64
import re
import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from threading import Thread
from typing import Any
from urllib.parse import SplitResult, urlsplit

import orjson

from lastgood.algorithms.json_text import json_text
from lastgood.config import url_problem
from lastgood.outside.sinks.failure import NotSentError, UnsureError
from lastgood.outside.sinks.secret import secret

ATTEMPTS = 3
PAUSES = (1.0, 4.0)  # seconds between them, unless the other side asks for more
LONGEST_WAIT = 30.0  # seconds that a rate limit is waited for
CONNECT, ANSWER = 5.0, 10.0  # seconds
WHOLE = 20.0  # seconds of one request, which a server could draw out byte by byte: ANSWER is the limit of each read
LONGEST_ANSWER = 1 << 20  # bytes
_LATE = "it did not answer in time"
_REFUSED_FOR_NOW = frozenset({420, 429})  # Statuspage says 420; what is answered so was not taken
_AGAIN = frozenset({408, 425, 500, 502, 503, 504})
_PORTS = {"https": 443, "http": 80}
_LONG = 8  # characters of a word of an address that may be a secret; digits of seconds to wait
_REASON = 120  # characters of an answer that are repeated
_WHY = ("error", "message", "title", "errors", "errorMessages", "status")  # where APIs say what is wrong

Address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class Credential:
    """A header that says who sends; `secret` is named as in the settings."""

    secret: str
    header: str = "Authorization"
    scheme: str = ""  # before the secret: "Bearer", "OAuth", "GenieKey"
    user: str = ""  # of Basic, with the secret as password

    @property
    def shown(self) -> str:
        """`Bearer $TOKEN`."""
        return " ".join(filter(None, (self.scheme or ("Basic" if self.user else ""), self.user, self.secret)))

    def header_of(self, held: str) -> str:
        """The header's value."""
        if self.user:
            return "Basic " + base64.b64encode(f"{self.user}:{held}".encode()).decode()
        return f"{self.scheme} {held}".strip()


@dataclass(frozen=True, slots=True)
class Call:
    """One request as it is planned: each secret stands in it by the name that the settings give it."""

    url: str  # or the name of the secret that holds it
    body: Mapping[str, Any] = field(default_factory=dict)  # JSON; empty: none
    method: str = "POST"
    credential: Credential | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)  # secrets in the body, by the name of their field
    raw: bytes = b""  # the body as it is, instead
    place: str = ""  # shown instead of an address that may hold a secret
    again: bool = (
        True  # whether one more of the same does no harm, so that it may be repeated after a time-out
    )

    def shown(self) -> str:
        """As people read it before it is sent."""
        head = [f"{self.method} {self.place or self.url}"]
        if self.credential:
            head.append(f"{self.credential.header}: {self.credential.shown}")
        head += [f"{name}: {value}" for name, value in self.headers.items()]
        text = self.content(self.keys, orjson.OPT_INDENT_2).decode()
        return "\n".join([*head, *([text] if text else [])])

    def content(self, keys: Mapping[str, str], option: int | None = None) -> bytes:
        """The body with these for its secrets."""
        body = {**keys, **self.body}
        return self.raw or (orjson.dumps(body, option=option) if body else b"")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side said."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    attempts: int = 1
    secrets: tuple[str, ...] = field(default=(), repr=False)  # of its request, which it may repeat

    @property
    def said(self) -> str:
        """`answered 200 on attempt 2`."""
        return f"answered {self.status}" + (f" on attempt {self.attempts}" if self.attempts > 1 else "")

    def json(self) -> Any:
        """The body, decoded, without the secrets of its request; None where it is no JSON."""
        try:
            written = json_text(orjson.loads(self.body))
            for one in self.secrets:
                written = written.replace(orjson.dumps(one)[1:-1], "…".encode())
            return orjson.loads(written)
        except orjson.JSONDecodeError:
            return None


Signing = Callable[[bytes], Mapping[str, str]]  # headers of one attempt over its very body
_Outcome = (
    Answer | str | tuple[str, bool]
)  # why there was no answer; with True where nothing can have arrived


@dataclass(frozen=True, slots=True)
class Wire:
    """How requests of one sink are sent."""

    allow: tuple[str, ...] = ()  # hosts, addresses and networks that need not be public, nor speak TLS
    pause: Callable[[float], None] = time.sleep

    def ask(self, call: Call, signing: Signing | None = None) -> Answer:
        """The answer to a request. Tried again, a few times, where that can help and does no harm.

        Raises:
            NotSentError: the other side did not take it, or must not be asked.
        """
        url = secret(call.url)
        keys = {name: secret(one) for name, one in call.keys.items()}
        body = call.content(keys)
        sent = {"Content-Type": "application/json", **call.headers} if body else dict(call.headers)
        held = secret(call.credential.secret) if call.credential else ""
        if call.credential:
            sent[call.credential.header] = call.credential.header_of(held)
        split = self._split(url)
        of_url = _parts(split) if url != call.url else ()
        header = sent[call.credential.header] if call.credential else ""
        # The longest first: a short one within it would leave the rest.
        secrets = tuple(
            sorted({*filter(None, (held, header, *keys.values(), *of_url))}, key=len, reverse=True)
        )
        addresses = self._addresses(split)
        attempt, reason = 0, ""
        while attempt < ATTEMPTS:
            headers = {**sent, **(signing(body) if signing else {})}
            found = _in_time(call.method, split, addresses[attempt % len(addresses)], headers, body)
            attempt += 1
            found = replace(found, secrets=secrets) if isinstance(found, Answer) else found
            reason = self._after(found, call, attempt)
            if not reason and isinstance(found, Answer):
                return replace(found, attempts=attempt)
        raise NotSentError(f"{reason}, {ATTEMPTS} times")

    def _after(self, found: _Outcome, call: Call, attempt: int) -> str:
        """Nothing where it was taken; else why not, after a pause, where it may be tried once more."""
        if isinstance(found, Answer) and found.status < 300:
            return ""
        if isinstance(found, Answer):
            reason, wait = _refused(found, call)
        else:
            reason, harmless = found if isinstance(found, tuple) else (found, False)
            wait = 0.0
            if not (call.again or harmless):
                raise UnsureError(f"{reason}; it may have arrived, so it was not repeated")
        if attempt < ATTEMPTS:
            self.pause(max(PAUSES[attempt - 1], wait))
        return reason

    def reach(self, call: Call) -> None:
        """Connect to where a request would go, and send nothing.

        Raises:
            NotSentError: it cannot be reached.
        """
        split = self._split(secret(call.url))
        address = self._addresses(split)[0]
        try:
            socket.create_connection((str(address), split.port or _PORTS[split.scheme]), CONNECT).close()
        except OSError:
            raise NotSentError("it cannot be reached") from None

    def _split(self, url: str) -> SplitResult:
        if problem := url_problem(url):
            raise NotSentError(f"its URL cannot be used: {problem}")
        split = urlsplit(url)
        if split.scheme == "http" and not self._named(split.hostname or ""):
            raise NotSentError("its URL is not https, and the host is not under `allow`")
        return split

    def _addresses(self, split: SplitResult) -> list[Address]:
        return self.addresses(split.hostname or "", split.port or _PORTS[split.scheme])

    def addresses(self, host: str, port: int) -> list[Address]:
        """Where a host is now. All are checked here and one of them is connected to, so no later answer counts.

        Raises:
            NotSentError: there are none, or one must not be reached.
        """
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError, ValueError):
            raise NotSentError("its host cannot be found") from None
        addresses = list(dict.fromkeys(ip_address(str(one[4][0]).partition("%")[0]) for one in found))
        if not self._named(host) and any(
            not is_public(address) and not self._within(address) for address in addresses
        ):
            raise NotSentError(
                "its host is at an address that is not public; add it to `allow` if that is meant"
            )
        return addresses

    def _named(self, host: str) -> bool:
        return host.lower() in {name.lower() for name in self.allow} or any(map(self._within, _literal(host)))

    def _within(self, address: Address) -> bool:
        return any(
            address in network for network in _networks(self.allow) if network.version == address.version
        )


def is_public(address: Address) -> bool:
    """Whether an address is of the open internet: not loopback, link-local, private, metadata, multicast, reserved."""
    inner = address.ipv4_mapped or address.sixtofour if isinstance(address, IPv6Address) else None
    if isinstance(address, IPv6Address) and address in ip_network("64:ff9b::/96"):
        inner = IPv4Address(int(address) & 0xFFFFFFFF)
    if inner is not None:
        return is_public(inner)
    return address.is_global and not address.is_multicast


def _literal(host: str) -> Iterator[Address]:
    try:
        yield ip_address(host)
    except ValueError:
        return


def _networks(allow: Sequence[str]) -> Iterator[IPv4Network | IPv6Network]:
    for name in allow:
        try:
            yield ip_network(name, strict=False)
        except ValueError:
            continue  # the name of a host


def _refused(found: Answer, call: Call) -> tuple[str, float]:
    """Why an answer is none, and the seconds to wait before the next attempt.

    Raises:
        NotSentError: another attempt would not help, or may do harm.
    """
    reason = f"it answered {found.status}"
    if found.status < 400:
        raise NotSentError(f"it redirects ({found.status}), which is not followed")
    wait = _asked_to_wait(found)
    limited = found.status in _REFUSED_FOR_NOW or (found.status == 503 and wait is not None)
    if not limited and not (found.status in _AGAIN and call.again):
        failure = UnsureError if found.status in _AGAIN else NotSentError
        raise failure(f"{reason}{_said(found)}")
    if wait is not None and wait > LONGEST_WAIT:
        raise NotSentError(f"{reason}, and asks to wait {int(wait)} s")
    return reason, wait or 0.0


def _asked_to_wait(found: Answer) -> float | None:
    """Seconds of Retry-After (RFC 9110, 10.2.3); a date counts as none, for the pauses do."""
    asked = found.headers.get("retry-after", "")
    return float(asked[:_LONG]) if asked.isdecimal() else None


def _parts(url: SplitResult) -> Iterator[str]:
    """An address that is secret, and what of it a server repeats: the path, the query, and the long words in both."""
    named = re.split(r"[/&=;]", f"{url.path}/{url.query}")
    yield from filter(None, (url.geturl(), url.path.rstrip("/"), url.query))
    yield from (one for one in named if len(one) >= _LONG)


def _said(found: Answer) -> str:
    """What an API says is wrong, in short, without what is secret."""
    document = found.json()
    if not isinstance(document, dict):
        return ""
    reasons = [document[name] for name in _WHY if document.get(name)]
    text = " ".join(str(reasons[0]).split()) if reasons else ""
    shown = "".join(letter for letter in text if letter.isprintable())[:_REASON]
    return f": {shown}" if shown else ""


def _in_time(
    method: str, split: SplitResult, address: Address, headers: Mapping[str, str], body: bytes
) -> _Outcome:
    """The answer to one request, or why there was none, after WHOLE seconds at the latest."""
    answer: Future[_Outcome] = Future()

    def ask() -> None:
        try:
            answer.set_result(_asked(method, split, address, headers, body))
        except BaseException as fault:  # noqa: BLE001 - raised again where it is waited for
            answer.set_exception(fault)

    # A daemon: one that is still waiting does not keep the command from ending.
    Thread(target=ask, daemon=True).start()
    try:
        return answer.result(WHOLE)
    except TimeoutError:
        return _LATE


def _asked(
    method: str, split: SplitResult, address: Address, headers: Mapping[str, str], body: bytes
) -> _Outcome:
    """The answer to one request, or why there was none."""
    import urllib3  # noqa: PLC0415 - only where something is sent

    host, port = split.hostname or "", split.port or _PORTS[split.scheme]
    limits = urllib3.Timeout(connect=CONNECT, read=ANSWER)
    pool: urllib3.HTTPConnectionPool
    if split.scheme == "https":
        pool = urllib3.HTTPSConnectionPool(
            str(address), port, timeout=limits, server_hostname=host, assert_hostname=host
        )
    else:
        pool = urllib3.HTTPConnectionPool(str(address), port, timeout=limits)
    target = (split.path or "/") + (f"?{split.query}" if split.query else "")
    named = host if split.port is None else f"{host}:{split.port}"
    sent = {**headers, "Host": named, "User-Agent": "lastgood"}
    try:
        with pool:
            answer = pool.request(
                method, target, body=body or None, headers=sent, redirect=False, retries=False, preload_content=False
            )  # fmt: skip
            content = answer.read(LONGEST_ANSWER)
            answer.close()
            return Answer(answer.status, {k.lower(): v for k, v in answer.headers.items()}, content)
    except urllib3.exceptions.SSLError:
        return "its certificate is invalid", True
    except (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError):
        return "it cannot be reached", True
    except urllib3.exceptions.TimeoutError:
        return _LATE
    except (urllib3.exceptions.HTTPError, OSError):
        return "it cannot be reached"
