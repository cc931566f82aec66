"""How bytes reach AWS: pooled connections that trust what the system trusts, and can be cut. Any thread."""

import socket
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from threading import Lock, local
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
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NameResolutionError,
    NewConnectionError,
    ProxyError,
    ProxySchemeUnknown,
    ReadTimeoutError,
    SSLError,
)
from urllib3.util import wait_for_read

from callup_desktop.config.profile import is_loopback
from callup_desktop.engine.errors import AccountError, CallError, Code, TransientError
from callup_desktop.services import happy_eyeballs, network, tls
from callup_desktop.services.deadlines import Deadlines
from callup_desktop.services.send_queue import unsent_in

STALL_TIMEOUT = 60.0
"""Seconds of silence after which a connection counts as dead, whatever was learnt; botocore waits as long by itself."""
SEND_SIZE = 256 * 1024
"""Bytes given to one send. A stall is measured over what it takes, so that a link of 5 KB/s still counts as moving."""
REACHABLE_TIMEOUT = 1.0
"""Seconds that a trial connection may take to open; the port promises an answer within a second."""
_FIRST_LOOK = 1.0
"""Seconds for which it is watched how fast a body leaves that was written at once."""
_HTTP_PORT, _HTTPS_PORT = 80, 443
_CONNECT, _SEND = "connect", "send"
"""The waits of which no operation has a share of its own."""


class Transport:
    """Sends botocore's requests, as its `before-send` handler, so that its own transport stays unused.

    That one brings its own list of trusted issuers, and can neither cut a connection in use nor distinguish a
    sign-in page from a store. Up to `connections` are kept open to a host. Silence is borne for as long as the servers'
    own answers let expect, without any for `stall_timeout` seconds at most; then all idle connections go with it.
    """

    def __init__(self, *, connections: int, stall_timeout: float = STALL_TIMEOUT) -> None:
        self._connections = connections
        self._stall_timeout = stall_timeout
        self._deadlines = Deadlines(stall_timeout)
        self._operation = local()
        self._lock = Lock()
        self._live: WeakSet[HTTPConnection] = WeakSet()
        self._pools: dict[str, PoolManager] = {}
        """By host and port."""
        self._without_continue: set[str] = set()
        """Hosts and ports that send no "100 Continue"."""

    def send(self, request: AWSPreparedRequest, event_name: str = "", **_: object) -> AWSResponse:
        """The whole answer; raises CallError where the network fails or answers itself, and Cancelled from the body."""
        operation = event_name.rpartition(".")[2]
        if "Expect" in request.headers and urlsplit(request.url).netloc in self._without_continue:
            del request.headers["Expect"]
        self._operation.name = operation
        with _translated(request.url), self._without_the_silent(urlsplit(request.url).netloc):
            raw = self._pool(request.url).urlopen(
                request.method,
                request.url,
                body=request.body,
                headers=request.headers,
                timeout=Timeout(connect=self._deadlines.within(_CONNECT), read=self._deadlines.within(operation)),
                retries=False,
                redirect=False,
                preload_content=False,
                decode_content=False,
            )
            response = AWSResponse(request.url, raw.status, raw.headers, raw)  # type: ignore[arg-type]  # as botocore does
            body = response.content
        if code := network.interception_code(response.status_code, network.lowered(raw.headers.items()), body):
            raise AccountError(code, f"HTTP {response.status_code} from something that is not the service")
        return response

    def reset(self) -> None:
        """Drop all connections, so that calls under way end at once in TransientError; proxies are looked up again."""
        with self._lock:
            pools, self._pools, self._without_continue = self._pools, {}, set()
            self._deadlines = Deadlines(self._stall_timeout)
            live = list(self._live)
        for connection in live:
            _shut_down(connection)
        for pool in pools.values():
            pool.clear()

    @contextmanager
    def _without_the_silent(self, origin: str) -> Iterator[None]:
        """After a silence, idle connections are not tried next, as they may have died together; those in use go on."""
        try:
            yield
        except HTTPError as exc:
            if any(isinstance(error, TimeoutError | ReadTimeoutError) for error in chain_of(exc)):
                with self._lock:
                    pool = self._pools.pop(origin, None)
                if pool is not None:
                    pool.clear()
            raise

    def _pool(self, url: str) -> PoolManager:
        origin = urlsplit(url).netloc
        with self._lock:
            if origin not in self._pools:
                self._pools[origin] = self._open(url, origin)
            return self._pools[origin]

    def _open(self, url: str, origin: str) -> PoolManager:
        pool = open_pool(url, maxsize=self._connections, socket_options=_socket_options(self._stall_timeout))
        pool.pool_classes_by_scheme = _observed_pool_classes(
            deadlines=self._deadlines,
            operation=lambda: str(self._operation.name),
            on_connect=self._track,
            on_no_continue=lambda: self._without_continue.add(origin),
        )
        return pool

    def _track(self, connection: HTTPConnection) -> None:
        with self._lock:
            self._live.add(connection)


def open_pool(url: str, **options: Any) -> PoolManager:
    """Connections to the URL that trust what the system trusts, through the system's proxy with its login if any."""
    options["ssl_context"] = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    proxy = proxy_of(url)
    return ProxyManager(proxy, proxy_headers=_proxy_login(proxy), **options) if proxy else PoolManager(**options)


def proxy_of(url: str) -> str | None:
    """The proxy that the system wants for the URL, never one for this computer itself."""
    parts = urlsplit(url)
    if is_loopback(parts.hostname or ""):
        return None
    proxies: Mapping[str, str] = get_environ_proxies(url)
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    return proxy if not proxy or "://" in proxy else f"http://{proxy}"


def route_to(url: str) -> network.Route:
    """The way that requests to the URL take, for a diagnosis of it."""
    parts = urlsplit(url)
    proxy = proxy_of(url) or ""
    port = parts.port or (_HTTP_PORT if parts.scheme == "http" else _HTTPS_PORT)
    return network.Route(parts.hostname or "", port, proxy, _proxy_login(proxy))


def can_connect(url: str) -> bool:
    """Whether the URL's host, or the proxy before it, takes a connection within `REACHABLE_TIMEOUT` seconds."""
    parts = urlsplit(proxy_of(url) or url)
    try:
        port = parts.port or (_HTTPS_PORT if parts.scheme == "https" else _HTTP_PORT)
        happy_eyeballs.connect(parts.hostname or "", port, timeout=REACHABLE_TIMEOUT).close()
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
    return Code.OFFLINE if any(network.is_offline(error) for error in chain_of(exc)) else Code.CONNECTION


@contextmanager
def _translated(url: str) -> Iterator[None]:
    try:
        yield
    except SSLError as exc:
        raise _tls_error(url, exc) from exc
    except ProxySchemeUnknown as exc:
        raise _unusable(proxy_of(url) or "", "not a proxy for http") from exc
    except ProxyError as exc:
        raise _proxy_error(url, exc) from exc
    except HTTPError as exc:
        raise _unreachable(urlsplit(url).hostname or "", exc, type(exc).__name__) from exc


def _unreachable(host: str, exc: HTTPError, detail: str) -> CallError:
    """Why the host does not take a connection, or lost it."""
    if any(network.is_unknown_name(error) for error in chain_of(exc)):
        return AccountError(Code.NAME_UNKNOWN, detail, params={"host": host})
    return TransientError(connection_code(exc), detail)


def _tls_error(url: str, exc: SSLError) -> CallError:
    route = route_to(url)
    match problem := _tls_problem(exc):
        case None | tls.TlsProblem.REFUSED:
            return TransientError(Code.CONNECTION, "TLS handshake failed")
        case tls.TlsProblem.NOT_TLS:
            return AccountError(Code.WRONG_BUCKET, "what answers there does not speak TLS")
        case tls.TlsProblem.OUTDATED:
            issuer = ""
        case _ if route.port == _HTTPS_PORT and network.is_captive_portal(route.host):
            return AccountError(Code.CAPTIVE_PORTAL, "a foreign certificate, and plain http is intercepted")
        case _:
            issuer = tls.certificate_issuer(route)
    params = {"problem": str(problem), "issuer": issuer, "host": route.host}
    return AccountError(Code.TLS_UNTRUSTED, f"certificate or encryption: {problem}", params=params)


def _tls_problem(exc: BaseException) -> tls.TlsProblem | None:
    errors = (error for error in chain_of(exc) if isinstance(error, ssl.SSLError))
    return next((problem for error in errors if (problem := tls.tls_problem(error)) is not None), None)


def _unusable(proxy: str, detail: str) -> AccountError:
    return AccountError(Code.PROXY_UNUSABLE, detail, params={"scheme": urlsplit(proxy).scheme})


def _proxy_error(url: str, exc: ProxyError) -> CallError:
    route = route_to(url)
    if problem := _tls_problem(exc):
        return _unusable(route.proxy, f"TLS with the proxy: {problem}")
    match route.proxy_status() if route.proxy else None:
        case 407:
            return AccountError(Code.PROXY_LOGIN, "the proxy wants a password")
        case int(status) if 400 <= status < 500:
            return AccountError(Code.PROXY_BLOCKS, f"the proxy answers {status}")
        case _:
            return _unreachable(urlsplit(route.proxy).hostname or "", exc, "the proxy cannot be reached")


def _proxy_login(proxy: str) -> dict[str, str]:
    """The header that signs in to the proxy, if its URL names a user."""
    parts = urlsplit(proxy)
    if not parts.username:
        return {}
    login = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return dict(make_headers(proxy_basic_auth=login))


def _observed_pool_classes(
    *,
    deadlines: Deadlines,
    operation: Callable[[], str],
    on_connect: Callable[[HTTPConnection], None],
    on_no_continue: Callable[[], None],
) -> dict[str, type]:
    """botocore's pool classes by scheme; they keep deadlines and learn them, `operation` names this thread's request.

    They report each new connection, and a server that sent no "100 Continue": botocore waits a second for that answer
    at each part, and some proxies swallow it.
    """

    def observed(kind: type[AWSHTTPConnection | AWSHTTPSConnection]) -> type:
        class ObservedConnection(kind):  # type: ignore[valid-type, misc]  # one class for both kinds
            _continued = False
            _began = _sent = _slowest_send = 0.0
            _answers = 0

            def connect(self) -> None:
                with _timed(deadlines, _CONNECT):
                    super().connect()
                on_connect(self)

            def request(self, *args: Any, **kwargs: Any) -> Any:
                self._began = self._sent = self._slowest_send = 0.0
                return super().request(*args, **kwargs)

            def send(self, data: bytes | memoryview) -> None:
                """Send as much as the system takes at a time: silence is measured from one bit taken to the next."""
                if self._response_received:
                    return
                if self.sock is None:
                    self.connect()
                self._began = self._began or time.monotonic()
                within = deadlines.within(_SEND)
                self.sock.settimeout(within)
                left = memoryview(data)
                while left:
                    asked = time.monotonic()
                    try:
                        taken = self.sock.send(left[:SEND_SIZE])
                    except TimeoutError:
                        deadlines.ran_out(_SEND, within)
                        raise
                    self._slowest_send = max(self._slowest_send, time.monotonic() - asked)
                    self._sent += taken
                    left = left[taken:]

            def getresponse(self) -> Any:
                """The answer; it may take longer by what the last bytes of the body need to leave this computer."""
                if self.sock is None:
                    return super().getresponse()
                within, asked = self.timeout, time.monotonic()
                self.timeout += self._drain(asked)
                try:
                    answer = super().getresponse()
                except TimeoutError:
                    # A connection that was good once says nothing of how slow the server is.
                    if not self._answers:
                        deadlines.ran_out(operation(), within)
                    raise
                now, self._answers = time.monotonic(), self._answers + 1
                deadlines.ended(_SEND, self._slowest_send)
                deadlines.ended(operation(), now - asked)
                deadlines.left(self._sent, now - self._began)
                return answer

            def _drain(self, asked: float) -> float:
                """Seconds that the last bytes of the body may take to leave."""
                unsent = unsent_in(self.sock, int(self._sent))
                sent, spent = self._sent - unsent, asked - self._began
                if unsent > SEND_SIZE and spent < _FIRST_LOOK:
                    # The system took all of it at once: only a look at what leaves tells how fast the link is.
                    wait_for_read(self.sock, timeout=_FIRST_LOOK)
                    left = unsent_in(self.sock, int(self._sent))
                    unsent, sent, spent = left, unsent - left, time.monotonic() - asked
                return deadlines.drain(unsent, sent, spent)

            def _new_conn(self) -> socket.socket:
                """Connect to all addresses of the host side by side; urllib3 tries them one after the other."""
                try:
                    return happy_eyeballs.connect(
                        self._dns_host, self.port, timeout=self.timeout, options=self.socket_options or ()
                    )
                except socket.gaierror as exc:
                    raise NameResolutionError(self.host, self, exc) from exc
                except TimeoutError as exc:
                    raise ConnectTimeoutError(self, f"no connection to {self.host}") from exc
                except OSError as exc:
                    raise NewConnectionError(self, f"no connection to {self.host}") from exc

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
        ConnectionCls = observed(AWSHTTPConnection)

    class SecurePool(AWSHTTPSConnectionPool):
        ConnectionCls = observed(AWSHTTPSConnection)

    return {"http": PlainPool, "https": SecurePool}


@contextmanager
def _timed(deadlines: Deadlines, wait: str) -> Iterator[None]:
    """Learn how long the wait took, or that it took too long."""
    began = time.monotonic()
    try:
        yield
    except (TimeoutError, ConnectTimeoutError):
        deadlines.ran_out(wait, time.monotonic() - began)
        raise
    deadlines.ended(wait, time.monotonic() - began)


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
