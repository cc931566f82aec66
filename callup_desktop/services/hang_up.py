"""Whether the other side of a connection has ended it, though bytes of its are still unread. Any thread."""

import select
import socket
from contextlib import suppress


def has_hung_up(sock: socket.socket) -> bool:
    """Whether nothing more will come after what is unread; False where the system does not tell.

    A server that ends a connection while a body is sent takes no more of it: the system tells the reader, not the
    writer, who would wait for room that never comes.
    """
    if hasattr(select, "POLLRDHUP"):
        poll = select.poll()
        poll.register(sock, select.POLLRDHUP)
        return bool(poll.poll(0))
    with suppress(OSError, ValueError):
        readable, _, _ = select.select([sock], [], [], 0)
        # SSLSocket.recv() takes no flags, and would read what belongs to its own buffer.
        return bool(readable) and not socket.socket.recv(sock, 1, socket.MSG_PEEK)
    return False
