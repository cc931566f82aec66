"""How S3, SQS and the gateway talk: HTTP requests, told apart by their operation."""

import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass, replace
from http.client import HTTPException, HTTPResponse
from urllib.parse import parse_qs, unquote, urlsplit

from tests.faults.proxy import Arrived, Exchange, Hangup, Line, play, send_all
from tests.services.front import Reply

_OF_GATEWAY = (
    ("PUT", r"/uploads/[^/]+$", "begin"),
    ("POST", r"/parts$", "sign"),
    ("POST", r"/complete$", "complete"),
    ("POST", r"/register$", "register"),
    ("POST", r"/announce$", "announce"),
    ("GET", r"/uploads/[^/]+$", "look"),
    ("DELETE", r"/uploads/[^/]+$", "remove"),
    ("GET", r"", "ask"),
    ("PATCH", r"", "edit"),
)
_API = "/api/v1/"
_OPERATIONS = (
    ("PUT", r"partNumber=", "part"),
    ("PUT", r"", "put"),
    ("POST", r"uploads", "create"),
    ("POST", r"uploadId=", "complete"),
    ("POST", r"^$", "announce"),
    ("GET", r"uploadId=", "list"),
    ("GET", r"uploads", "list uploads"),
    ("GET", r"versions", "list versions"),
    ("HEAD", r"", "head"),
    ("DELETE", r"uploadId=", "abort"),
    ("DELETE", r"", "delete"),
    ("GET", r"", "get"),
)
_CHUNK = 65536


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a request."""

    method: str
    target: str
    headers: Mapping[str, str]

    @property
    def arrived(self) -> Arrived:
        """What it asks for."""
        parts = urlsplit(self.target)
        if parts.path.startswith((_API, "/health")):
            by_content = self.method == "GET" and "crc64nvme=" in parts.query
            return Arrived("elsewhere" if by_content else self._matching(_OF_GATEWAY, parts.path))
        query = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        operation = self._matching(_OPERATIONS, parts.query)
        key = unquote(parts.path).lstrip("/").partition("/")[2]
        return Arrived(
            "time" if operation == "head" and not key else operation,
            key,
            query.get("uploadId", ""),
            int(query.get("partNumber", "0")),
        )

    def _matching(self, operations: tuple[tuple[str, str, str], ...], text: str) -> str:
        return next(name for method, wanted, name in operations if method == self.method and re.search(wanted, text))


class HttpExchange(Exchange):
    """One HTTP request and its reply."""

    def __init__(self, line: Line, head: Head) -> None:
        super().__init__(line, head.arrived)
        self.head = head
        self.body: bytes | None = None
        self.status = 0
        self._answer: Reply | None = None

    def read(self) -> None:
        if self.body is not None:
            return
        if "expect" in self.head.headers:
            send_all(self.line.client, b"HTTP/1.1 100 Continue\r\n\r\n")
        self.body = self.line.take_exactly(int(self.head.headers.get("content-length", "0")))

    def read_some(self, size: int) -> None:
        """Take that many bytes of the body, and then no more."""
        if "expect" in self.head.headers:
            send_all(self.line.client, b"HTTP/1.1 100 Continue\r\n\r\n")
        self.line.take_exactly(min(size, int(self.head.headers.get("content-length", "0"))))

    def hand_over(self) -> None:
        self.read()
        headers = "".join(f"{name}: {value}\r\n" for name, value in self.head.headers.items() if name != "expect")
        head = f"{self.head.method} {self.head.target} HTTP/1.1\r\n{headers}\r\n".encode("latin-1")
        send_all(self.line.server, head + (self.body or b""))

    def forward(self) -> None:
        self.hand_over()
        self._answer = self.line.proxy.habit(self.arrived, _answer_on(self.line.server, self.head.method))
        self.status = self._answer.status
        self.acted = self.status < 300

    def answer(self, reply: Reply) -> None:
        """Say this in the server's place; the request's body is not waited for where it would be asked for."""
        if "expect" not in self.head.headers:
            self.read()
        self._answer = replace(reply, headers={**reply.headers, "Connection": "close"})
        self.reply(cut=reply.cut)
        raise Hangup

    def reply(self, *, cut: bool = False) -> None:
        if self._answer is None:
            raise Hangup
        told = {name.lower(): value for name, value in self._answer.headers.items()}
        told.pop("transfer-encoding", None)
        if self.head.method != "HEAD" and self._answer.status != 204:
            told["content-length"] = str(len(self._answer.body))
        lines = "".join(f"{name}: {value}\r\n" for name, value in told.items())
        whole = f"HTTP/1.1 {self._answer.status} {self._answer.status}\r\n{lines}\r\n".encode("latin-1")
        body = b"" if self.head.method == "HEAD" else self._answer.body
        if cut:
            send_all(self.line.client, whole + body[: len(body) // 2] if body else whole[: len("HTTP/1.1 2")])
            raise Hangup
        send_all(self.line.client, whole + body)


def http_talk(line: Line) -> None:
    """One request of a connection that is kept alive."""
    play(HttpExchange(line, _head_on(line)))


def _head_on(line: Line) -> Head:
    data = line.take_to(b"\r\n\r\n")
    first, *lines = data.decode("latin-1").rstrip("\r\n").split("\r\n")
    method, target, _ = first.split(" ")
    headers = {name.strip().lower(): value.strip() for name, _, value in (row.partition(":") for row in lines)}
    return Head(method, target, headers)


def _answer_on(server: socket.socket, method: str) -> Reply:
    answer = HTTPResponse(server, method=method)
    try:
        answer.begin()
        return Reply(answer.status, dict(answer.getheaders()), answer.read())
    except (HTTPException, OSError) as exc:
        raise Hangup from exc
    finally:
        answer.close()
