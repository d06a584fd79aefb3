"""Replay: one captured request sent to a target over HTTP; nothing is followed, repeated or sent anywhere else."""

import socket
from collections.abc import Mapping, Sequence
from ipaddress import ip_address
from time import perf_counter
from urllib.parse import urlsplit

import httpx

from lastgood.algorithms.captures import OF_CONNECTION
from lastgood.algorithms.redaction import redacted
from lastgood.algorithms.secrets import without, without_secrets
from lastgood.errors import UsageError
from lastgood.model.attributes import NOT_PRODUCTION
from lastgood.model.replay import CapturedRequest, HttpAnswer
from lastgood.outside.deadline import Deadline
from lastgood.outside.probe.target import is_link_local
from lastgood.outside.unpacking import ASKED, unpacked

SENT_BYTES, ANSWER_BYTES = 1 << 20, 1 << 20
LATE = "no answer in time"
MARK = "lastgood-replay"  # so that the target's owner sees where it comes from
SHORTEST_SECRET = 6  # characters: what is shorter is blotted nowhere, for it is in many words
# Charsets of answers; Python knows more, some of them no text, some slow.
_CHARSETS = frozenset({"utf-8", "us-ascii", "iso-8859-1", "iso-8859-15", "windows-1252", "utf-16"})
# Top-level domains that are public, though they are written as a word for another environment.
_COUNTRIES_AND_TRADES = frozenset({"dev", "qa"})
# Those that are of no public name (RFC 2606, RFC 6762, RFC 8375, and what ICANN keeps for private use).
_PRIVATE = frozenset(
    {"test", "example", "invalid", "local", "internal", "lan", "svc", "arpa", "intranet", "corp", "home"}
)
_PRODUCTION = frozenset({"prod", "production", "prd", "live"})
_METADATA = frozenset({"fd00:ec2::254", "100.100.100.200"})  # of clouds, and not link-local


def is_production(target: str) -> bool:
    """Whether a target may be production: everything that is neither this machine nor named as something else."""
    host = (urlsplit(target).hostname or "").lower().rstrip(".")
    try:
        return not ip_address(host).is_loopback
    except ValueError:
        pass
    if host == "localhost" or host.endswith(".localhost"):
        return False
    labels = host.split(".")
    words = {word for label in _own(labels) for word in (label, *label.split("-"))}
    meant = words & NOT_PRODUCTION or (
        labels[-1] in NOT_PRODUCTION and labels[-1] not in _COUNTRIES_AND_TRADES
    )
    return not meant or any(word in _PRODUCTION for label in labels for word in label.split("-"))


def _own(labels: Sequence[str]) -> Sequence[str]:
    """The parts of a name that its owner chose for this host: `speed-test.example` is the name of a company."""
    if len(labels) == 1 or labels[-1] in _PRIVATE:
        return labels
    below = 3 if len(labels[-1]) == 2 and len(labels[-2]) <= 3 else 2  # `shop.co.uk`
    return labels[:-below]


def checked(target: str) -> str:
    """The target without a last slash.

    Raises:
        UsageError: it is not an address of HTTP, holds a password, or is of the machine's own link.
    """
    hint = "Write it as http://host:port."
    try:
        split = urlsplit(target)
        host, _ = split.hostname, split.port
    except ValueError as problem:
        raise UsageError("The target cannot be read.", hint=hint) from problem
    if split.scheme not in {"http", "https"} or not host:
        raise UsageError("The target is not an address of HTTP.", hint=hint)
    if split.username is not None:
        raise UsageError(
            "The target holds a user or password.", hint="Pass --header 'Authorization: Bearer $NAME'."
        )
    if split.query or split.fragment:
        raise UsageError("The target has a query.", hint="The query is that of the captured request.")
    _refuse_metadata(host, socket.AI_NUMERICHOST)
    return target.rstrip("/")


def _refuse_metadata(host: str, flags: int = 0) -> None:
    """Refuse a host where clouds serve credentials, however its address is written or found.

    Raises:
        UsageError: it is one.
    """
    try:
        found = {str(one[4][0]).partition("%")[0] for one in socket.getaddrinfo(host, None, flags=flags)}
    except (OSError, UnicodeError):
        return  # no address, so nothing can be sent there
    if found & _METADATA or any(is_link_local(one) for one in found):
        raise UsageError("Link-local addresses are not sent to: clouds serve credentials there.")


class Sender:
    """A connection to one target."""

    def __init__(
        self, target: str, headers: Mapping[str, str], seconds: float, secrets: Sequence[str] = ()
    ) -> None:
        self._headers, self._secrets = dict(headers), secrets
        self._target, self._seconds = checked(target), seconds
        _refuse_metadata(urlsplit(target).hostname or "")
        self._client = httpx.Client(
            headers={"accept-encoding": ASKED}, timeout=seconds, follow_redirects=False, trust_env=False
        )
        self._deadline = Deadline()

    def close(self) -> None:
        """Close it."""
        self._client.close()

    def send(self, request: CapturedRequest, seconds: float | None = None) -> HttpAnswer:
        """The answer to the request, as it came; or why there is none. It is waited for at most `seconds`, if that is less than usual."""
        longest = self._seconds if seconds is None else min(self._seconds, max(seconds, 0.001))
        kept = {name: value for name, value in request.headers.items() if name not in OF_CONNECTION}
        headers = {"user-agent": MARK, **kept, **self._headers}
        body = None if request.body is None else request.body.encode("utf-8", "surrogateescape")
        started = perf_counter()
        try:
            with (
                self._deadline.within(longest),
                self._client.stream(
                    request.method, self._target + request.path, content=body, timeout=longest, extensions=self._deadline.extensions,
                    headers=[(name.encode(), value.encode("utf-8", "surrogateescape")) for name, value in headers.items()],
                ) as answer,
            ):  # fmt: skip
                text = _read(answer)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as problem:
            late = self._deadline.passed or isinstance(problem, httpx.TimeoutException)
            why = LATE if late else self._plain(str(problem)) or type(problem).__name__
            return HttpAnswer(None, {}, "", perf_counter() - started, why)
        if self._deadline.passed:
            return HttpAnswer(None, {}, "", perf_counter() - started, LATE)
        answered = {name.lower(): self._blotted(value) for name, value in answer.headers.items()}
        return HttpAnswer(answer.status_code, answered, self._blotted(text), perf_counter() - started)

    def _blotted(self, text: str) -> str:
        """Without the secrets that are sent: a target may send them back."""
        return without(text, (one for one in self._secrets if len(one) >= SHORTEST_SECRET))

    def _plain(self, text: str) -> str:
        return redacted(without_secrets(self._blotted(text)))[0]


def _read(answer: httpx.Response) -> str:
    content = unpacked(answer, ANSWER_BYTES)
    named = (answer.charset_encoding or "").lower()
    return content.decode(named if named in _CHARSETS else "utf-8", "replace")
