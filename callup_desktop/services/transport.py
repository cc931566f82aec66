"""How bytes reach AWS: pooled connections that trust what the system trusts, and can be cut. Any thread."""

import ssl
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from threading import Lock, local
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakSet

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from urllib3 import HTTPConnectionPool, PoolManager, ProxyManager, Timeout
from urllib3.connection import HTTPConnection
from urllib3.exceptions import (
    HTTPError,
    ProtocolError,
    ProxyError,
    ProxySchemeUnknown,
    ReadTimeoutError,
    SSLError,
)
from urllib3.response import BaseHTTPResponse

from callup_desktop.engine.errors import AccountError, CallError, Code, ConnectionLostError, TransientError
from callup_desktop.services import happy_eyeballs, network, tls, wrong_clock
from callup_desktop.services.connections import (
    CONNECT,
    OvertakenError,
    check_peer,
    observed_pool_classes,
    shut_down,
    socket_options,
)
from callup_desktop.services.deadlines import Deadlines
from callup_desktop.services.way import Way

STALL_TIMEOUT = 60.0
"""Seconds of silence after which a connection counts as dead, whatever was learnt; botocore waits as long by itself."""
LONGEST_ANSWER = 8 * 1024 * 1024
"""Bytes; a page of a thousand parts or uploads has less than one MiB."""
ANSWER_TIMEOUT = 120.0
"""Seconds that an answer may take from its first byte to its last, however it trickles."""
_READ_SIZE = 256 * 1024
REACHABLE_TIMEOUT = 1.0
"""Seconds that a trial connection may take to open; the port promises an answer within a second."""
_HTTP_PORT, _HTTPS_PORT = 80, 443


class Transport:
    """Sends botocore's requests, as its `before-send` handler, so that its own transport stays unused.

    That one brings its own list of trusted issuers, and can neither cut a connection in use nor distinguish a
    sign-in page from a store. Up to `connections` are kept open to a host. Silence is borne for as long as the servers'
    own answers let expect, without any for `stall_timeout` seconds at most; then all idle connections go with it.
    """

    def __init__(self, *, connections: int, stall_timeout: float = STALL_TIMEOUT, way: Way | None = None) -> None:
        self._way = way or Way()
        self._connections = connections
        self._stall_timeout = stall_timeout
        self._deadlines = Deadlines(stall_timeout)
        self._operation = local()
        self._lock = Lock()
        self._answered = 0
        """How many requests were answered."""
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
        with (
            _translated(request.url, self._way, self._others_answer()),
            self._without_the_failed(urlsplit(request.url).netloc),
        ):
            raw = self._pool(request.url).urlopen(
                request.method,
                request.url,
                body=request.body,
                headers=request.headers,
                timeout=Timeout(connect=self._deadlines.within(CONNECT), read=self._deadlines.within(operation)),
                retries=False,
                redirect=False,
                preload_content=False,
                decode_content=False,
            )
            response = AWSResponse(request.url, raw.status, raw.headers, raw)  # type: ignore[arg-type]  # as botocore does
            body = response._content = _bounded(raw)  # type: ignore[attr-defined]  # what `content` would read whole
            # An object's bytes are read from here again; they are ranges of a bounded size.
            response.raw = BytesIO(body)
            self._answered += 1
        if code := network.interception_code(response.status_code, network.lowered(raw.headers.items()), body):
            raise AccountError(code, f"HTTP {response.status_code} from something that is not the service")
        return response

    def _others_answer(self) -> Callable[[], bool]:
        """Says whether any other request was answered since now."""
        before = self._answered
        return lambda: self._answered > before

    def reset(self) -> None:
        """Drop all connections, so that calls under way end at once in TransientError; proxies are looked up again."""
        with self._lock:
            pools, self._pools, self._without_continue = self._pools, {}, set()
            self._deadlines = Deadlines(self._stall_timeout)
            live = list(self._live)
        for connection in live:
            shut_down(connection)
        for pool in pools.values():
            pool.clear()

    @contextmanager
    def _without_the_failed(self, origin: str) -> Iterator[None]:
        """After a silence, idle connections are not tried next, as they may have died together; those in use go on.

        Where others were answered meanwhile, it was this connection alone.
        After a proxy's refusal the way is looked for anew, with the login of then.
        """
        try:
            yield
        except HTTPError as exc:
            errors = tuple(chain_of(exc))
            is_alone = any(isinstance(error, OvertakenError) for error in errors)
            if (_is_silent(exc) and not is_alone) or any(isinstance(error, ProxyError) for error in errors):
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
        pool = open_pool(url, self._way, maxsize=self._connections, socket_options=socket_options(self._stall_timeout))
        pool.pool_classes_by_scheme = observed_pool_classes(
            deadlines=self._deadlines,
            operation=lambda: str(self._operation.name),
            on_connect=self._track,
            on_no_continue=lambda: self._without_continue.add(origin),
        )
        return pool

    def _track(self, connection: HTTPConnection) -> None:
        with self._lock:
            self._live.add(connection)


def open_pool(url: str, way: Way, **options: Any) -> PoolManager:
    """Connections to the URL on this way."""
    options["ssl_context"] = way.tls_context()
    proxy = way.proxy_for(url)
    if proxy:
        login = _proxy_login(way, proxy)
        return ProxyManager(proxy, proxy_headers=login, proxy_ssl_context=way.tls_context(), **options)
    pool = PoolManager(**options)
    pool.pool_classes_by_scheme = {**pool.pool_classes_by_scheme, "http": _PlainPool}
    return pool


class _PlainConnection(HTTPConnection):
    def connect(self) -> None:
        super().connect()
        check_peer(self)


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _PlainConnection


def route_to(url: str, way: Way) -> network.Route:
    """The route that requests to the URL take, for a diagnosis of it."""
    parts = urlsplit(url)
    proxy = way.proxy_for(url)
    port = parts.port or (_HTTP_PORT if parts.scheme == "http" else _HTTPS_PORT)
    return network.Route(parts.hostname or "", port, proxy, _proxy_login(way, proxy), way.tls_context)


def told_time(url: str, way: Way) -> datetime | None:
    """The time that whoever answers at the URL tells, though nobody knows who that is; None where there is none."""
    return wrong_clock.server_time(route_to(url, way), encrypted=urlsplit(url).scheme == "https")


def can_connect(url: str, way: Way) -> bool:
    """Whether the URL's host, or the proxy before it, takes a connection within `REACHABLE_TIMEOUT` seconds."""
    try:
        parts = urlsplit(way.proxy_for(url) or url)
        port = parts.port or (_HTTPS_PORT if parts.scheme == "https" else _HTTP_PORT)
        happy_eyeballs.connect(parts.hostname or "", port, timeout=REACHABLE_TIMEOUT).close()
    except (OSError, AccountError):
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


def _bounded(raw: BaseHTTPResponse) -> bytes:
    """The body; raises TransientError where it is longer than any answer of a store, or takes longer than one may."""
    until, pieces, size = time.monotonic() + ANSWER_TIMEOUT, [], 0
    while piece := raw.read(_READ_SIZE):
        pieces.append(piece)
        size += len(piece)
        if size > LONGEST_ANSWER or time.monotonic() > until:
            raw.close()
            raise TransientError(Code.CONNECTION, "the answer has no end, so it is not a store's")
    return b"".join(pieces)


@contextmanager
def _translated(url: str, way: Way, others_answer: Callable[[], bool]) -> Iterator[None]:
    try:
        yield
    except SSLError as exc:
        raise tls_error(url, way, exc) from exc
    except ProxySchemeUnknown as exc:
        raise _unusable(way.proxy_for(url), "not a proxy for http") from exc
    except ProxyError as exc:
        raise _proxy_error(url, way, exc) from exc
    except HTTPError as exc:
        if _is_lost(exc) or (_is_silent(exc) and others_answer()):
            raise ConnectionLostError(Code.CONNECTION, type(exc).__name__) from exc
        raise _unreachable(urlsplit(url).hostname or "", exc, type(exc).__name__) from exc


def _is_lost(exc: HTTPError) -> bool:
    """Whether a connection that stood has ended."""
    return isinstance(exc, ProtocolError) and not _is_silent(exc)


def _is_silent(exc: HTTPError) -> bool:
    return any(isinstance(error, TimeoutError | ReadTimeoutError) for error in chain_of(exc))


def _unreachable(host: str, exc: HTTPError, detail: str) -> CallError:
    """Why the host does not take a connection, or lost it."""
    if any(network.is_unknown_name(error) for error in chain_of(exc)):
        return AccountError(Code.NAME_UNKNOWN, detail, params={"host": host})
    return TransientError(connection_code(exc), detail)


def tls_error(url: str, way: Way, exc: SSLError) -> CallError:
    """Why TLS with the URL's server does not come about, by who has to act; asks the network."""
    route = route_to(url, way)
    match problem := _tls_problem(exc):
        case None | tls.TlsProblem.REFUSED:
            return TransientError(Code.CONNECTION, "TLS handshake failed")
        case tls.TlsProblem.NOT_TLS:
            return AccountError(Code.WRONG_BUCKET, "what answers there does not speak TLS")
        case tls.TlsProblem.OUTDATED:
            issuer = ""
        case _ if route.port == _HTTPS_PORT and network.is_captive_portal(route.host):
            return AccountError(Code.CAPTIVE_PORTAL, "a foreign certificate, and plain http is intercepted")
        case tls.TlsProblem.EXPIRED if blamed := wrong_clock.blamed_clock(route, wrong_clock.server_time(route)):
            return blamed
        case _:
            issuer = tls.certificate_issuer(route)
    params = {"problem": str(problem), "issuer": issuer, "host": route.host}
    return AccountError(Code.TLS_UNTRUSTED, f"certificate or encryption: {problem}", params=params)


def _tls_problem(exc: BaseException) -> tls.TlsProblem | None:
    errors = (error for error in chain_of(exc) if isinstance(error, ssl.SSLError))
    return next((problem for error in errors if (problem := tls.tls_problem(error)) is not None), None)


def _unusable(proxy: str, detail: str) -> AccountError:
    return AccountError(Code.PROXY_UNUSABLE, detail, params={"scheme": urlsplit(proxy).scheme})


def _proxy_error(url: str, way: Way, exc: ProxyError) -> CallError:
    route = route_to(url, way)
    if problem := _tls_problem(exc):
        return _unusable(route.proxy, f"TLS with the proxy: {problem}")
    match route.proxy_status() if route.proxy else None:
        case 407:
            return AccountError(Code.PROXY_LOGIN, "the proxy wants a password")
        case int(status) if 400 <= status < 500:
            return AccountError(Code.PROXY_BLOCKS, f"the proxy answers {status}")
        case _:
            return _unreachable(urlsplit(route.proxy).hostname or "", exc, "the proxy cannot be reached")


def _proxy_login(way: Way, proxy: str) -> dict[str, str]:
    """The header that signs in to the proxy, if a login for it is known."""
    login = way.login_for(proxy) if proxy else ""
    # urllib3's own way to write it takes letters of Western Europe only.
    return {"Proxy-Authorization": f"Basic {b64encode(login.encode()).decode()}"} if login else {}
