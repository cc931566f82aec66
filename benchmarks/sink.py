"""A store that throws every byte away, so that a benchmark measures the client alone: C, compiled for the run."""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SOURCES = Path(__file__).parent / "native"


class NoCompilerError(Exception):
    """Raised where no C compiler, or none of its libraries, can be had."""


def compiled(name: str, folder: Path, *, tls: bool = False) -> Path:
    """The program of the source of that name; raises NoCompilerError."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        raise NoCompilerError("no C compiler")
    program = folder / (f"{name}-tls" if tls else name)
    options = ["-DWITH_TLS"] if tls else []
    libraries = ["-lssl", "-lcrypto"] if tls else []
    source = str(_SOURCES / f"{name}.c")
    command = [compiler, "-O2", "-Wall", "-pthread", *options, source, "-o", str(program), *libraries]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise NoCompilerError(done.stderr)
    return program


@contextmanager
def sink(folder: Path, certificate: Path | None = None) -> Iterator[str]:
    """A discarding S3 server; its address on loopback. `certificate`: PEM, with its key."""
    program = compiled("sink", folder, tls=certificate is not None)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    shown = [str(certificate)] if certificate else []
    with subprocess.Popen([str(program), str(port), *shown], stdout=subprocess.PIPE, text=True) as process:
        if process.stdout is None or process.stdout.readline() != "ready\n":
            raise NoCompilerError("the sink does not start")
        try:
            yield f"{'https' if certificate else 'http'}://127.0.0.1:{port}"
        finally:
            process.terminate()
