"""How a connection to a name with several addresses is opened: side by side, as RFC 8305 has it. Any thread; blocks."""

import errno
import ipaddress
import os
import selectors
import socket
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from itertools import chain, zip_longest
from queue import Empty, SimpleQueue
from threading import Thread

ATTEMPT_DELAY = 0.25
"""Seconds that an address has for itself before the next one is tried beside it."""

SocketOption = tuple[int, int, int]
_Address = tuple[int, tuple[object, ...]]
"""A family and what `connect` takes there."""
_UNDER_WAY = frozenset({0, errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EALREADY, getattr(errno, "WSAEWOULDBLOCK", 0)})


def connect(host: str, port: int, *, timeout: float, options: Sequence[SocketOption] = ()) -> socket.socket:
    """The first connection that opens, with this timeout on it.

    Raises socket.gaierror where the name has no address, TimeoutError where nothing opened within `timeout` seconds,
    else the OSError of the last address.
    """
    deadline = time.monotonic() + timeout
    waiting = _in_turn(_resolved(host, port, timeout))
    error: OSError = OSError(errno.EADDRNOTAVAIL, os.strerror(errno.EADDRNOTAVAIL))
    next_start = 0.0
    with ExitStack() as losers, selectors.DefaultSelector() as under_way:
        while waiting or under_way.get_map():
            now = time.monotonic()
            if now >= deadline:
                raise TimeoutError(f"no connection within {timeout:.1f} s")
            if waiting and (now >= next_start or not under_way.get_map()):
                try:
                    sock = _started(waiting.pop(0), options)
                except OSError as exc:
                    error = exc
                    continue
                losers.callback(sock.close)
                under_way.register(sock, selectors.EVENT_WRITE)
                next_start = now + ATTEMPT_DELAY
            for key, _ in under_way.select(max(0.0, min(deadline, next_start if waiting else deadline) - now)):
                sock = key.fileobj  # type: ignore[assignment]  # only sockets are registered
                under_way.unregister(sock)
                if code := sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                    error, next_start = OSError(code, os.strerror(code)), 0.0
                    continue
                return _kept(sock, timeout)
    raise error


def _resolved(host: str, port: int, timeout: float) -> list[_Address]:
    """The addresses of the name; a resolver that does not answer is not waited for any longer than `timeout`."""
    with suppress(ValueError):
        ipaddress.ip_address(host.strip("[]"))
        return _looked_up(host.strip("[]"), port)
    answers: SimpleQueue[list[_Address] | OSError] = SimpleQueue()

    def look_up() -> None:
        try:
            answers.put(_looked_up(host, port))
        except OSError as exc:
            answers.put(exc)
        except UnicodeError:
            answers.put(socket.gaierror(socket.EAI_NONAME, "not a name"))

    Thread(target=look_up, name="look up", daemon=True).start()
    try:
        answer = answers.get(timeout=timeout)
    except Empty as exc:
        raise TimeoutError(f"no address within {timeout:.1f} s") from exc
    if isinstance(answer, OSError):
        raise answer
    return answer


def _looked_up(host: str, port: int) -> list[_Address]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [(family, address) for family, _, _, _, address in found]


def _in_turn(addresses: list[_Address]) -> list[_Address]:
    """The two families in turn, beginning with the one that the system puts first."""
    first = [address for address in addresses if address[0] == addresses[0][0]]
    second = [address for address in addresses if address[0] != addresses[0][0]]
    return [address for address in chain.from_iterable(zip_longest(first, second)) if address is not None]


def _started(address: _Address, options: Sequence[SocketOption]) -> socket.socket:
    """A socket that is connecting; raises OSError where that fails at once."""
    family, target = address
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        for option in options:
            sock.setsockopt(*option)
        sock.settimeout(0)
        if (code := sock.connect_ex(target)) not in _UNDER_WAY:
            raise OSError(code, os.strerror(code))
    except OSError:
        sock.close()
        raise
    return sock


def _kept(sock: socket.socket, timeout: float) -> socket.socket:
    """The winner, out of reach of what closes the losers."""
    winner = socket.socket(sock.family, sock.type, sock.proto, fileno=sock.detach())
    winner.settimeout(timeout)
    return winner
