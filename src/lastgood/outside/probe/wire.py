"""A connection to one address: TCP, then TLS as a client would check it; every wait ends at its deadline."""

import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

from cryptography import x509
from cryptography.x509.oid import ExtensionOID, NameOID

from lastgood.model.probe_report import Certificate
from lastgood.outside.probe.limits import Limits
from lastgood.outside.probe.target import Target

_PIECE = 65_536


@dataclass(slots=True)
class Wire:
    """A connected socket and when its time is over."""

    sock: socket.socket
    end: float

    def send(self, data: bytes) -> None:
        """Send all of it."""
        self.sock.settimeout(self._left())
        self.sock.sendall(data)

    def receive(self) -> bytes:
        """What came next; empty at the end of the stream."""
        self.sock.settimeout(self._left())
        return self.sock.recv(_PIECE)

    def _left(self) -> float:
        left = self.end - monotonic()
        if left <= 0:
            raise TimeoutError
        return left


def connected(address: str, port: int, seconds: float) -> Wire:
    """A TCP connection.

    Raises:
        OSError: there is none.
    """
    sock = socket.create_connection((address, port), timeout=max(0.01, seconds))
    return Wire(sock, monotonic() + seconds)


def secured(wire: Wire, target: Target, limits: Limits, offers: Sequence[str], *, check: bool = True) -> Wire:
    """The same connection under TLS; without `check` any certificate will do, to look at it.

    Raises:
        OSError: no handshake, or the certificate is not good.
    """
    context = ssl.create_default_context(cafile=str(limits.ca_file) if limits.ca_file else None)
    if not check:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols(list(offers))
    wire.sock.settimeout(limits.step_seconds)
    return Wire(context.wrap_socket(wire.sock, server_hostname=target.host), wire.end)


def tls_problem(problem: OSError) -> str:
    """Why there was no handshake."""
    if isinstance(problem, ssl.SSLCertVerificationError):
        return problem.verify_message.rstrip(".")
    if isinstance(problem, TimeoutError):
        return "the handshake did not end in time"
    if isinstance(problem, ssl.SSLError) and problem.reason:
        return problem.reason.lower().replace("_", " ")
    return reason(problem)


def reason(problem: OSError) -> str:
    """What the system says."""
    return (
        "no answer in time"
        if isinstance(problem, TimeoutError)
        else problem.strerror or str(problem) or type(problem).__name__
    )


def certificate_of(wire: Wire) -> Certificate | None:
    """The certificates that the server showed."""
    secure: Any = wire.sock
    shown = secure.getpeercert(binary_form=True)
    if not shown:
        return None
    own = x509.load_der_x509_certificate(shown)
    # The whole chain has a public name from Python 3.13 on only.
    sent = secure._sslobj.get_unverified_chain() or ()  # noqa: SLF001
    chain = [x509.load_pem_x509_certificate(one.public_bytes().encode()) for one in sent]
    return Certificate(
        _name(own.subject), _name(own.issuer), _names(own), own.not_valid_before_utc, own.not_valid_after_utc,
        tuple(_name(one.subject) for one in chain),
    )  # fmt: skip


def _name(name: x509.Name) -> str:
    common = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(common[0].value) if common else name.rfc4514_string()


def _names(own: x509.Certificate) -> tuple[str, ...]:
    try:
        found = own.extensions.get_extension_for_oid(ExtensionOID.SUBJECT_ALTERNATIVE_NAME).value
    except x509.ExtensionNotFound:
        return ()
    assert isinstance(found, x509.SubjectAlternativeName)  # noqa: S101 - by its identifier
    return (
        *found.get_values_for_type(x509.DNSName),
        *(str(one) for one in found.get_values_for_type(x509.IPAddress)),
    )
