"""Certificates that only their maker trusts: of one server, and of an authority such as a company has of its own."""

import datetime as dt
import ipaddress
import ssl
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

ORGANISATION = "Acme Inspection"


def self_signed(file: Path, *, host: str = "127.0.0.1", since: int = -1, until: int = 1) -> Path:
    """A certificate with its key in one file, valid between these days from now."""
    key = ec.generate_private_key(ec.SECP256R1())
    builder = _begun(_name(), _name(), key, since, until)
    builder = builder.add_extension(x509.SubjectAlternativeName([_alternative(host)]), critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    file.write_bytes(_pem(builder.sign(key, hashes.SHA256()), key))
    return file


class Authority:
    """An authority whose certificate is in `root`; it vouches for whatever host it is asked about."""

    def __init__(self, folder: Path, common: str = "Acme Root") -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        builder = _begun(_name(common), _name(common), self._key, -1, 1)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        self._certificate = builder.sign(self._key, hashes.SHA256())
        self.root = folder / "root.pem"
        self.root.write_bytes(self._certificate.public_bytes(serialization.Encoding.PEM))

    def vouched(self, host: str) -> ssl.SSLContext:
        """What a server of this host answers TLS with."""
        key = ec.generate_private_key(ec.SECP256R1())
        builder = _begun(self._certificate.subject, _name(host), key, -1, 1)
        builder = builder.add_extension(x509.SubjectAlternativeName([_alternative(host)]), critical=False)
        file = self._folder / f"{host}.pem"
        file.write_bytes(_pem(builder.sign(self._key, hashes.SHA256()), key))
        return server_context(file)

    def of_client(self, name: str, *, password: str = "") -> Path:
        """A certificate by which a client of this name signs in, with its key, which may have a password."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = _begun(self._certificate.subject, _name(name), key, -1, 1).sign(self._key, hashes.SHA256())
        file = self._folder / f"{name}.pem"
        file.write_bytes(_pem(certificate, key, password))
        return file


def server_context(file: Path) -> ssl.SSLContext:
    """What a server answers TLS with whose certificate and key are in the file."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def _begun(
    issuer: x509.Name, subject: x509.Name, key: ec.EllipticCurvePrivateKey, since: int, until: int
) -> x509.CertificateBuilder:
    now = dt.datetime.now(dt.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + dt.timedelta(days=since))
        .not_valid_after(now + dt.timedelta(days=until))
    )


def _name(common: str = "Acme Root") -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "DE"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANISATION),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _alternative(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _pem(certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey, password: str = "") -> bytes:
    locked = serialization.BestAvailableEncryption(password.encode()) if password else serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, locked)
    return certificate.public_bytes(serialization.Encoding.PEM) + private
