"""Why TLS does not come about, and what a server's certificate says of it. Any thread; some block."""

import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from http.client import HTTPException

from callup_desktop.services.network import Route

_EXPIRED = frozenset({9, 10, 0x800B0101, -67818, -67819})
_OTHER_HOST = frozenset({62, 64, 0x800B010F, -67602})
"""Why a certificate is not believed, as OpenSSL, Windows and macOS number it (docs/facts.md, "TLS")."""
_OUTDATED = frozenset(
    {"UNSUPPORTED_PROTOCOL", "TLSV1_ALERT_PROTOCOL_VERSION", "NO_PROTOCOLS_AVAILABLE", "VERSION_TOO_LOW"}
    | {"SSLV3_ALERT_HANDSHAKE_FAILURE", "TLSV1_ALERT_INSUFFICIENT_SECURITY", "DH_KEY_TOO_SMALL"}
    | {"UNSAFE_LEGACY_RENEGOTIATION_DISABLED", "LEGACY_SIGALG_DISALLOWED_OR_UNSUPPORTED"}
)
_NOT_TLS = frozenset({"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG"})
_REFUSED = frozenset(
    {"TLSV13_ALERT_CERTIFICATE_REQUIRED", "TLSV1_ALERT_UNKNOWN_CA", "TLSV1_ALERT_ACCESS_DENIED"}
    | {"TLSV1_ALERT_DECRYPT_ERROR"}
    | {"SSLV3_ALERT_BAD_CERTIFICATE", "SSLV3_ALERT_CERTIFICATE_UNKNOWN", "SSLV3_ALERT_CERTIFICATE_EXPIRED"}
)
_ORGANISATION = bytes((0x55, 0x04, 0x0A))
_COMMON_NAME = bytes((0x55, 0x04, 0x03))


class TlsProblem(StrEnum):
    """Why no TLS connection comes about until somebody changes something."""

    UNTRUSTED = "untrusted"
    EXPIRED = "expired"
    OTHER_HOST = "other_host"
    OUTDATED = "outdated"
    NOT_TLS = "not_tls"
    REFUSED = "refused"
    """The server does not take this computer's certificate, or misses one."""


def tls_problem(error: ssl.SSLError) -> TlsProblem | None:
    """What is wrong for good; None where the next handshake may succeed."""
    if isinstance(error, ssl.SSLCertVerificationError):
        if error.verify_code in _EXPIRED:
            return TlsProblem.EXPIRED
        return TlsProblem.OTHER_HOST if error.verify_code in _OTHER_HOST else TlsProblem.UNTRUSTED
    kinds = {TlsProblem.OUTDATED: _OUTDATED, TlsProblem.NOT_TLS: _NOT_TLS, TlsProblem.REFUSED: _REFUSED}
    return next((problem for problem, reasons in kinds.items() if error.reason in reasons), None)


def certificate_of(route: Route) -> bytes:
    """The certificate shown on this way, in DER, whether it is believed or not; b"" if there is none. Blocks."""
    try:
        with unverified(route.connect(), route.host) as secure:
            return secure.getpeercert(binary_form=True) or b""
    except (OSError, HTTPException):
        return b""


def certificate_issuer(route: Route) -> str:
    """The issuer that the certificate shown on this way names; "" if it cannot be read. Blocks."""
    try:
        return issuer_of(certificate_of(route))
    except (ValueError, IndexError):
        return ""


def speaks_tls(route: Route) -> bool:
    """Whether a TLS server answers there; False if nobody does. Blocks."""
    try:
        unverified(route.connect(), route.host).close()
    except ssl.SSLError as exc:
        return tls_problem(exc) in {TlsProblem.OUTDATED, TlsProblem.REFUSED}
    except (OSError, HTTPException):
        return False
    return True


def unverified(sock: socket.socket, host: str) -> ssl.SSLSocket:
    """TLS on a connection, for nothing but a diagnosis: whoever answers is not known. Raises OSError."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        return context.wrap_socket(sock, server_hostname=host)
    except OSError:
        sock.close()
        raise


def issuer_of(certificate: bytes) -> str:
    """The issuer's organisation, else its common name, else "", of an X.509 certificate in DER.

    Raises IndexError or ValueError where the bytes are not a certificate. Python's own parser reads trusted ones only.
    """
    names = dict(_names(_signed_fields(certificate)[_ISSUER]))
    return names.get(_ORGANISATION) or names.get(_COMMON_NAME) or ""


def validity_of(certificate: bytes) -> tuple[datetime, datetime]:
    """The first and the last moment of an X.509 certificate in DER; raises as `issuer_of` does."""
    since, until = (_moment(tag, content) for tag, content in _der_fields(_signed_fields(certificate)[_VALIDITY]))
    return since, until


_VERSION = 0xA0
_ISSUER, _VALIDITY = 2, 3
_SHORT_YEAR = 0x17
_FIRST_SHORT_YEAR = 50
"""Of the 20th century; a year below is of the 21st (RFC 5280)."""
_LONG_FORM = 0x80


def _signed_fields(certificate: bytes) -> list[bytes]:
    """What the authority signed, by place, without the version, which may be left out."""
    (_, whole), *_ = _der_fields(certificate)
    (_, signed), *_ = _der_fields(whole)
    return [content for tag, content in _der_fields(signed) if tag != _VERSION]


def _moment(tag: int, content: bytes) -> datetime:
    text = content.decode("ascii")
    if tag == _SHORT_YEAR:
        text = ("19" if int(text[:2]) >= _FIRST_SHORT_YEAR else "20") + text
    return datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)


def _der_fields(der: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(der):
        tag, length, at = der[at], der[at + 1], at + 2
        if length & _LONG_FORM:
            size = length & ~_LONG_FORM
            length, at = int.from_bytes(der[at : at + size], "big"), at + size
        yield tag, der[at : at + length]
        at += length


def _names(issuer: bytes) -> Iterator[tuple[bytes, str]]:
    for _, relative in _der_fields(issuer):
        for _, pair in _der_fields(relative):
            (_, kind), (_, value) = _der_fields(pair)
            yield kind, value.decode("utf-8", "replace")
