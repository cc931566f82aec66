"""A store in memory that speaks as much S3 as an upload needs, with the habits of whatever maker a test asks for."""

import hashlib
import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from threading import Lock
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.services.http_server import running

_NAMESPACE = "xmlns='http://s3.amazonaws.com/doc/2006-03-01/'"
_PART = re.compile(r"<PartNumber>(\d+)</PartNumber>")
_ETAG = re.compile(r"<ETag>\"?(?:&quot;)?([^<&\"]+)")


def plain_md5(data: bytes, joined: str = "") -> str:
    """The ETag that S3 would tell; `joined` is that of an object made of parts."""
    return joined or hashlib.md5(data, usedforsecurity=False).hexdigest()


@dataclass
class SmallStore:
    """Habits of a maker, and what was stored; `refusals` answer a request instead of acting on it."""

    etag: Callable[[bytes, str], str] = plain_md5
    """Of bytes, and of those of an object made of parts what S3 would tell."""
    refusals: list[Callable[[str, dict[str, str]], tuple[int, str] | None]] = field(default_factory=list)
    """Of the method and the headers by lower-case name: status and code."""
    objects: dict[str, bytes] = field(default_factory=dict)
    uploads: dict[str, dict[int, bytes]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    port: int = 0
    _etags: dict[str, str] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=count)
    _lock: Lock = field(default_factory=Lock)

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def act(self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: bytes) -> "Answer":
        """One request, as S3 understands it."""
        with self._lock:
            self.asked.append((method, headers))
            for refuse in self.refusals:
                if told := refuse(method, headers):
                    return _error(*told)
            if (md5 := headers.get("content-md5")) and md5 != _md5_header(body):
                return _error(400, "BadDigest")
            if "uploads" in query and method == "GET":
                return Answer(200, f"<ListMultipartUploadsResult {_NAMESPACE}></ListMultipartUploadsResult>".encode())
            if "uploads" in query:
                upload_id = f"upload-{next(self._numbers)}"
                self.uploads[upload_id] = {}
                return _xml("InitiateMultipartUploadResult", f"<UploadId>{upload_id}</UploadId>")
            if "uploadId" in query:
                return self._of_upload(method, path, query, body)
            return self._of_object(method, path, headers, body)

    def _of_upload(self, method: str, path: str, query: dict[str, str], body: bytes) -> "Answer":
        parts = self.uploads.get(query["uploadId"])
        if parts is None:
            return _error(404, "NoSuchUpload")
        match method:
            case "PUT":
                parts[int(query["partNumber"])] = body
                return Answer(200, b"", {"ETag": f'"{self.etag(body, "")}"'})
            case "GET":
                return _xml("ListPartsResult", "".join(self._listed(number, parts[number]) for number in sorted(parts)))
            case "DELETE":
                del self.uploads[query["uploadId"]]
                return Answer(204)
        return self._join(path, query["uploadId"], parts, body.decode())

    def _listed(self, number: int, data: bytes) -> str:
        etag = f"&quot;{self.etag(data, '')}&quot;"
        return f"<Part><PartNumber>{number}</PartNumber><ETag>{etag}</ETag><Size>{len(data)}</Size></Part>"

    def _join(self, path: str, upload_id: str, parts: dict[int, bytes], wanted: str) -> "Answer":
        numbers = [int(number) for number in _PART.findall(wanted)]
        if [self.etag(parts[number], "") for number in numbers] != _ETAG.findall(wanted):
            return _error(400, "InvalidPart")
        digests = b"".join(hashlib.md5(parts[number], usedforsecurity=False).digest() for number in numbers)
        joined = f"{hashlib.md5(digests, usedforsecurity=False).hexdigest()}-{len(numbers)}"
        self.objects[path] = b"".join(parts[number] for number in numbers)
        self._etags[path] = self.etag(self.objects[path], joined)
        del self.uploads[upload_id]
        return _xml("CompleteMultipartUploadResult", f"<ETag>&quot;{self._etags[path]}&quot;</ETag>")

    def _of_object(self, method: str, path: str, headers: dict[str, str], body: bytes) -> "Answer":
        match method:
            case "PUT" if path in self.objects and headers.get("if-none-match") == "*":
                return _error(412, "PreconditionFailed")
            case "PUT":
                self.objects[path], self._etags[path] = body, self.etag(body, "")
                return Answer(200, b"", {"ETag": f'"{self._etags[path]}"'})
            case "DELETE":
                self.objects.pop(path, None)
                return Answer(204)
        if path not in self.objects:
            return Answer(404)
        return Answer(200, b"", {"ETag": f'"{self._etags[path]}"', "Content-Length": str(len(self.objects[path]))})


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


def _xml(kind: str, content: str) -> Answer:
    return Answer(200, f"<{kind} {_NAMESPACE}>{content}</{kind}>".encode())


def _error(status: int, code: str) -> Answer:
    return Answer(status, f"<Error><Code>{code}</Code><Message>secret words</Message></Error>".encode())


def _md5_header(body: bytes) -> str:
    return b64encode(hashlib.md5(body, usedforsecurity=False).digest()).decode()


@contextmanager
def serving(store: SmallStore) -> Iterator[SmallStore]:
    """The store on a port of its own."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: Any) -> None:
            pass

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = store.act(self.command, unquote(parts.path), query, headers, body)
            self.send_response(answer.status)
            told = {"Content-Length": str(len(answer.body)), "x-amz-request-id": "R1"} | answer.headers
            for name, value in told.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answer.body)

        do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = _serve  # noqa: N815 - the base class calls them so

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    store.port = server.server_address[1]
    with running(server):
        yield store
