"""The client alone: `callup send` and boto3's upload_file against a store that throws every byte away.

    python -m benchmarks.sink [--size MIB] [--rounds N]

Registry and queue are the sandbox's; only the object store is the sink. Whole processes, in turn, as a ratio.
"""

import argparse
import contextlib
import itertools
import multiprocessing
import re
import socket
import socketserver
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

import tomli_w

from benchmarks.upload import MIB, compare
from callup_desktop.sandbox.embedded import Running, Sandbox

_UPLOAD = "<UploadId>upload</UploadId>"


class Discard(socketserver.StreamRequestHandler):
    """Speaks just enough S3 to be believed, and keeps nothing."""

    rbufsize = 64 * 1024
    disable_nagle_algorithm = True

    def handle(self) -> None:
        """One connection, many requests."""
        room = bytearray(MIB)
        while (line := self.rfile.readline()) not in {b"", b"\r\n"}:
            method, target, _version = line.decode().split(" ", 2)
            headers = dict(self._headers())
            if headers.get("expect"):
                self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            self._drain(int(headers.get("content-length", 0)), room)
            self._answer(method, target, headers)

    def _headers(self) -> Iterator[tuple[str, str]]:
        while (line := self.rfile.readline()) not in {b"", b"\r\n"}:
            name, _, value = line.decode().partition(":")
            yield name.lower(), value.strip()

    def _drain(self, size: int, room: bytearray) -> None:
        while size > 0:
            size -= self.rfile.readinto1(memoryview(room)[: min(size, len(room))])

    def _answer(self, method: str, target: str, headers: dict[str, str]) -> None:
        told = {name: value for name, value in headers.items() if re.fullmatch(r"x-amz-checksum-(crc\w+)", name)}
        body = ""
        if method == "POST" and "uploads" in target:
            told = {"x-amz-checksum-algorithm": headers.get("x-amz-checksum-algorithm", "CRC64NVME")}
            body = f"<InitiateMultipartUploadResult>{_UPLOAD}</InitiateMultipartUploadResult>"
        elif method == "POST":
            sums = "".join(
                f"<Checksum{name[15:].upper()}>{value}</Checksum{name[15:].upper()}>" for name, value in told.items()
            )
            body = f'<CompleteMultipartUploadResult><ETag>"e-2"</ETag>{sums}</CompleteMultipartUploadResult>'
        elif method == "GET":
            body = "<ListPartsResult><IsTruncated>false</IsTruncated></ListPartsResult>"
        lines = [
            f"{name}: {value}" for name, value in {**told, "ETag": '"e"', "Content-Length": str(len(body))}.items()
        ]
        self.wfile.write(("HTTP/1.1 200 OK\r\n" + "\r\n".join(lines) + "\r\n\r\n" + body).encode())


class Sink(socketserver.ThreadingTCPServer):
    """One thread a connection."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64


@contextlib.contextmanager
def sink() -> Iterator[str]:
    """A sink in a process of its own; its address."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(port,), daemon=True)
    process.start()
    for _ in itertools.count():
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            break
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.join()


def _serve(port: int) -> None:
    with Sink(("127.0.0.1", port), Discard) as server:
        server.serve_forever()


def against_sink(folder: Path, running: Running, endpoint: str) -> Path:
    """The sandbox's profile with the sink as its store; its keys lie beside it."""
    values = tomllib.loads(running.profile.read_text(encoding="utf-8")) | {"endpoint": endpoint}
    profile = folder / "sink.callup"
    profile.write_text(tomli_w.dumps(values), encoding="utf-8")
    (folder / "keys.json").write_bytes((running.profile.parent / "keys.json").read_bytes())
    return profile


def main() -> None:
    """Run the rounds and print each and their medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=1024, help="MiB")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, Sandbox(Path(name) / "sandbox") as running, sink() as endpoint:
        folder = Path(name)
        profile = against_sink(folder, running, endpoint)
        compare(folder, running, profile, endpoint, options.size * MIB, options.rounds)


if __name__ == "__main__":
    main()
