"""Small real servers on loopback: sites that answer well or badly, over TLS or not, and a DNS server. They end with the test."""

import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from threading import Thread

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import h2.config
import h2.connection
import h2.events
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Talk = Callable[[socket.socket], None]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nCache-Control: max-age=60\r\n\r\nhi"


def says(answer: bytes) -> Talk:
    """Read a request, then send this."""

    def talk(client: socket.socket) -> None:
        client.recv(65_536)
        client.sendall(answer)

    return talk


def speaks_http2(status: str) -> Talk:
    """Answer over HTTP/2."""

    def talk(client: socket.socket) -> None:
        link = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        link.initiate_connection()
        client.sendall(link.data_to_send())
        while piece := client.recv(65_536):
            for event in link.receive_data(piece):
                if isinstance(event, h2.events.RequestReceived):
                    link.send_headers(event.stream_id, [(":status", status), ("server", "test")])
                    link.send_data(event.stream_id, b"hi", end_stream=True)
            client.sendall(link.data_to_send())

    return talk


@contextmanager
def site(
    talk: Talk,
    host: str = "127.0.0.1",
    *,
    port: int = 0,
    tls: ssl.SSLContext | None = None,
    second: Talk | None = None,
) -> Iterator[int]:
    """A server that talks so to every client; gives its port. `second` is for clients that agreed on HTTP/2."""
    server = socket.create_server((host, port))
    clients: list[socket.socket] = []

    def client_of(raw: socket.socket) -> None:
        with suppress(OSError):
            client = tls.wrap_socket(raw, server_side=True) if tls else raw
            clients.append(client)
            agreed = client.selected_alpn_protocol() if isinstance(client, ssl.SSLSocket) else None
            (second if second and agreed == "h2" else talk)(client)
        with suppress(OSError, UnboundLocalError):
            client.close()
        raw.close()

    def accept() -> None:
        with suppress(OSError):
            while True:
                raw, _ = server.accept()
                raw.settimeout(5)
                Thread(target=client_of, args=(raw,), daemon=True).start()

    listener = Thread(target=accept, daemon=True)
    listener.start()
    try:
        yield server.getsockname()[1]
    finally:
        with suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)
        server.close()
        for client in clients:
            with suppress(OSError):
                client.close()
        listener.join(5)


@dataclass(frozen=True)
class Authority:
    """A certificate authority of the test's own."""

    folder: Path
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def file(self) -> Path:
        """What clients have to trust."""
        return self.folder / "ca.pem"

    def context(self, *names: str, days: int = 30, alpn: tuple[str, ...] = ()) -> ssl.SSLContext:
        """A server's, with a certificate for these names that ends in so many days."""
        key, path = ec.generate_private_key(ec.SECP256R1()), self.folder / f"{names[0]}.pem"
        made = _certificate(
            names[0], self.certificate.subject, key.public_key(), self.key, names=names, days=days
        )
        path.write_bytes(_pem(key) + made.public_bytes(serialization.Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        if alpn:
            context.set_alpn_protocols(list(alpn))
        return context


def authority(folder: Path) -> Authority:
    """A new one."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test CA")])
    made = _certificate("Test CA", name, key.public_key(), key, names=(), days=30)
    (folder / "ca.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return Authority(folder, key, made)


def _certificate(
    subject: str,
    issuer: x509.Name,
    public: ec.EllipticCurvePublicKey,
    key: ec.EllipticCurvePrivateKey,
    *,
    names: tuple[str, ...],
    days: int,
) -> x509.Certificate:
    now = datetime.now(UTC)  # noqa: TID251 - the client's library reads this clock too
    made = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=60))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=not names, path_length=None), critical=True)
    )
    if names:
        made = made.add_extension(x509.SubjectAlternativeName([*map(_general, names)]), critical=False)
    return made.sign(key, hashes.SHA256())


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


@contextmanager
def nameserver(names: Mapping[str, tuple[str, ...]], *, fails: str = "") -> Iterator[str]:
    """A DNS server that knows these names, TTL 60; or fails with this code, or keeps still. Gives HOST:PORT."""
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 0))
    server.settimeout(0.1)
    going = [True]

    def serve() -> None:
        while going[0]:
            with suppress(TimeoutError):
                data, client = server.recvfrom(4096)
                if fails != "SILENT":
                    server.sendto(_reply(dns.message.from_wire(data), names, fails), client)

    thread = Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.getsockname()[1]}"
    finally:
        going[0] = False
        thread.join(5)
        server.close()


def _reply(question: dns.message.Message, names: Mapping[str, tuple[str, ...]], fails: str) -> bytes:
    asked, reply = question.question[0], dns.message.make_response(question)
    known = names.get(asked.name.to_text(omit_final_dot=True), ())
    if fails or not known:
        reply.set_rcode(dns.rcode.from_text(fails or "NXDOMAIN"))
    elif asked.rdtype.name == "A":
        reply.answer.append(dns.rrset.from_text(asked.name, 60, "IN", "A", *known))
    return reply.to_wire()
