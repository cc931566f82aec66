"""Free loopback ports for the sandbox's servers, and the sockets that belong to them. Functions, any thread."""

import os
import secrets
import socket
import sys
from contextlib import closing, suppress
from pathlib import Path

from callup_desktop.engine.errors import Code
from callup_desktop.sandbox.errors import SandboxError

# Below the ranges where systems take ports for outgoing connections, and so are their twins.
_FIRST, _LAST = 12_000, 22_000
_TWIN = 10_000  # weed takes the port this far above each of its own for gRPC
LAST_PORT = 65_535 - _TWIN
_PARTS = ("admin", "filer", "master", "s3", "volume")
_FOLDER = Path("/tmp")  # noqa: S108 - weed's own choice, which no option changes


def choose_ports(count: int) -> tuple[int, ...]:
    """Different ports, free just now as are their gRPC twins; raises SandboxError if there are none."""
    chosen: list[int] = []
    for _ in range(200 * count):
        port = _FIRST + secrets.randbelow(_LAST - _FIRST)
        if port not in chosen and are_free((port,)):
            chosen.append(port)
            if len(chosen) == count:
                return tuple(chosen)
    raise SandboxError(Code.SANDBOX_NO_PORTS)


def are_free(ports: tuple[int, ...]) -> bool:
    """Whether a server could listen on all of these and their twins now."""
    return all(_is_free(port) and _is_free(port + _TWIN) and not _is_kept_by_another(port) for port in ports)


def local_sockets(port: int) -> tuple[Path, ...]:
    """Where weed listens beside the port, by the part of it that has the port."""
    if sys.platform == "win32":
        return ()
    twins = tuple(_FOLDER / f"seaweedfs-{part}-grpc-{port + _TWIN}.sock" for part in _PARTS)
    return (*twins, *(_FOLDER / f"seaweedfs-{part}-{port}.sock" for part in ("filer", "s3")))


def require_place_for_sockets() -> None:
    """Raise SandboxError where weed could make none: it would not say so, but try again for ever."""
    if sys.platform != "win32" and not (_FOLDER.is_dir() and os.access(_FOLDER, os.W_OK | os.X_OK)):
        raise SandboxError(Code.SANDBOX_SOCKETS, {"folder": str(_FOLDER)})


def answers(port: int) -> bool:
    """Whether something accepts connections on the port."""
    try:
        with closing(socket.create_connection(("127.0.0.1", port), timeout=1)):
            return True
    except OSError:
        return False


def _is_kept_by_another(port: int) -> bool:
    """Whether another user's weed left a socket that this user's cannot replace."""
    if sys.platform != "win32":
        for path in local_sockets(port):
            with suppress(FileNotFoundError):
                if path.lstat().st_uid != os.geteuid():
                    return True
    return False


def _is_free(port: int) -> bool:
    with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
        # As servers do it on POSIX: a port whose last connections are still closing counts as free.
        # On Windows the same option means "take it from its owner".
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            probe.listen(1)
        except OSError:
            return False
        return True
