"""How many bytes of a connection the system has taken and the other side has not. Any thread."""

import socket
import struct
import sys
from contextlib import suppress

_SO_NWRITE = 0x1024
"""macOS's option for it, which Python does not name."""
_ASSUMED = 256 * 1024
"""Bytes that a system which does not tell may still hold: what Windows buffers of a connection at first."""
_COUNT = struct.Struct("i")


def unsent_in(sock: socket.socket, written: int) -> int:
    """Bytes that have yet to arrive of `written` ones; where the system does not tell, as many as it may still hold."""
    if sys.platform == "linux":
        import fcntl
        import termios

        with suppress(OSError):
            (queued,) = _COUNT.unpack(fcntl.ioctl(sock.fileno(), termios.TIOCOUTQ, bytes(_COUNT.size)))
            return int(queued)
    if sys.platform == "darwin":
        with suppress(OSError):
            return sock.getsockopt(socket.SOL_SOCKET, _SO_NWRITE)
    return min(written, _ASSUMED)
