"""What a network does to a call on its way: proxies, sign-in pages, names that nobody knows. Any thread; some block."""

import errno
import socket
import ssl
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse
from urllib.parse import urlsplit

from callup_desktop.engine.errors import Code
from callup_desktop.services.happy_eyeballs import connect

DIAGNOSIS_TIMEOUT = 5.0
"""Seconds that each question to the network may take; the call that it explains has failed already."""

_NO_ROUTE = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL})
_NOWHERE = ((socket.AF_INET, ("192.0.2.1", 9)), (socket.AF_INET6, ("2001:db8::1", 9)))
"""Addresses of documentation (RFC 5737, RFC 3849): nobody is there, and nothing is sent."""
_UNKNOWN_NAME = frozenset({socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)})
_PAGE_STARTS = (b"<!doctype html", b"<html")
_OK = 200
_SERVER_ERROR = 500


@dataclass(frozen=True, slots=True)
class Route:
    """The way to a server: straight, or through a proxy that `login` (headers) signs in to.

    `proxy_context` makes what a proxy with TLS has to satisfy before it hears the login.
    """

    host: str
    port: int
    proxy: str = ""
    login: Mapping[str, str] = field(default_factory=dict)
    proxy_context: Callable[[], ssl.SSLContext] = ssl.create_default_context

    def connect(self) -> socket.socket:
        """A connection to the server itself; raises OSError and HTTPException."""
        if not self.proxy:
            return connect(self.host, self.port, timeout=DIAGNOSIS_TIMEOUT)
        if self._proxy_is_encrypted:
            # A socket of the standard library speaks no TLS within TLS.
            raise ConnectionRefusedError("nothing is looked at behind a proxy with TLS")
        sock, status = self._ask_proxy()
        if status != _OK:
            sock.close()
            raise ConnectionRefusedError(f"the proxy answers {status}")
        return sock

    def proxy_status(self) -> int | None:
        """The status with which the proxy answers CONNECT; None if it does not answer. Blocks."""
        try:
            sock, status = self._ask_proxy()
        except (OSError, HTTPException):
            return None
        sock.close()
        return status

    @property
    def _proxy_is_encrypted(self) -> bool:
        return urlsplit(self.proxy).scheme == "https"

    def _ask_proxy(self) -> tuple[socket.socket, int]:
        parts = urlsplit(self.proxy)
        host, encrypted = parts.hostname or "", self._proxy_is_encrypted
        sock = connect(host, parts.port or (443 if encrypted else 80), timeout=DIAGNOSIS_TIMEOUT)
        target = f"{self.host}:{self.port}"
        login = (f"{name}: {value}" for name, value in self.login.items())
        try:
            if encrypted:
                sock = self.proxy_context().wrap_socket(sock, server_hostname=host)
            sock.sendall("\r\n".join([f"CONNECT {target} HTTP/1.1", f"Host: {target}", *login, "", ""]).encode("ascii"))
            answer = HTTPResponse(sock, method="CONNECT")
            answer.begin()
        except (OSError, HTTPException):
            sock.close()
            raise
        return sock, answer.status


def has_route() -> bool:
    """Whether this computer has a way out into any network; asks its own tables only."""
    for family, address in _NOWHERE:
        with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as sock:
            sock.connect(address)
            return True
    return False


def is_unknown_name(error: BaseException) -> bool:
    """Whether the system says that nobody has this name, and there is a network to ask."""
    return isinstance(error, socket.gaierror) and error.errno in _UNKNOWN_NAME and has_route()


def is_offline(error: BaseException) -> bool:
    """Whether the system found no way at all: no answer about a name, no route."""
    return isinstance(error, socket.gaierror) or (isinstance(error, OSError) and error.errno in _NO_ROUTE)


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


def lowered(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Headers by lower-case name."""
    return {name.lower(): value for name, value in headers}
