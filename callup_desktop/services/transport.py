"""How bytes reach AWS: pooled connections that trust what the system trusts, and can be cut. Any thread."""

import errno
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from io import BytesIO
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
from urllib3 import HTTPConnectionPool, PoolManager, ProxyManager, Timeout, make_headers
from urllib3.connection import HTTPConnection
from urllib3.exceptions import HTTPError, ProxyError, SSLError
from urllib3.response import BaseHTTPResponse

from callup_desktop.config.addresses import is_loopback
from callup_desktop.engine.errors import AccountError, CallError, Code, TransientError
from callup_desktop.services import network

STALL_TIMEOUT = 60.0
"""Seconds without a byte after which a connection counts as dead; botocore waits as long by itself."""
SEND_SIZE = 256 * 1024
"""Bytes given to one send. A stall is measured over these, so that a link of 5 KB/s still counts as moving."""
LONGEST_ANSWER = 8 * 1024 * 1024
"""Bytes; a page of a thousand parts or uploads has less than one MiB."""
ANSWER_TIMEOUT = 120.0
"""Seconds that an answer may take from its first byte to its last, however it trickles."""
REACHABLE_TIMEOUT = 1.0
"""Seconds that a trial connection may take to open; the port promises an answer within a second."""
_HTTP_PORT, _HTTPS_PORT = 80, 443
_NO_ROUTE = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL})


class Transport:
    """Sends botocore's requests, as its `before-send` handler, so that its own transport stays unused.

    That one brings its own list of trusted issuers, and can neither cut a connection in use nor distinguish a
    sign-in page from a store. Up to `connections` are kept open to a host; `stall_timeout` is seconds without a byte.
    """

    def __init__(self, *, connections: int, stall_timeout: float = STALL_TIMEOUT) -> None:
        self._connections = connections
        self._stall_timeout = stall_timeout
        self._lock = Lock()
        self._live: WeakSet[HTTPConnection] = WeakSet()
        self._pools: dict[str, PoolManager] = {}
        """By host and port."""
        self._without_continue: set[str] = set()
        """Hosts and ports that send no "100 Continue"."""

    def send(self, request: AWSPreparedRequest, **_: object) -> AWSResponse:
        """The whole answer; raises CallError where the network fails or answers itself, and Cancelled from the body."""
        if "Expect" in request.headers and urlsplit(request.url).netloc in self._without_continue:
            del request.headers["Expect"]
        with _translated(request.url):
            raw = self._pool(request.url).urlopen(
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
            body = response._content = _bounded(raw)  # type: ignore[attr-defined]  # what `content` would read whole
            # An object's bytes are read from here again; they are ranges of a bounded size.
            response.raw = BytesIO(body)
        if code := network.interception_code(response.status_code, network.lowered(raw.headers.items()), body):
            raise AccountError(code, f"HTTP {response.status_code} from something that is not the service")
        return response

    def reset(self) -> None:
        """Drop all connections, so that calls under way end at once in TransientError; proxies are looked up again."""
        with self._lock:
            pools, self._pools, self._without_continue = self._pools, {}, set()
            live = list(self._live)
        for connection in live:
            _shut_down(connection)
        for pool in pools.values():
            pool.clear()

    def _pool(self, url: str) -> PoolManager:
        origin = urlsplit(url).netloc
        with self._lock:
            if origin not in self._pools:
                self._pools[origin] = self._open(url, origin)
            return self._pools[origin]

    def _open(self, url: str, origin: str) -> PoolManager:
        pool = open_pool(
            url,
            maxsize=self._connections,
            timeout=Timeout(connect=self._stall_timeout, read=self._stall_timeout),
            socket_options=_socket_options(self._stall_timeout),
        )
        pool.pool_classes_by_scheme = _observed_pool_classes(
            on_connect=self._track, on_no_continue=lambda: self._without_continue.add(origin)
        )
        return pool

    def _track(self, connection: HTTPConnection) -> None:
        with self._lock:
            self._live.add(connection)


def open_pool(url: str, **options: Any) -> PoolManager:
    """Connections to the URL that trust what the system trusts, through the system's proxy with its login if any."""
    options["ssl_context"] = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    proxy = proxy_of(url)
    if proxy:
        return ProxyManager(proxy, proxy_headers=_proxy_login(proxy), **options)
    pool = PoolManager(**options)
    pool.pool_classes_by_scheme = {**pool.pool_classes_by_scheme, "http": _PlainPool}
    return pool


def check_peer(connection: HTTPConnection) -> None:
    """Raise AccountError where a connection without TLS has ended on another computer, whatever its name promised."""
    peer = connection.sock.getpeername()[0]
    if not is_loopback(peer):
        connection.close()
        raise AccountError(Code.NOT_THIS_COMPUTER, f"{connection.host} is {peer}", params={"host": connection.host})


class _PlainConnection(HTTPConnection):
    def connect(self) -> None:
        super().connect()
        check_peer(self)


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _PlainConnection


def proxy_of(url: str) -> str | None:
    """The proxy that the system wants for the URL, never one for this computer itself."""
    parts = urlsplit(url)
    if is_loopback(parts.hostname or ""):
        return None
    proxies: Mapping[str, str] = get_environ_proxies(url)
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    return proxy if not proxy or "://" in proxy else f"http://{proxy}"


def can_connect(url: str) -> bool:
    """Whether the URL's host, or the proxy before it, takes a connection within `REACHABLE_TIMEOUT` seconds."""
    parts = urlsplit(proxy_of(url) or url)
    try:
        port = parts.port or (_HTTPS_PORT if parts.scheme == "https" else _HTTP_PORT)
        socket.create_connection((parts.hostname or "", port), timeout=REACHABLE_TIMEOUT).close()
    except OSError:
        return False
    return True


def chain_of(exc: BaseException) -> Iterator[BaseException]:
    """The exception, then each one that caused it, that it replaced or that it wraps."""
    seen: list[BaseException] = []
    waiting: list[BaseException] = [exc]
    while waiting:
        error = waiting.pop()
        if error in seen:
            continue
        seen.append(error)
        yield error
        waiting.extend(
            cause for cause in (error.__cause__, error.__context__, *error.args) if isinstance(cause, BaseException)
        )


def connection_code(exc: BaseException) -> Code:
    """OFFLINE where there is no name or no route, else CONNECTION."""
    for error in chain_of(exc):
        if isinstance(error, socket.gaierror) or (isinstance(error, OSError) and error.errno in _NO_ROUTE):
            return Code.OFFLINE
    return Code.CONNECTION


def _bounded(raw: BaseHTTPResponse) -> bytes:
    """The body; raises TransientError where it is longer than any answer of a store, or takes longer than one may."""
    until, pieces, size = time.monotonic() + ANSWER_TIMEOUT, [], 0
    while piece := raw.read(SEND_SIZE):
        pieces.append(piece)
        size += len(piece)
        if size > LONGEST_ANSWER or time.monotonic() > until:
            raw.close()
            raise TransientError(Code.CONNECTION, "the answer has no end, so it is not a store's")
    return b"".join(pieces)


@contextmanager
def _translated(url: str) -> Iterator[None]:
    try:
        yield
    except SSLError as exc:
        raise _certificate_error(url, exc) from exc
    except ProxyError as exc:
        raise _proxy_error(url, exc) from exc
    except HTTPError as exc:
        raise TransientError(connection_code(exc), type(exc).__name__) from exc


def _certificate_error(url: str, exc: SSLError) -> CallError:
    if not any(isinstance(error, ssl.SSLCertVerificationError) for error in chain_of(exc)):
        return TransientError(Code.CONNECTION, "TLS handshake failed")
    parts = urlsplit(url)
    host = parts.hostname or ""
    if network.is_captive_portal(host):
        return AccountError(Code.CAPTIVE_PORTAL, "a foreign certificate, and plain http is intercepted")
    issuer = network.certificate_issuer(host, parts.port or _HTTPS_PORT)
    return AccountError(Code.TLS_UNTRUSTED, "certificate not trusted", params={"issuer": issuer, "host": host})


def _proxy_error(url: str, exc: ProxyError) -> CallError:
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or _HTTPS_PORT
    proxy = proxy_of(url)
    match network.proxy_status(proxy, host, port, _proxy_login(proxy)) if proxy else None:
        case 407:
            return AccountError(Code.PROXY_LOGIN, "the proxy wants a password")
        case int(status) if 400 <= status < 500:
            return AccountError(Code.PROXY_BLOCKS, f"the proxy answers {status}")
        case _:
            return TransientError(connection_code(exc), "the proxy cannot be reached")


def _proxy_login(proxy: str) -> dict[str, str]:
    """The header that signs in to the proxy, if its URL names a user."""
    parts = urlsplit(proxy)
    if not parts.username:
        return {}
    login = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return dict(make_headers(proxy_basic_auth=login))


def _observed_pool_classes(
    *, on_connect: Callable[[HTTPConnection], None], on_no_continue: Callable[[], None]
) -> dict[str, type]:
    """botocore's pool classes by scheme; they report each new connection, and a server that sent no "100 Continue".

    botocore waits a second for that answer at each part; some proxies swallow it.
    """

    def observed(kind: type[AWSHTTPConnection | AWSHTTPSConnection], *, plain: bool) -> type:
        class ObservedConnection(kind):  # type: ignore[valid-type, misc]  # one class for both kinds
            _continued = False

            def connect(self) -> None:
                super().connect()
                if plain:
                    check_peer(self)
                on_connect(self)

            def send(self, data: bytes | memoryview) -> None:
                """Send in small pieces, because the timeout bounds each `sendall` as a whole."""
                view = memoryview(data)
                for start in range(0, len(view), SEND_SIZE):
                    super().send(view[start : start + SEND_SIZE])

            def _send_output(self, *args: Any, **kwargs: Any) -> None:
                self._continued = False
                super()._send_output(*args, **kwargs)
                if self._expect_header_set and not self._continued:
                    on_no_continue()

            def _handle_expect_response(self, message_body: Any) -> None:
                self._continued = True
                super()._handle_expect_response(message_body)

        return ObservedConnection

    class PlainPool(AWSHTTPConnectionPool):
        ConnectionCls = observed(AWSHTTPConnection, plain=True)

    class SecurePool(AWSHTTPSConnectionPool):
        ConnectionCls = observed(AWSHTTPSConnection, plain=False)

    return {"http": PlainPool, "https": SecurePool}


def _shut_down(connection: HTTPConnection) -> None:
    """Shut the socket down, which wakes the thread that waits on it."""
    sock = connection.sock
    if isinstance(sock, socket.socket):
        with suppress(OSError):
            # SSLSocket.shutdown() would turn TLS off first, while the other thread still sends.
            socket.socket.shutdown(sock, socket.SHUT_RDWR)


def _socket_options(stall_timeout: float) -> list[tuple[int, int, int]]:
    wanted = [(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1), (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)]
    tuning = {"TCP_KEEPIDLE": 15, "TCP_KEEPINTVL": 5, "TCP_KEEPCNT": 4, "TCP_USER_TIMEOUT": int(stall_timeout * 1000)}
    wanted.extend(
        (socket.IPPROTO_TCP, getattr(socket, name), value) for name, value in tuning.items() if hasattr(socket, name)
    )
    # Python may know an option that this system does not, as an older Windows; urllib3 would then refuse to connect.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
        return [option for option in wanted if _is_supported(sock, option)]


def _is_supported(sock: socket.socket, option: tuple[int, int, int]) -> bool:
    try:
        sock.setsockopt(*option)
    except OSError:
        return False
    return True
