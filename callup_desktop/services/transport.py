"""How bytes reach AWS: pooled connections that trust what the system trusts, and can be cut. Any thread."""

import errno
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from threading import Lock
from typing import Any
from urllib.parse import unquote, urlsplit
from weakref import WeakSet

import truststore
from botocore.awsrequest import (
    AWSHTTPConnection,
    AWSHTTPConnectionPool,
    AWSHTTPSConnection,
    AWSHTTPSConnectionPool,
    AWSPreparedRequest,
    AWSResponse,
)
from botocore.utils import get_environ_proxies
from urllib3 import PoolManager, ProxyManager, Timeout, make_headers
from urllib3.connection import HTTPConnection
from urllib3.exceptions import HTTPError, ProxyError, SSLError

from callup_desktop.config.profile import is_loopback
from callup_desktop.engine.errors import AccountError, CallError, Code, TransientError
from callup_desktop.services import network

STALL = 60.0
"""Seconds without a byte after which a connection counts as dead."""
SENT_AT_ONCE = 256 * 1024
"""Bytes given to one send. A stall is measured over these, so that a link of 5 KB/s still counts as moving."""
LOOK = 1.0
"""Seconds that a connection may take to open where it is only opened to see whether it can be."""
_HTTP_PORT, _HTTPS_PORT = 80, 443
_NO_ROUTE = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL})


class Transport:
    """Sends botocore's requests, as its `before-send` handler, so that its own transport stays unused.

    That one brings its own list of trusted issuers, and can neither cut a connection in use nor tell a sign-in page
    from a store.
    """

    def __init__(self, *, connections: int, stall: float = STALL) -> None:
        """Keep up to `connections` open to a host; none is opened yet."""
        self._connections = connections
        self._stall = stall
        self._lock = Lock()
        self._live: WeakSet[HTTPConnection] = WeakSet()
        self._ways: dict[str, PoolManager] = {}
        self._silent: set[str] = set()

    def send(self, request: AWSPreparedRequest, **_: object) -> AWSResponse:
        """The whole answer; raises CallError where the network spoke and not AWS, and Cancelled from the body."""
        if "Expect" in request.headers and urlsplit(request.url).netloc in self._silent:
            del request.headers["Expect"]
        with _translated(request.url):
            raw = self._way(request.url).urlopen(
                request.method,
                request.url,
                body=request.body,
                headers=request.headers,
                retries=False,
                redirect=False,
                preload_content=False,
                decode_content=False,
            )
            response = AWSResponse(request.url, raw.status, raw.headers, raw)  # type: ignore[arg-type]  # as botocore does
            body = response.content
        if foreign := network.judge_answer(response.status_code, network.lowered(raw.headers.items()), body):
            raise AccountError(foreign, f"HTTP {response.status_code} from something that is not the service")
        return response

    def reset(self) -> None:
        """Drop all connections, so that calls under way end at once in TransientError; look proxies up anew."""
        with self._lock:
            ways, self._ways, self._silent = self._ways, {}, set()
            live = list(self._live)
        for connection in live:
            _cut(connection)
        for way in ways.values():
            way.clear()

    def _way(self, url: str) -> PoolManager:
        origin = urlsplit(url).netloc
        with self._lock:
            if origin not in self._ways:
                self._ways[origin] = self._open(url)
            return self._ways[origin]

    def _open(self, url: str) -> PoolManager:
        options: dict[str, Any] = {
            "maxsize": self._connections,
            "timeout": Timeout(connect=self._stall, read=self._stall),
            "ssl_context": truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
            "socket_options": _socket_options(self._stall),
        }
        proxy = proxy_of(url)
        way = ProxyManager(proxy, proxy_headers=_login(proxy), **options) if proxy else PoolManager(**options)
        way.pool_classes_by_scheme = _pools_that_tell(self._note, lambda: self._silent.add(urlsplit(url).netloc))
        return way

    def _note(self, connection: HTTPConnection) -> None:
        with self._lock:
            self._live.add(connection)


def proxy_of(url: str) -> str | None:
    """The proxy that the system wants for the URL, never one for this computer itself."""
    parts = urlsplit(url)
    if is_loopback(parts.hostname or ""):
        return None
    proxies: Mapping[str, str] = get_environ_proxies(url)
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    return proxy if not proxy or "://" in proxy else f"http://{proxy}"


def reachable(url: str) -> bool:
    """Whether the URL's host, or the proxy before it, takes a connection within `LOOK` seconds."""
    parts = urlsplit(proxy_of(url) or url)
    try:
        port = parts.port or (_HTTPS_PORT if parts.scheme == "https" else _HTTP_PORT)
        socket.create_connection((parts.hostname or "", port), timeout=LOOK).close()
    except OSError:
        return False
    return True


def chain_of(exc: BaseException) -> Iterator[BaseException]:
    """The exception and all that caused it, that it replaced or that it wraps."""
    seen: list[BaseException] = []
    waiting: list[BaseException] = [exc]
    while waiting:
        link = waiting.pop()
        if link in seen:
            continue
        seen.append(link)
        yield link
        waiting.extend(
            cause for cause in (link.__cause__, link.__context__, *link.args) if isinstance(cause, BaseException)
        )


def connection_code(exc: BaseException) -> Code:
    """OFFLINE where there is no name or no route, else CONNECTION."""
    for link in chain_of(exc):
        if isinstance(link, socket.gaierror) or (isinstance(link, OSError) and link.errno in _NO_ROUTE):
            return Code.OFFLINE
    return Code.CONNECTION


@contextmanager
def _translated(url: str) -> Iterator[None]:
    try:
        yield
    except SSLError as exc:
        raise _blame_certificate(url, exc) from exc
    except ProxyError as exc:
        raise _blame_proxy(url, exc) from exc
    except HTTPError as exc:
        raise TransientError(connection_code(exc), type(exc).__name__) from exc


def _blame_certificate(url: str, exc: SSLError) -> CallError:
    if not any(isinstance(link, ssl.SSLCertVerificationError) for link in chain_of(exc)):
        return TransientError(Code.CONNECTION, "TLS handshake failed")
    parts = urlsplit(url)
    host = parts.hostname or ""
    if network.ask_portal(host):
        return AccountError(Code.CAPTIVE_PORTAL, "a foreign certificate, and plain http is intercepted")
    issuer = network.ask_issuer(host, parts.port or _HTTPS_PORT)
    return AccountError(Code.TLS_UNTRUSTED, "certificate not trusted", params={"issuer": issuer, "host": host})


def _blame_proxy(url: str, exc: ProxyError) -> CallError:
    parts = urlsplit(url)
    proxy = proxy_of(url)
    status = network.ask_proxy(proxy, parts.hostname or "", parts.port or _HTTPS_PORT, _login(proxy)) if proxy else None
    match status:
        case 407:
            return AccountError(Code.PROXY_LOGIN, "the proxy wants a password")
        case int() if 400 <= status < 500:
            return AccountError(Code.PROXY_BLOCKS, f"the proxy answers {status}")
        case _:
            return TransientError(connection_code(exc), "the proxy cannot be reached")


def _login(proxy: str) -> dict[str, str]:
    parts = urlsplit(proxy)
    if not parts.username:
        return {}
    login = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return dict(make_headers(proxy_basic_auth=login))


def _pools_that_tell(connected: Callable[[HTTPConnection], None], silent: Callable[[], None]) -> dict[str, type]:
    """botocore's pool classes, whose connections tell once they stand, and when nobody said "100 Continue".

    botocore waits a second for those words at each part; some proxies swallow them.
    """

    def telling(kind: type[AWSHTTPConnection | AWSHTTPSConnection]) -> type:
        class Telling(kind):  # type: ignore[valid-type, misc]  # one class for both kinds
            _answered = False

            def connect(self) -> None:
                super().connect()
                connected(self)

            def send(self, data: bytes | memoryview) -> None:
                """`sendall` bounds the whole of what it is given by the timeout, so it is given little."""
                view = memoryview(data)
                for start in range(0, len(view), SENT_AT_ONCE):
                    super().send(view[start : start + SENT_AT_ONCE])

            def _send_output(self, *args: Any, **kwargs: Any) -> None:
                self._answered = False
                super()._send_output(*args, **kwargs)
                if self._expect_header_set and not self._answered:
                    silent()

            def _handle_expect_response(self, message_body: Any) -> None:
                self._answered = True
                super()._handle_expect_response(message_body)

        return Telling

    class PlainPool(AWSHTTPConnectionPool):
        ConnectionCls = telling(AWSHTTPConnection)

    class SecurePool(AWSHTTPSConnectionPool):
        ConnectionCls = telling(AWSHTTPSConnection)

    return {"http": PlainPool, "https": SecurePool}


def _cut(connection: HTTPConnection) -> None:
    """Shut the socket down, which wakes the thread that waits on it."""
    wire = connection.sock
    if isinstance(wire, socket.socket):
        with suppress(OSError):
            # SSLSocket.shutdown() would turn TLS off first, while the other thread still sends.
            socket.socket.shutdown(wire, socket.SHUT_RDWR)


def _socket_options(stall: float) -> list[tuple[int, int, int]]:
    wanted = [(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1), (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)]
    tuning = {"TCP_KEEPIDLE": 15, "TCP_KEEPINTVL": 5, "TCP_KEEPCNT": 4, "TCP_USER_TIMEOUT": int(stall * 1000)}
    wanted.extend(
        (socket.IPPROTO_TCP, getattr(socket, name), value) for name, value in tuning.items() if hasattr(socket, name)
    )
    # Python may know an option that this system does not, as an older Windows; urllib3 would then refuse to connect.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as trial:
        return [option for option in wanted if _takes(trial, option)]


def _takes(trial: socket.socket, option: tuple[int, int, int]) -> bool:
    try:
        trial.setsockopt(*option)
    except OSError:
        return False
    return True
