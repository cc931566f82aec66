"""Free loopback ports for the sandbox's servers. Pure functions, any thread."""

import secrets
import socket
from contextlib import closing

from callup_desktop.engine.errors import Code
from callup_desktop.sandbox.errors import SandboxError

# Below the ranges where systems take ports for outgoing connections, and so are their twins.
_FIRST, _LAST = 12_000, 22_000
_TWIN = 10_000  # weed takes the port this far above each of its own for gRPC
LAST_PORT = 65_535 - _TWIN


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
    return all(_is_free(port) and _is_free(port + _TWIN) for port in ports)


def answers(port: int) -> bool:
    """Whether something accepts connections on the port."""
    try:
        with closing(socket.create_connection(("127.0.0.1", port), timeout=1)):
            return True
    except OSError:
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
