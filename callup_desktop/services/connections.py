"""The connections of the transport: they keep its deadlines, learn them, and can be cut. Any thread."""

import errno
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from botocore.awsrequest import (
    AWSHTTPConnection,
    AWSHTTPConnectionPool,
    AWSHTTPSConnection,
    AWSHTTPSConnectionPool,
)
from urllib3.connection import HTTPConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.util import wait_for_read

from callup_desktop.config.addresses import is_loopback
from callup_desktop.engine.body import PartBody
from callup_desktop.engine.errors import AccountError, Code
from callup_desktop.recordings.recording import PIECE
from callup_desktop.services import happy_eyeballs
from callup_desktop.services.deadlines import Deadlines
from callup_desktop.services.hang_up import has_hung_up
from callup_desktop.services.send_queue import unsent_in

CONNECT, SEND = "connect", "send"
"""The waits that have a deadline for all operations together."""
SEND_SIZE = PIECE
"""Bytes given to one send: a whole piece, which a body hands out on a fast link alone. A stall is measured over what it
takes, so that a link of 5 KB/s still counts as moving."""
_TOLD_NOTHING = 256 * 1024
"""Bytes that wait in this computer from which on the time of their sends says nothing of the link."""
_LOOK = 0.25
"""Seconds of silence after which it is looked whether the other side is still there, and whether it answers others."""
_FIRST_LOOK = 1.0
"""Seconds for which it is watched how fast a body leaves that was written at once."""


class OvertakenError(TimeoutError):
    """Raised on a connection that stays silent while what was sent later, on others, is answered."""


def observed_pool_classes(
    *,
    deadlines: Deadlines,
    operation: Callable[[], str],
    on_connect: Callable[[HTTPConnection], None],
    on_no_continue: Callable[[], None],
) -> dict[str, type]:
    """botocore's pool classes by scheme; they keep deadlines and learn them, `operation` names this thread's request.

    They report each new connection, and a server that sent no "100 Continue": botocore waits a second for that answer
    at each part, and some proxies swallow it.
    """

    def observed(kind: type[AWSHTTPConnection | AWSHTTPSConnection], *, plain: bool) -> type:
        class ObservedConnection(kind):  # type: ignore[valid-type, misc]  # one class for both kinds
            _continued = False
            _began = _sent = _slowest_send = 0.0
            _answers = 0
            _body: PartBody | None = None

            def connect(self) -> None:
                self._answers = 0
                with _timed(deadlines, CONNECT):
                    super().connect()
                if plain:
                    check_peer(self)
                on_connect(self)

            def request(self, *args: Any, **kwargs: Any) -> Any:
                self._began = self._sent = self._slowest_send = 0.0
                body = kwargs.get("body")
                self._body = body if isinstance(body, PartBody) else None
                if self._body is not None:
                    self._body.leaves_through(self._unsent)
                return super().request(*args, **kwargs)

            def send(self, data: bytes | memoryview) -> None:
                """Send as much as the system takes at a time: silence is measured from one bit taken to the next.

                Raises BrokenPipeError where the server has ended the connection; what it said before is read then.
                """
                if self._response_received:
                    return
                if self.sock is None:
                    self.connect()
                self._began = self._began or time.monotonic()
                left = memoryview(data)
                while left:
                    asked = time.monotonic()
                    taken = self._send_some(left[:SEND_SIZE], asked)
                    self._slowest_send = max(self._slowest_send, time.monotonic() - asked)
                    self._sent += taken
                    left = left[taken:]
                if isinstance(data, bytes):
                    # A head, whose answer may be read next; what is read after a body sets its own.
                    self.sock.settimeout(deadlines.within(SEND))

            def _send_some(self, piece: memoryview, asked: float) -> int:
                """How many bytes the system took."""
                within = deadlines.within(SEND)
                while (spent := time.monotonic() - asked) < within:
                    self._bear_silence(min(_LOOK, within - spent))
                    with suppress(TimeoutError):
                        return int(self.sock.send(piece))
                    if has_hung_up(self.sock):
                        self._sent = 0
                        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))
                    self._refuse_overtaken(SEND, asked)
                deadlines.ran_out(SEND, within)
                raise TimeoutError(f"nothing left within {within:.1f} s")

            def _bear_silence(self, seconds: float) -> None:
                """Set the socket's timeout, which is a call of the system even where it is what it was."""
                if self.sock.gettimeout() != seconds:
                    self.sock.settimeout(seconds)

            def getresponse(self) -> Any:
                """The answer; it may take longer by what the last bytes of the body need to leave this computer."""
                if self.sock is None:
                    return super().getresponse()
                within, asked = self.timeout, time.monotonic()
                self.timeout += self._drain(asked)
                try:
                    self._await_answer(asked)
                    answer = super().getresponse()
                except TimeoutError:
                    # A connection that was good once says nothing of how slow the server is.
                    if not self._answers:
                        deadlines.ran_out(operation(), within)
                    raise
                now, self._answers = time.monotonic(), self._answers + 1
                if self._body is not None:
                    # All of it has left, and the connection may be another body's from here on.
                    self._body.leaves_through(int)
                deadlines.ended(SEND, self._slowest_send)
                deadlines.answered(operation(), asked, now - asked)
                deadlines.left(self._sent, now - self._began)
                return answer

            def _await_answer(self, asked: float) -> None:
                """Return once it begins, or is late; raises TimeoutError where nobody need wait for it any longer."""
                until = asked + self.timeout
                while (left := until - time.monotonic()) > 0 and not self._answer_begins(min(_LOOK, left)):
                    self._refuse_overtaken(operation(), asked)

            def _answer_begins(self, within: float) -> bool:
                # What TLS has read ahead no longer makes the socket readable.
                read_ahead = getattr(self.sock, "pending", int)
                return self._response_received or read_ahead() > 0 or wait_for_read(self.sock, timeout=within)

            def _refuse_overtaken(self, wait: str, since: float) -> None:
                if deadlines.is_overtaken(wait, since, time.monotonic()):
                    raise OvertakenError

            def _unsent(self) -> int:
                sock = self.sock
                return unsent_in(sock, int(self._sent)) if sock is not None else 0

            def _drain(self, asked: float) -> float:
                """Seconds that the last bytes of the body may take to leave."""
                unsent = unsent_in(self.sock, int(self._sent))
                sent, spent = self._sent - unsent, asked - self._began
                if unsent > _TOLD_NOTHING and spent < _FIRST_LOOK:
                    # The system took all of it at once: only a look at what leaves tells how fast the link is.
                    wait_for_read(self.sock, timeout=_FIRST_LOOK)
                    left = unsent_in(self.sock, int(self._sent))
                    unsent, sent, spent = left, unsent - left, time.monotonic() - asked
                return deadlines.drain(unsent, sent, spent)

            def _new_conn(self) -> socket.socket:
                """Connect to all addresses of the host side by side; urllib3 tries them one after the other."""
                try:
                    return happy_eyeballs.connect(
                        self._dns_host, self.port, timeout=self.timeout, options=self.socket_options or ()
                    )
                except socket.gaierror as exc:
                    raise NameResolutionError(self.host, self, exc) from exc
                except TimeoutError as exc:
                    raise ConnectTimeoutError(self, f"no connection to {self.host}") from exc
                except OSError as exc:
                    raise NewConnectionError(self, f"no connection to {self.host}") from exc

            def _send_output(self, *args: Any, **kwargs: Any) -> None:
                self._continued = False
                super()._send_output(*args, **kwargs)
                if self._expect_header_set and not self._continued:
                    on_no_continue()

            def _handle_expect_response(self, message_body: Any) -> None:
                self._continued = True
                super()._handle_expect_response(message_body)

        return ObservedConnection

    class PlainPool(AWSHTTPConnectionPool):
        ConnectionCls = observed(AWSHTTPConnection, plain=True)

    class SecurePool(AWSHTTPSConnectionPool):
        ConnectionCls = observed(AWSHTTPSConnection, plain=False)

    return {"http": PlainPool, "https": SecurePool}


def check_peer(connection: HTTPConnection) -> None:
    """Raise AccountError where a connection without TLS has ended on another computer, whatever its name promised."""
    peer = connection.sock.getpeername()[0]
    if not is_loopback(peer):
        connection.close()
        raise AccountError(Code.NOT_THIS_COMPUTER, f"{connection.host} is {peer}", params={"host": connection.host})


@contextmanager
def _timed(deadlines: Deadlines, wait: str) -> Iterator[None]:
    """Learn how long the wait took, or that it took too long."""
    began = time.monotonic()
    try:
        yield
    except (TimeoutError, ConnectTimeoutError):
        deadlines.ran_out(wait, time.monotonic() - began)
        raise
    deadlines.ended(wait, time.monotonic() - began)


def shut_down(connection: HTTPConnection) -> None:
    """Shut the socket down, which wakes the thread that waits on it."""
    sock = connection.sock
    if isinstance(sock, socket.socket):
        with suppress(OSError):
            # SSLSocket.shutdown() would turn TLS off first, while the other thread still sends.
            socket.socket.shutdown(sock, socket.SHUT_RDWR)


def socket_options(stall_timeout: float) -> list[tuple[int, int, int]]:
    """What makes a dead connection known within `stall_timeout` seconds, as far as this system knows it."""
    wanted = [(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1), (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)]
    tuning = {"TCP_KEEPIDLE": 15, "TCP_KEEPINTVL": 5, "TCP_KEEPCNT": 4, "TCP_USER_TIMEOUT": int(stall_timeout * 1000)}
    wanted.extend(
        (socket.IPPROTO_TCP, getattr(socket, name), value) for name, value in tuning.items() if hasattr(socket, name)
    )
    # Python may know an option that this system does not, as an older Windows; urllib3 would then refuse to connect.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
        return [option for option in wanted if _is_supported(sock, option)]


def _is_supported(sock: socket.socket, option: tuple[int, int, int]) -> bool:
    try:
        sock.setsockopt(*option)
    except OSError:
        return False
    return True
