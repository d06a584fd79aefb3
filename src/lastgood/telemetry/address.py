"""Store addresses: `chdb:///path`, `chdb://memory`, `clickhouse(s)://user:password@host:port/database?option=…`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from lastgood.errors import UsageError

MEMORY = "memory"
EXAMPLE = "Write chdb:///path, chdb://memory, clickhouse://host:8123/database or clickhouses://… (TLS)."
_CLIENT = {"verify", "ca_cert", "client_cert", "client_cert_key", "server_host_name", "connect_timeout", "compress"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class EmbeddedAddress:
    """A folder that this process will own, or memory when `path` is None; options go to the engine."""

    path: Path | None
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RemoteAddress:
    """A ClickHouse server's HTTP interface. The password is in no text made from it."""

    host: str
    port: int
    database: str
    user: str
    password: str = field(repr=False)
    secure: bool = False
    client: Mapping[str, str] = field(default_factory=dict)  # how to connect: verify, ca_cert, …
    settings: Mapping[str, str] = field(default_factory=dict)  # ClickHouse settings of every query

    @property
    def shown(self) -> str:
        """The address as people may see it: without user and password."""
        return f"clickhouse{'s' if self.secure else ''}://{self.host}:{self.port}/{self.database}"


def parsed(address: str) -> EmbeddedAddress | RemoteAddress:
    """The parts of a store address, percent-encoding undone.

    Raises:
        UsageError: it is not an address of a store. The message never repeats the address.
    """
    try:
        parts = urlsplit(address)
        options = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
        port = parts.port
    except ValueError as problem:
        raise UsageError("The store address cannot be read.", hint=EXAMPLE) from problem
    if parts.scheme == "chdb":
        return _embedded(parts, options)
    if parts.scheme in {"clickhouse", "clickhouses"}:
        return _remote(parts, options, port)
    raise UsageError("A store address starts with chdb://, clickhouse:// or clickhouses://.", hint=EXAMPLE)


def _embedded(parts: SplitResult, options: dict[str, str]) -> EmbeddedAddress:
    if parts.netloc == MEMORY and not parts.path.strip("/"):
        return EmbeddedAddress(None, options)
    if parts.netloc or not parts.path.strip("/"):
        raise UsageError("An embedded store is chdb:/// and an absolute path.", hint=EXAMPLE)
    return EmbeddedAddress(Path(unquote(parts.path)), options)


def _remote(parts: SplitResult, options: dict[str, str], port: int | None) -> RemoteAddress:
    if not parts.hostname:
        raise UsageError("The store address names no host.", hint=EXAMPLE)
    secure = parts.scheme == "clickhouses"
    return RemoteAddress(
        host=unquote(parts.hostname),
        port=port or (8443 if secure else 8123),
        database=unquote(parts.path.strip("/")) or "default",
        user=unquote(parts.username or "default"),
        password=unquote(parts.password or ""),
        secure=secure,
        client={name: value for name, value in options.items() if name in _CLIENT},
        settings={name: value for name, value in options.items() if name not in _CLIENT},
    )
