"""A client that says what it likes on a socket: broken forms, slow bytes, an end in the middle."""

import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from tests.gateway.clients import FIELDS, Answer
from tests.gateway.replica import Replica

BOUNDARY = "raw"
_SECONDS = 60.0


def field(name: str, value: str) -> bytes:
    """One field of a form."""
    return f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()


def file_begin(name: str = "call.wav") -> bytes:
    """The head of the part that is the file."""
    disposition = f'Content-Disposition: form-data; name="file"; filename="{name}"'
    return f"--{BOUNDARY}\r\n{disposition}\r\nContent-Type: audio/wav\r\n\r\n".encode()


ALL_FIELDS = b"".join(field(name, value) for name, value in FIELDS.items())
END = f"\r\n--{BOUNDARY}--\r\n".encode()


def form(content: bytes, fields: bytes = ALL_FIELDS) -> bytes:
    """A whole form."""
    return fields + file_begin() + content + END


def form_of(path: Path) -> bytes:
    """A whole form with this recording."""
    return form(path.read_bytes())


def head(length: int | None, *, headers: Iterable[str] = (), target: str = "/api/v1/calls/upload") -> bytes:
    """A request's head; without a length it is chunked."""
    how = "Transfer-Encoding: chunked" if length is None else f"Content-Length: {length}"
    kind = f"Content-Type: multipart/form-data; boundary={BOUNDARY}"
    lines = [f"POST {target} HTTP/1.1", "Host: localhost", how, *headers]
    if not any(line.lower().startswith("content-type") for line in lines):
        lines.append(kind)
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def chunk(data: bytes) -> bytes:
    """One chunk of a chunked body."""
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


@contextmanager
def connected(replica: Replica) -> Iterator[socket.socket]:
    """A connection."""
    parts = urlsplit(replica.address)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=_SECONDS) as sock:
        yield sock


def say(replica: Replica, *pieces: bytes) -> Answer:
    """Send the pieces as far as the server takes them; what it answers."""
    with connected(replica) as sock:
        with suppress(BrokenPipeError, ConnectionResetError):
            for piece in pieces:
                sock.sendall(piece)
        return answer_on(sock)


def answer_on(sock: socket.socket) -> Answer:
    """The answer up to its Content-Length, or to the end of the connection."""
    data = b""
    while b"\r\n\r\n" not in data and (more := _received(sock)):
        data += more
    told, _, body = data.partition(b"\r\n\r\n")
    if told.startswith(b"HTTP/1.1 100"):
        told, _, body = body.partition(b"\r\n\r\n")
    first, *lines = told.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    while len(body) < int(headers.get("content-length", "0")) and (more := _received(sock)):
        body += more
    assert first, "the server hung up without an answer"
    return Answer(int(first.split()[1]), headers, body.decode())


def _received(sock: socket.socket) -> bytes:
    try:
        return sock.recv(65536)
    except ConnectionResetError:
        return b""
