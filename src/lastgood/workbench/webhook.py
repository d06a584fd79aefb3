"""A webhook: one signed POST to an address that is public, or was allowed by name; nothing else is ever reached."""

import socket
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from threading import Thread
from urllib.parse import SplitResult, urlsplit

from lastgood.algorithms.standard_webhooks import headers, key_of
from lastgood.config import url_problem
from lastgood.model.clock import Clock

ATTEMPTS = 3
PAUSES = (1.0, 4.0)  # seconds between them
CONNECT, ANSWER = 5.0, 10.0  # seconds
WHOLE = (
    20.0  # seconds of one POST, which a server could draw out byte by byte: ANSWER is the limit of each read
)
_LATE = "it did not answer in time"
_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
_PORTS = {"https": 443, "http": 80}

Address = IPv4Address | IPv6Address


class NotSentError(Exception):
    """A message did not arrive; says why, never where to nor with what secret."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where messages are posted, and with what they are signed."""

    url: str = field(repr=False)
    secret: str = field(repr=False)
    allow: tuple[str, ...] = ()  # hosts, addresses and networks that need not be public, nor speak TLS
    pause: Callable[[float], None] = time.sleep

    def post(self, message: str, body: bytes, clock: Clock) -> str:
        """What the other side answered. Tried again, a few times, where that can help.

        Raises:
            NotSentError: it did not take the message, or must not be asked.
        """
        key, split = self._key(), self._split()
        addresses = self._addresses(split)
        reason = ""
        for attempt in range(ATTEMPTS):
            if attempt:
                self.pause(PAUSES[attempt - 1])
            signed = headers(key, message, int(clock().timestamp()), body)
            status = _in_time(split, addresses[attempt % len(addresses)], signed, body)
            if isinstance(status, int) and 200 <= status < 300:
                return f"answered {status}" + (f" on attempt {attempt + 1}" if attempt else "")
            if isinstance(status, int) and 300 <= status < 400:
                raise NotSentError(f"it redirects ({status}), which is not followed")
            reason = f"it answered {status}" if isinstance(status, int) else status
            if isinstance(status, int) and status not in _AGAIN:
                raise NotSentError(reason)
        raise NotSentError(f"{reason}, {ATTEMPTS} times")

    def _key(self) -> bytes:
        try:
            return key_of(self.secret)
        except ValueError as problem:
            raise NotSentError(f"its secret cannot be used: {problem}") from None

    def _split(self) -> SplitResult:
        if problem := url_problem(self.url):
            raise NotSentError(f"its URL cannot be used: {problem}")
        split = urlsplit(self.url)
        if split.scheme == "http" and not self._named(split.hostname or ""):
            raise NotSentError("its URL is not https, and the host is not under `allow`")
        return split

    def _addresses(self, split: SplitResult) -> list[Address]:
        """Where its host is now. All are checked here and one of them is connected to, so no later answer counts."""
        host = split.hostname or ""
        try:
            found = socket.getaddrinfo(host, split.port or _PORTS[split.scheme], type=socket.SOCK_STREAM)
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


def _in_time(split: SplitResult, address: Address, signed: dict[str, str], body: bytes) -> int | str:
    """The status of one POST, or why there was none, after WHOLE seconds at the latest."""
    answer: Future[int | str] = Future()

    def ask() -> None:
        try:
            answer.set_result(_status(split, address, signed, body))
        except BaseException as fault:  # noqa: BLE001 - raised again where it is waited for
            answer.set_exception(fault)

    # A daemon: one that is still waiting does not keep the command from ending.
    Thread(target=ask, daemon=True).start()
    try:
        return answer.result(WHOLE)
    except TimeoutError:
        return _LATE


def _status(split: SplitResult, address: Address, signed: dict[str, str], body: bytes) -> int | str:
    """The status of one POST, or why there was none."""
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
    sent = {**signed, "Host": named, "Content-Type": "application/json", "User-Agent": "lastgood"}
    try:
        with pool:
            answer = pool.request(
                "POST", target, body=body, headers=sent, redirect=False, retries=False, preload_content=False
            )
            answer.close()
            return answer.status
    except urllib3.exceptions.SSLError:
        return "its certificate is invalid"
    except urllib3.exceptions.NewConnectionError:
        return "it cannot be reached"
    except urllib3.exceptions.TimeoutError:
        return _LATE
    except (urllib3.exceptions.HTTPError, OSError):
        return "it cannot be reached"
