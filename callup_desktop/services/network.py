"""What a network does to a call on its way: proxies, sign-in pages, foreign certificates. Any thread; `ask_*` block."""

import socket
import ssl
from collections.abc import Iterable, Iterator, Mapping
from http.client import HTTPConnection, HTTPException, HTTPResponse
from urllib.parse import urlsplit

from callup_desktop.engine.errors import Code

ASKING_TIMEOUT = 5.0
"""Seconds that a question about the network may take; the call it explains has failed already."""

_PAGE_STARTS = (b"<!doctype html", b"<html")
_SERVER_ERROR = 500
_ORGANISATION = bytes((0x55, 0x04, 0x0A))
_COMMON_NAME = bytes((0x55, 0x04, 0x03))


def judge_answer(status: int, headers: Mapping[str, str], body: bytes) -> Code | None:
    """Who answered in the service's place: a sign-in page, a proxy, a web server; None if the service did.

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


def ask_portal(host: str, *, port: int = 80) -> bool:
    """Whether plain http to the host is answered by somebody else, as a sign-in page does; False if nobody answers."""
    connection = HTTPConnection(host, port, timeout=ASKING_TIMEOUT)
    try:
        connection.request("GET", "/")
        answer = connection.getresponse()
        headers = lowered(answer.getheaders())
        if urlsplit(headers.get("location", "")).hostname == host:
            return False  # the host itself, asking for https
        return judge_answer(answer.status, headers, answer.read(64)) is Code.CAPTIVE_PORTAL
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def ask_proxy(proxy: str, host: str, port: int, login: Mapping[str, str]) -> int | None:
    """The status with which the proxy answers CONNECT; None if it does not answer. `login` are its headers."""
    parts = urlsplit(proxy)
    try:
        with socket.create_connection((parts.hostname or "", parts.port or 80), timeout=ASKING_TIMEOUT) as wire:
            lines = [
                f"CONNECT {host}:{port} HTTP/1.1",
                f"Host: {host}:{port}",
                *(f"{k}: {v}" for k, v in login.items()),
            ]
            wire.sendall("\r\n".join([*lines, "", ""]).encode("ascii"))
            answer = HTTPResponse(wire, method="CONNECT")
            answer.begin()
            return answer.status
    except (OSError, HTTPException):
        return None


def ask_issuer(host: str, port: int) -> str:
    """Who signed the certificate that is shown for the host, as it says itself; "" if it cannot be read."""
    try:
        pem = ssl.get_server_certificate((host, port), timeout=ASKING_TIMEOUT)
        return issuer_of(ssl.PEM_cert_to_DER_cert(pem))
    except (OSError, ValueError, IndexError):
        return ""


def issuer_of(certificate: bytes) -> str:
    """The issuer's organisation, else its common name, else "", of an X.509 certificate in DER.

    Raises IndexError or ValueError where the bytes are not a certificate. Python's own parser reads trusted ones only.
    """
    (_, whole), *_ = _fields(certificate)
    (_, signed), *_ = _fields(whole)
    fields = [content for tag, content in _fields(signed) if tag != _VERSION]
    names = dict(_names(fields[_ISSUER]))
    return names.get(_ORGANISATION) or names.get(_COMMON_NAME) or ""


def lowered(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Headers by lower-case name."""
    return {name.lower(): value for name, value in headers}


_VERSION = 0xA0
_ISSUER = 2
_LONG_FORM = 0x80


def _fields(der: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(der):
        tag, length, at = der[at], der[at + 1], at + 2
        if length & _LONG_FORM:
            size = length & ~_LONG_FORM
            length, at = int.from_bytes(der[at : at + size], "big"), at + size
        yield tag, der[at : at + length]
        at += length


def _names(issuer: bytes) -> Iterator[tuple[bytes, str]]:
    for _, relative in _fields(issuer):
        for _, pair in _fields(relative):
            (_, kind), (_, value) = _fields(pair)
            yield kind, value.decode("utf-8", "replace")
