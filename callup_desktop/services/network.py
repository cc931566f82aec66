"""What a network does to a call on its way: proxies, sign-in pages, foreign certificates. Any thread; some block."""

import socket
import ssl
from collections.abc import Iterable, Iterator, Mapping
from http.client import HTTPConnection, HTTPException, HTTPResponse
from urllib.parse import urlsplit

from callup_desktop.engine.errors import Code

DIAGNOSIS_TIMEOUT = 5.0
"""Seconds that each question to the network may take; the call that it explains has failed already."""

_PAGE_STARTS = (b"<!doctype html", b"<html")
_SERVER_ERROR = 500
_ORGANISATION = bytes((0x55, 0x04, 0x0A))
_COMMON_NAME = bytes((0x55, 0x04, 0x03))


def interception_code(status: int, headers: Mapping[str, str], body: bytes) -> Code | None:
    """What answered in the service's place: a sign-in page, a proxy, a web server; None if the service did.

    `headers` are by lower-case name.
    """
    match status:
        case 407:
            return Code.PROXY_LOGIN
        case 511:
            return Code.CAPTIVE_PORTAL
        case _ if status >= _SERVER_ERROR or any(name.startswith("x-amz") for name in headers):
            # A gateway in front of a store answers 502 to 504 in HTML: that is the store being busy.
            return None
        case 301 | 302 | 303 | 307 | 308 if "location" in headers:
            return Code.CAPTIVE_PORTAL
    if not body.lstrip()[:32].lower().startswith(_PAGE_STARTS):
        return None
    if status in {403, 451}:
        return Code.PROXY_BLOCKS
    return Code.WRONG_BUCKET if status >= 400 else Code.CAPTIVE_PORTAL


def is_captive_portal(host: str, *, port: int = 80) -> bool:
    """Whether a sign-in page answers plain http to the host in its place; False if nothing answers. Blocks."""
    connection = HTTPConnection(host, port, timeout=DIAGNOSIS_TIMEOUT)
    try:
        connection.request("GET", "/")
        answer = connection.getresponse()
        headers = lowered(answer.getheaders())
        if urlsplit(headers.get("location", "")).hostname == host:
            return False  # the host itself, asking for https
        return interception_code(answer.status, headers, answer.read(64)) is Code.CAPTIVE_PORTAL
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def proxy_status(proxy: str, host: str, port: int, login: Mapping[str, str]) -> int | None:
    """The status with which the proxy answers CONNECT; None if it does not answer. `login` are headers. Blocks."""
    parts = urlsplit(proxy)
    try:
        with socket.create_connection((parts.hostname or "", parts.port or 80), timeout=DIAGNOSIS_TIMEOUT) as sock:
            head = [
                f"CONNECT {host}:{port} HTTP/1.1",
                f"Host: {host}:{port}",
                *(f"{name}: {value}" for name, value in login.items()),
            ]
            sock.sendall("\r\n".join([*head, "", ""]).encode("ascii"))
            answer = HTTPResponse(sock, method="CONNECT")
            answer.begin()
            return answer.status
    except (OSError, HTTPException):
        return None


def certificate_issuer(host: str, port: int) -> str:
    """The issuer that the certificate shown for the host names; "" if it cannot be read. Blocks."""
    try:
        pem = ssl.get_server_certificate((host, port), timeout=DIAGNOSIS_TIMEOUT)
        return issuer_of(ssl.PEM_cert_to_DER_cert(pem))
    except (OSError, ValueError, IndexError):
        return ""


def issuer_of(certificate: bytes) -> str:
    """The issuer's organisation, else its common name, else "", of an X.509 certificate in DER.

    Raises IndexError or ValueError where the bytes are not a certificate. Python's own parser reads trusted ones only.
    """
    (_, whole), *_ = _der_fields(certificate)
    (_, signed), *_ = _der_fields(whole)
    fields = [content for tag, content in _der_fields(signed) if tag != _VERSION]
    names = dict(_names(fields[_ISSUER]))
    return names.get(_ORGANISATION) or names.get(_COMMON_NAME) or ""


def lowered(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Headers by lower-case name."""
    return {name.lower(): value for name, value in headers}


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
