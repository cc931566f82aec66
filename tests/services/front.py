"""A front before a real S3 or SQS server that misbehaves on order: before the request acts, or after, on its reply."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock
from typing import Any
from urllib.parse import urlsplit

from tests.services.http_server import running

_OPERATIONS = (
    ("PUT", r"partNumber=", "UploadPart"),
    ("PUT", r"", "PutObject"),
    ("POST", r"uploads", "CreateMultipartUpload"),
    ("POST", r"uploadId=", "CompleteMultipartUpload"),
    ("POST", r"^/$", "SendMessage"),
    ("GET", r"uploadId=", "ListParts"),
    ("GET", r"uploads", "ListMultipartUploads"),
    ("GET", r"versions", "ListObjectVersions"),
    ("HEAD", r"", "HeadObject"),
    ("DELETE", r"uploadId=", "AbortMultipartUpload"),
    ("DELETE", r"", "DeleteObject"),
)


@dataclass(frozen=True)
class Reply:
    """An answer as it goes over the wire; `cut` ends it in the middle of its body."""

    status: int
    headers: dict[str, str]
    body: bytes = b""
    cut: bool = False


@dataclass(frozen=True)
class Arrived:
    """A request that reached the front; its headers are by lower-case name."""

    operation: str
    headers: dict[str, str]
    method: str = ""
    path: str = ""
    body: bytes = b""


def _always(_request: Arrived) -> bool:
    return True


@dataclass
class Order:
    """What to do with the next requests of an operation; `change` makes the reply of the server's, None drops it."""

    operation: str
    change: Callable[[Reply | None], Reply | None]
    acts: bool = False
    times: int = 1
    applies: Callable[[Arrived], bool] = _always


def refusal(status: int, code: str, **headers: str) -> Reply:
    """How S3 refuses."""
    body = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>secret words</Message></Error>".encode()
    return Reply(status, {"Content-Type": "application/xml", "x-amz-request-id": "R1", **headers}, body)


def page(status: int, **headers: str) -> Reply:
    """How a sign-in page or a proxy answers."""
    return Reply(status, {"Content-Type": "text/html", **headers}, b"<!DOCTYPE html><html><body>Welcome</body></html>")


@dataclass
class Front:
    """Look at `arrived`; order faults with `answer`, `lose`, `change`, and hold requests with `hold` or `delay`."""

    endpoint: str
    arrived: list[Arrived] = field(default_factory=list)
    _orders: list[Order] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def answer(
        self,
        operation: str,
        reply: Reply,
        *,
        times: int = 1,
        acts: bool = False,
        applies: Callable[[Arrived], bool] = _always,
    ) -> None:
        """Say this in the server's place; `acts`: let the server do it first."""
        self._order(Order(operation, lambda _reply: reply, acts, times, applies))

    def answer_everything(self, reply: Reply) -> None:
        """Say this to whatever is asked."""
        for operation in {"", *(name for _method, _query, name in _OPERATIONS)}:
            self.answer(operation, reply, times=1000)

    def lose(self, operation: str, *, acts: bool) -> None:
        """Close the connection in place of a reply."""
        self._order(Order(operation, lambda _reply: None, acts))

    def change(self, operation: str, change: Callable[[Reply], Reply], *, times: int = 1) -> None:
        """Say something else than the server said."""
        self._order(Order(operation, lambda reply: change(reply) if reply else None, acts=True, times=times))

    @contextmanager
    def hold(self, operation: str) -> Iterator[Event]:
        """Let the next request hang until the context ends; the event tells that it has arrived."""
        here, released = Event(), Event()

        def hang(_reply: Reply | None) -> None:
            here.set()
            released.wait(30)

        self._order(Order(operation, hang))
        try:
            yield here
        finally:
            released.set()

    @contextmanager
    def delay(self, operation: str) -> Iterator[Event]:
        """Keep the server's reply to the next request back until the context ends; the event tells that it is there."""
        here, released = Event(), Event()

        def wait(reply: Reply | None) -> Reply | None:
            here.set()
            released.wait(30)
            return reply

        self._order(Order(operation, wait, acts=True))
        try:
            yield here
        finally:
            released.set()

    def count(self, operation: str) -> int:
        """How often it was asked for."""
        with self._lock:
            return sum(request.operation == operation for request in self.arrived)

    def receive(self, request: Arrived) -> Order | None:
        """Write it down; the order that applies to it, used up by this."""
        with self._lock:
            self.arrived.append(request)
            for order in self._orders:
                if order.operation == request.operation and order.times and order.applies(request):
                    order.times -= 1
                    return order
        return None

    def _order(self, order: Order) -> None:
        with self._lock:
            self._orders.append(order)


@contextmanager
def front_of(backend: str, *, host: str = "127.0.0.1") -> Iterator[Front]:
    """A running front before the server."""
    server = ThreadingHTTPServer((host, 0), BaseHTTPRequestHandler)
    front = Front(f"http://{host}:{server.server_address[1]}")
    server.RequestHandlerClass = _handler(front, urlsplit(backend).netloc)
    with running(server):
        yield front


def _handler(front: Front, backend: str) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one_request(self) -> None:
            try:
                super().handle_one_request()
            except ConnectionError:
                self.close_connection = True  # the client went away, as it was made to

        def log_message(self, format: str, *args: Any) -> None:
            pass

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            order = front.receive(Arrived(self._operation(), headers, self.command, self.path, body))
            reply = self._forward(body) if order is None or order.acts else None
            self._say(reply if order is None else order.change(reply))

        do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = _serve  # noqa: N815 - the base class calls them so

        def _operation(self) -> str:
            path = urlsplit(self.path)
            wanted = path.query or path.path
            return next(
                (name for method, query, name in _OPERATIONS if method == self.command and re.search(query, wanted)),
                "",
            )

        def _forward(self, body: bytes) -> Reply:
            connection = HTTPConnection(backend, timeout=30)
            try:
                connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
                for name, value in self.headers.items():
                    if name.lower() != "expect":
                        connection.putheader(name, value)
                connection.endheaders(body)
                answer = connection.getresponse()
                return Reply(answer.status, dict(answer.getheaders()), answer.read())
            finally:
                connection.close()

        def _say(self, reply: Reply | None) -> None:
            if reply is None:
                self.close_connection = True
                return
            self.send_response_only(reply.status)
            told = {"date": self.date_time_string()} | {name.lower(): value for name, value in reply.headers.items()}
            told.pop("transfer-encoding", None)
            if self.command != "HEAD":
                told["content-length"] = str(len(reply.body))
            for name, value in told.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(reply.body[: len(reply.body) // 2] if reply.cut else reply.body)
            self.close_connection = self.close_connection or reply.cut

    return Handler
