"""Redis: INFO and SLOWLOG GET over a socket of its own, with limits of time and of bytes.

Only these two are ever sent after AUTH, and neither writes. Protocol: RESP2, redis.io/docs/reference/protocol-spec.
"""

import socket
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Timer
from time import monotonic
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

from lastgood.algorithms.secrets import without, without_secrets
from lastgood.errors import CannotRunError, UsageError
from lastgood.model.sql_answer import Cell

READ_ONLY = ("INFO", "SLOWLOG GET 20")
SCHEMES = ("redis", "rediss")
FIELDS = frozenset(
    "redis_version role uptime_in_seconds connected_clients maxclients blocked_clients rejected_connections used_memory "
    "used_memory_rss maxmemory maxmemory_policy mem_fragmentation_ratio evicted_keys instantaneous_ops_per_sec "
    "master_link_status master_last_io_seconds_ago connected_slaves loading latest_fork_usec".split()
)  # of INFO, that are kept
MOST_BYTES = 1_000_000  # of an answer
MOST_SAID = 200  # characters of an error
_OF_SLOW = 4  # parts of an entry of the slow log, at least
MOST_NESTED = 4  # arrays in arrays: a slow log has three
_FORM = "redis://USER@HOST:6379 or rediss://… for TLS"
Reply = str | int | list["Reply"] | None


@dataclass(frozen=True, slots=True)
class RedisAddress:
    """Where a server is, and who asks."""

    host: str
    port: int
    user: str = ""
    tls: bool = False
    password: str | None = field(default=None, repr=False)

    def __str__(self) -> str:
        """Without the password."""
        return (
            f"redis{'s' if self.tls else ''}://{self.user + '@' if self.user else ''}{self.host}:{self.port}"
        )


def redis_address(text: str, environment: Mapping[str, str], *, open_password: bool) -> RedisAddress:
    """The parts of an address; its password from REDISCLI_AUTH, or in it where `open_password` allows.

    Raises:
        UsageError: it is not an address of Redis, or holds a password in sight. Its text is never repeated.
    """
    try:
        split = urlsplit(text)
        port = split.port or 6379
    except ValueError as problem:
        raise UsageError("The address cannot be read.", hint=f"Write {_FORM}.") from problem
    if split.scheme not in SCHEMES or not split.hostname:
        raise UsageError("The address is not one of Redis.", hint=f"Write {_FORM}.")
    if split.password and not open_password:
        raise UsageError(
            "The address holds a password, which others can see in the process list.",
            hint="Put it into REDISCLI_AUTH, or the whole address into a variable: env:NAME.",
        )
    password = unquote(split.password) if split.password else environment.get("REDISCLI_AUTH")
    return RedisAddress(
        split.hostname, port, unquote(split.username or ""), split.scheme == "rediss", password
    )


def ask_redis(
    address: RedisAddress, command: str, seconds: float
) -> tuple[tuple[str, ...], tuple[tuple[Cell, ...], ...]]:
    """Columns and rows: of INFO one row with a column a field, of SLOWLOG GET a row a command.

    Raises:
        UsageError: the command is not one of READ_ONLY; nothing was sent.
        CannotRunError: the server cannot be reached, refuses, or its answer is too late or too long.
    """
    if command not in READ_ONLY:
        raise UsageError(f"The command was not sent: {command} is not {' or '.join(READ_ONLY)}.")
    started = monotonic()
    try:
        with _connected(address, seconds) as peer, peer.makefile("rb") as read:
            wire = _Wire(peer, read)
            if address.password is not None:
                words = [address.user, address.password] if address.user else [address.password]
                wire.asked(["AUTH", *words])
            reply = wire.asked(command.split())
        return _info(reply) if command == "INFO" else _slow(reply)
    except (OSError, ValueError, ArithmeticError, EOFError) as problem:
        late = isinstance(problem, TimeoutError) or monotonic() - started >= seconds
        said = "no answer in time" if late else _said(str(problem), address) or "it hung up"
        raise CannotRunError(
            f"{address} gave no answer: {said}.", hint="Check host, port and password (REDISCLI_AUTH)."
        ) from problem


def _said(text: str, address: RedisAddress) -> str:
    """What a server says, in short, without what is secret."""
    shown = without_secrets(without(text, [address.password or ""]))
    return "".join(one for one in shown if one.isprintable())[:MOST_SAID]


@contextmanager
def _connected(address: RedisAddress, seconds: float) -> Iterator[socket.socket]:
    with socket.create_connection((address.host, address.port), seconds) as plain:
        plain.settimeout(seconds)
        # The limit of each read is none of the whole: a server may send byte by byte.
        late = Timer(seconds, _cut, (plain,))
        late.start()
        try:
            if not address.tls:
                yield plain
                return
            with ssl.create_default_context().wrap_socket(plain, server_hostname=address.host) as peer:
                yield peer
        finally:
            late.cancel()


def _cut(peer: socket.socket) -> None:
    with suppress(OSError):
        peer.shutdown(socket.SHUT_RDWR)


class _Wire:
    """Requests and replies over a connected socket; all that is read is bounded."""

    def __init__(self, peer: socket.socket, read: BinaryIO) -> None:
        self._peer = peer
        self._read = read
        self._left = MOST_BYTES

    def asked(self, words: Sequence[str]) -> Reply:
        """The reply to a command."""
        parts = [b"$%d\r\n%b\r\n" % (len(word.encode()), word.encode()) for word in words]
        self._peer.sendall(b"*%d\r\n%b" % (len(parts), b"".join(parts)))
        return self._reply(0)

    def _reply(self, depth: int) -> Reply:
        line = self._taken(self._read.readline(self._left + 1))
        kind, rest = line[:1], line[1:].strip().decode("utf-8", "replace")
        match kind:
            case b"-":
                raise ValueError(rest)
            case b"+":
                return rest
            case b":":
                return int(rest)
            case b"$" if int(rest) < 0:
                return None
            case b"$":
                size = int(rest) + 2
                read = self._taken(self._read.read(min(size, self._left + 1)))
                if len(read) < size:
                    raise EOFError
                return read[:-2].decode("utf-8", "replace")
            case b"*" if depth < MOST_NESTED:
                return [self._reply(depth + 1) for _ in range(min(int(rest), self._left))]
            case _:
                raise ValueError("it does not use the protocol of Redis")

    def _taken(self, read: bytes) -> bytes:
        if not read:
            raise EOFError
        self._left -= len(read)
        if self._left < 0:
            raise ValueError(f"its answer is longer than {MOST_BYTES} bytes")
        return read


def _info(reply: Reply) -> tuple[tuple[str, ...], tuple[tuple[Cell, ...], ...]]:
    text = reply if isinstance(reply, str) else ""
    pairs = [line.split(":", 1) for line in text.splitlines() if ":" in line and line[:1] != "#"]
    fields = {name: _number(value) for name, value in pairs if name in FIELDS}
    return tuple(fields), (tuple(fields.values()),) if fields else ()


def _slow(reply: Reply) -> tuple[tuple[str, ...], tuple[tuple[Cell, ...], ...]]:
    """Without the arguments of commands, which hold data of users."""
    entries = [one for one in reply if isinstance(one, list)] if isinstance(reply, list) else []
    rows = []
    for number, at, micros, words, *_ in (one for one in entries if len(one) >= _OF_SLOW):
        name = words[0] if isinstance(words, list) and words and isinstance(words[0], str) else ""
        if isinstance(number, int) and isinstance(at, int) and isinstance(micros, int):
            when = datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
            rows.append((number, when, micros / 1e6, name.upper()))
    return ("id", "at", "seconds", "command"), tuple(rows)


def _number(text: str) -> Cell:
    """A number that a column holds; else the text."""
    for kind in (int, float):
        try:
            if abs(found := kind(text)) < 2**63:
                return found
        except ValueError:
            continue
    return text
