"""Why TLS does not come about, and what a server's certificate says of it. Any thread; some block."""

import socket
import ssl
from collections.abc import Iterator
from enum import StrEnum
from http.client import HTTPException, HTTPResponse

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


def certificate_issuer(route: Route) -> str:
    """The issuer that the certificate shown on this way names; "" if it cannot be read. Blocks."""
    try:
        with _unverified(route.connect(), route.host) as secure:
            return issuer_of(secure.getpeercert(binary_form=True) or b"")
    except (OSError, HTTPException, ValueError, IndexError):
        return ""


def speaks_tls(route: Route) -> bool:
    """Whether a TLS server answers there; False if nobody does. Blocks."""
    try:
        _unverified(route.connect(), route.host).close()
    except ssl.SSLError as exc:
        return tls_problem(exc) in {TlsProblem.OUTDATED, TlsProblem.REFUSED}
    except (OSError, HTTPException):
        return False
    return True


def server_date(route: Route) -> str:
    """The Date that a server tells over TLS, whoever it is: it is only told, never acted on. "" if none. Blocks."""
    try:
        with _unverified(route.connect(), route.host) as secure:
            secure.sendall(f"GET / HTTP/1.1\r\nHost: {route.host}\r\nConnection: close\r\n\r\n".encode("ascii"))
            answer = HTTPResponse(secure)
            answer.begin()
            return answer.headers.get("Date", "")
    except (OSError, HTTPException):
        return ""


def _unverified(sock: socket.socket, host: str) -> ssl.SSLSocket:
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
    (_, whole), *_ = _der_fields(certificate)
    (_, signed), *_ = _der_fields(whole)
    fields = [content for tag, content in _der_fields(signed) if tag != _VERSION]
    names = dict(_names(fields[_ISSUER]))
    return names.get(_ORGANISATION) or names.get(_COMMON_NAME) or ""


_VERSION = 0xA0
_ISSUER = 2
_LONG_FORM = 0x80


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
