"""The target of a probe: an address of HTTP, and which machines may be asked."""

from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urljoin, urlsplit

from lastgood.algorithms.redaction import redacted
from lastgood.algorithms.secrets import without_secrets
from lastgood.errors import UsageError

_PORTS = {"http": 80, "https": 443}
_LONGEST = 4000


@dataclass(frozen=True, slots=True)
class Target:
    """What is asked for: scheme, host, port and path with its query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def secure(self) -> bool:
        """Whether it is asked over TLS."""
        return self.scheme == "https"

    @property
    def literal(self) -> str | None:
        """The host, where it is an address and no name."""
        try:
            return str(ip_address(self.host))
        except ValueError:
            return None

    @property
    def authority(self) -> str:
        """Host and port as the Host header has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    def __str__(self) -> str:
        """Without secrets and personal data."""
        return redacted(without_secrets(f"{self.scheme}://{self.authority}{self.path}"))[0]

    def after(self, location: str) -> "Target":
        """Where a redirect leads.

        Raises:
            UsageError: nowhere that can be asked.
        """
        return target_of(urljoin(f"{self.scheme}://{self.authority}{self.path}", location))


def target_of(url: str) -> Target:
    """The target of a URL, which is not repeated in errors: it may hold a secret.

    Raises:
        UsageError: it is not one of HTTP, or holds a password.
    """
    hint = "Write it as https://host/path."
    if len(url) > _LONGEST or any(c <= " " or c == "\x7f" for c in url):
        raise UsageError("The URL is too long, or has white space or control characters.", hint=hint)
    try:
        split = urlsplit(url)
        port = split.port
        host = (
            (split.hostname or "")
            .encode("idna" if not (split.hostname or "").isascii() else "ascii")
            .decode()
        )
    except ValueError as problem:
        raise UsageError("The URL cannot be read.", hint=hint) from problem
    if split.scheme not in _PORTS or not host or port == 0:
        raise UsageError("The URL is not one of http or https.", hint=hint)
    if split.username is not None:
        raise UsageError("The URL holds a user or password.", hint="Leave it out: a probe does not log in.")
    path = split.path.encode("ascii", "backslashreplace").decode() or "/"
    return Target(
        split.scheme, host, port or _PORTS[split.scheme], f"{path}?{split.query}" if split.query else path
    )


def origin_of(written: str, port: int) -> tuple[str, int]:
    """Address and port of `IP`, `IP:PORT` or `[IPv6]:PORT`; the port of the URL where none is given.

    Raises:
        UsageError: it is no address.
    """
    with suppress(ValueError):
        return str(ip_address(written.strip("[]"))), port
    host, _, own = written.rpartition(":")
    with suppress(ValueError):
        if 0 < int(own) < 65_536:
            return str(ip_address(host.strip("[]"))), int(own)
    raise UsageError("The origin is no IP address.", hint="Write it as 10.2.0.4 or 10.2.0.4:8443.")


def is_private(address: str) -> bool:
    """Whether an address is not one of the public internet: private, loopback, link-local, metadata, multicast."""
    found = _real(address)
    return not found.is_global or found.is_multicast


def is_link_local(address: str) -> bool:
    """Whether it is of the machine's own link, where clouds serve credentials (169.254.169.254)."""
    return _real(address).is_link_local


def _real(address: str) -> IPv4Address | IPv6Address:
    """The address that is reached: of one inside another, the inner one."""
    found = ip_address(address.partition("%")[0])
    return (found.ipv4_mapped or found.sixtofour or found) if isinstance(found, IPv6Address) else found
