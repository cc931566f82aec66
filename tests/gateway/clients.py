"""Five clients that nobody here wrote: each posts one form to the gateway and tells what it was answered."""

import asyncio
import atexit
import base64
import io
import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, BinaryIO

import aiohttp
import pytest
import requests

FIELDS = {"company_name": "Acme Corp", "contact_email": "john@acme.com", "call_type": "demo"}
_SECONDS = 100
_BOUNDARY = "python-requests-boundary"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


Client = Callable[[str, Mapping[str, str], Path | None, Mapping[str, str]], Answer]
"""Posts the fields, then the file if there is one, with these headers."""


def by_curl(url: str, fields: Mapping[str, str], file: Path | None, headers: Mapping[str, str]) -> Answer:
    with tempfile.NamedTemporaryFile() as head:
        program = ["curl", "-sS", "-m", str(_SECONDS), "-D", head.name]
        text = _run([_needed("curl"), *program[1:], *_options(fields, file, headers), url])
        *_before, last = [block for block in Path(head.name).read_bytes().decode().split("\r\n\r\n") if block.strip()]
    first, *lines = last.split("\r\n")
    return Answer(int(first.split()[1]), _headers(lines), text)


def by_node(url: str, fields: Mapping[str, str], file: Path | None, headers: Mapping[str, str]) -> Answer:
    script = Path(__file__).with_name("serve.mjs")
    return _told(_asked("node", lambda: [_needed("node"), str(script)], [url, *_options(fields, file, headers)]))


def by_java(url: str, fields: Mapping[str, str], file: Path | None, headers: Mapping[str, str]) -> Answer:
    def command() -> list[str]:
        return [_needed("java"), "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-cp", str(_java_classes()), "Post"]

    return _told(_asked("java", command, [url, *_options(fields, file, headers)]))


def by_requests(url: str, fields: Mapping[str, str], file: Path | None, headers: Mapping[str, str]) -> Answer:
    if file is not None and file.stat().st_size > 100 * 1024 * 1024:
        return _by_requests_streaming(url, fields, file, headers)
    # A part without a file name is a field, so that a form without its file is still multipart.
    parts: list[tuple[str, Any]] = [(name, (None, value)) for name, value in fields.items()]
    if file is not None:
        parts.append(("file", (file.name, file.read_bytes())))
    return _of_requests(requests.post(url, files=parts, headers=dict(headers), timeout=_SECONDS))


def by_aiohttp(url: str, fields: Mapping[str, str], file: Path | None, headers: Mapping[str, str]) -> Answer:
    async def post() -> Answer:
        with (file or Path("/dev/null")).open("rb") as data:
            form = aiohttp.FormData(default_to_multipart=True)
            for name, value in fields.items():
                form.add_field(name, value)
            if file is not None:
                form.add_field("file", data, filename=file.name)
            timeout = aiohttp.ClientTimeout(total=_SECONDS)
            async with (
                aiohttp.ClientSession(timeout=timeout) as session,
                session.post(url, data=form, headers=dict(headers)) as answer,
            ):
                told = {name.lower(): value for name, value in answer.headers.items()}
                transport = answer.connection.transport if answer.connection is not None else None
                received = Answer(answer.status, told, await answer.text())
            if transport is not None and transport.get_write_buffer_size():
                # What is not sent yet of a body that was refused early would keep it open beyond the loop.
                transport.abort()
                await asyncio.sleep(0)
            return received

    return asyncio.run(post())


CLIENTS: Mapping[str, Client] = {
    "curl": by_curl,
    "requests": by_requests,
    "aiohttp": by_aiohttp,
    "node": by_node,
    "java": by_java,
}


class _Streamed(io.RawIOBase):
    """A form that is read as it is sent, because requests' own would be built in memory first."""

    def __init__(self, before: bytes, file: BinaryIO, size: int, after: bytes) -> None:
        self._pieces: Iterator[BinaryIO] = iter([io.BytesIO(before), file, io.BytesIO(after)])
        self._piece = next(self._pieces)
        self.len = len(before) + size + len(after)

    def __len__(self) -> int:
        return self.len

    def tell(self) -> int:
        return 0  # else requests does not believe the length

    def read(self, size: int = -1) -> bytes:
        while not (data := self._piece.read(size)):
            following = next(self._pieces, None)
            if following is None:
                return b""
            self._piece = following
        return data


def _by_requests_streaming(url: str, fields: Mapping[str, str], file: Path, headers: Mapping[str, str]) -> Answer:
    disposition = 'Content-Disposition: form-data; name="{}"'
    lines = "".join(f"--{_BOUNDARY}\r\n{disposition.format(n)}\r\n\r\n{v}\r\n" for n, v in fields.items())
    before = f'{lines}--{_BOUNDARY}\r\n{disposition.format("file")}; filename="{file.name}"\r\n\r\n'
    with file.open("rb") as data:
        body = _Streamed(before.encode(), data, file.stat().st_size, f"\r\n--{_BOUNDARY}--\r\n".encode())
        kind = {"Content-Type": f"multipart/form-data; boundary={_BOUNDARY}"}
        return _of_requests(requests.post(url, data=body, headers={**headers, **kind}, timeout=_SECONDS))


def _of_requests(answer: requests.Response) -> Answer:
    return Answer(answer.status_code, {name.lower(): value for name, value in answer.headers.items()}, answer.text)


def _options(fields: Mapping[str, str], file: Path | None, headers: Mapping[str, str]) -> list[str]:
    options = [word for name, value in fields.items() for word in ("-F", f"{name}={value}")]
    if file is not None:
        options += ["-F", f"file=@{file}"]
    return options + [word for name, value in headers.items() for word in ("-H", f"{name}: {value}")]


def _told(text: str) -> Answer:
    head, _, body = text.partition("\n\n")
    status, *lines = head.splitlines()
    return Answer(int(status), _headers(lines), body.removesuffix("\n"))


def _headers(lines: list[str]) -> dict[str, str]:
    pairs = (line.partition(":") for line in lines)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def _needed(program: str) -> str:
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"{program} is not on this machine")
    return found


def _run(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)
    assert done.returncode == 0, (command, done.stderr)
    return done.stdout


def _java_classes() -> Path:
    """The compiled client."""
    folder = Path(tempfile.mkdtemp(prefix="callup-java-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    _run([_needed("javac"), "-d", str(folder), str(Path(__file__).with_name("Post.java"))])
    return folder


_running: dict[str, "subprocess.Popen[bytes]"] = {}
_asking = Lock()


def _asked(name: str, command: Callable[[], list[str]], words: list[str]) -> str:
    """What the long-lived client says to the words; its runtime is started by the first test that needs it."""
    with _asking:
        if name not in _running:
            _running[name] = subprocess.Popen(command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            atexit.register(_running[name].kill)
        client = _running[name]
        try:
            assert client.stdin is not None
            assert client.stdout is not None
            client.stdin.write(b" ".join(base64.b64encode(word.encode()) for word in words) + b"\n")
            client.stdin.flush()
            said = client.stdout.readline()
            assert said.endswith(b"\n"), f"{name} ended instead of an answer"
        except BaseException:
            # What it says next would be the answer to another question.
            client.kill()
            del _running[name]
            raise
        return base64.b64decode(said).decode()
