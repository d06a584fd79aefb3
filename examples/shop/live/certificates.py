"""Certificates of the payment providers, signed by an authority of this run."""

from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

AGE = timedelta(days=89, hours=23)


class Authority:
    """Signs certificates for the loopback address; `ca` is the file that clients trust."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder, self._key = folder, ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Shop test authority")])
        self.ca = folder / "ca.pem"
        self._made: x509.Certificate | None = None

    def certify(self, name: str, ends: datetime) -> Path:
        """A file with the key and the certificate of a host, valid until a time."""
        if self._made is None:
            lasting = x509.BasicConstraints(ca=True, path_length=0)
            self._made = self._signed(self._name, self._key, ends + AGE, [lasting], age=2 * AGE)
            self.ca.write_bytes(self._made.public_bytes(Encoding.PEM))
        key = ec.generate_private_key(ec.SECP256R1())
        hosts = x509.SubjectAlternativeName([x509.DNSName(name), x509.IPAddress(ip_address("127.0.0.1"))])
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        made = self._signed(subject, key, ends, [hosts])
        path = self._folder / f"{name}.pem"
        secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        path.write_bytes(secret + made.public_bytes(Encoding.PEM))
        return path

    def _signed(
        self,
        subject: x509.Name,
        key: ec.EllipticCurvePrivateKey,
        ends: datetime,
        extensions: list[x509.ExtensionType],
        *,
        age: timedelta = AGE,
    ) -> x509.Certificate:
        asked = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(ends - age)
            .not_valid_after(ends)
        )
        for extension in extensions:
            asked = asked.add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
        return asked.sign(self._key, hashes.SHA256())
