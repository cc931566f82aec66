"""Relays that speak TLS to the program: before one server, and as a proxy that looks into what goes through it."""

import select
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any

from tests.services.certificates import Authority
from tests.services.front import Reply
from tests.services.http_server import running

LOOPBACK = "127.0.0.1"


@contextmanager
def tls_front(backend: tuple[str, int], context: ssl.SSLContext) -> Iterator[int]:
    """The port of a server that ends TLS and hands everything on to the backend."""

    def serve(client: socket.socket) -> None:
        with suppress(OSError), context.wrap_socket(client, server_side=True) as secure:
            relay(secure, backend)

    with accepting(serve) as port:
        yield port


@contextmanager
def accepting(serve: Callable[[socket.socket], None]) -> Iterator[int]:
    """The port of a server that gives each connection a thread of its own."""
    with closing(socket.create_server((LOOPBACK, 0))) as server:

        def accept() -> None:
            with suppress(OSError):
                while True:
                    client, _ = server.accept()
                    client.settimeout(30)
                    Thread(target=_closing, args=(serve, client), daemon=True).start()

        thread = Thread(target=accept)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join(10)


def _closing(serve: Callable[[socket.socket], None], client: socket.socket) -> None:
    with suppress(OSError), closing(client):
        serve(client)


def relay(client: socket.socket, backend: tuple[str, int]) -> None:
    """Hand everything on, both ways, until one of them ends.

    One thread does both ways, because a TLS connection belongs to one thread at a time (docs.python.org, "ssl").
    """
    with closing(socket.create_connection(backend, timeout=10)) as server, suppress(OSError):
        targets = {client: server, server: client}
        while True:
            for source in _readable(client, server):
                data = source.recv(65536)
                if not data:
                    return
                targets[source].sendall(data)


def _readable(client: socket.socket, server: socket.socket) -> list[socket.socket]:
    """The ends that have something to say; a TLS connection may have read it already, so that no wait would show it."""
    if isinstance(client, ssl.SSLSocket) and client.pending():
        return [client]
    return select.select([client, server], [], [])[0]


@dataclass
class InspectingProxy:
    """What a company's proxy does that looks into TLS; `asked` are the hosts and what was asked of each."""

    port: int = 0
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    """Host, method and path, body."""
    lock: Lock = field(default_factory=Lock)

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"


@contextmanager
def inspecting_proxy(authority: Authority, answer: Callable[[str, str, str], Reply]) -> Iterator[InspectingProxy]:
    """A proxy that shows a certificate of its own for each host, and says `answer(host, line, body)` in its place."""
    proxy = InspectingProxy()
    contexts: dict[str, ssl.SSLContext] = {}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: Any) -> None:
            pass

        def do_CONNECT(self) -> None:
            host = self.path.partition(":")[0]
            self.send_response(200)
            self.end_headers()
            with proxy.lock:
                context = contexts.setdefault(host, authority.vouched(host))
            with suppress(OSError), context.wrap_socket(self.connection, server_side=True) as secure:
                Inside(secure, self.client_address, self.server, host)
            self.close_connection = True

    class Inside(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def __init__(self, request: Any, address: Any, server: Any, host: str) -> None:
            self.host = host
            super().__init__(request, address, server)

        def log_message(self, format: str, *args: Any) -> None:
            pass

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            line = f"{self.command} {self.path}"
            with proxy.lock:
                proxy.asked.append((self.host, line, body))
            reply = answer(self.host, line, body)
            self.send_response(reply.status)
            for name, value in ({"Content-Length": str(len(reply.body))} | reply.headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body)

        do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = _serve  # noqa: N815 - the base class calls them so

    server = ThreadingHTTPServer((LOOPBACK, 0), Handler)
    proxy.port = server.server_address[1]
    with running(server):
        yield proxy
