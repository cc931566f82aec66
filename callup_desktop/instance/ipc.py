"""The server by which the owner of a home answers other processes of this user, and their connection to it. Any thread.

A connection begins with the handshake, then carries requests and replies in turn, each a JSON message. It belongs to
one front end as long as that follows calls.
"""

import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from pydantic import ValidationError

from callup_desktop import __version__
from callup_desktop.config.atomic import write_atomically
from callup_desktop.config.paths import Home
from callup_desktop.config.reading import read_small
from callup_desktop.instance import channel as channels
from callup_desktop.instance.channel import MOST_BYTES, Channel
from callup_desktop.instance.handshake import Peer, StrangerError, greet_client, greet_owner
from callup_desktop.instance.messages import PROTOCOL, Reply, Request

MOST_CONNECTIONS = 64
"""Beyond this the connection that was silent for longest is closed; its front end connects again."""
REPLY_TIMEOUT = 4.0
"""Seconds that an owner may take for one reply, each a page of copies; one that takes longer is stopped."""
_CONNECT_TIMEOUT = 1.0
_IDLE_TIMEOUT = 60.0
"""Seconds that a front end may keep its connection without a request."""
_SEND_TIMEOUT = 5.0
_ANSWER_TIMEOUT = 5.0
"""Seconds that a closing server waits for answers that are being made."""
_THREAD_TIMEOUT = 5.0
"""Seconds that the listening thread may take to end."""
_ACCEPT_AGAIN = 0.1
"""Seconds until a system that gave no connection (too many open files) is asked again."""
THIS_BUILD = Peer(PROTOCOL, __version__)
_QUIT = "quit"

Answer = Callable[[Request], Reply]
"""One front end's way to the owner: its requests, in turn."""
OpenSession = Callable[[], Answer]
"""Makes one for each connection."""


class NoOwnerError(Exception):
    """Raised when nobody answers for this home: its owner is gone, or just starts or ends."""


class OwnerSilentError(Exception):
    """Raised when the owner of this home takes a connection and says nothing: it is stopped, or hangs."""


class OtherBuildError(Exception):
    """Raised when the owner of this home is another build, with other requests and replies."""


@dataclass(slots=True)
class _Guest:
    """A connection of the server: when it was last heard, and whether a request of it is being answered."""

    heard_at: float
    answering: bool = False


class IpcServer:
    """Answers other processes of this user from its start until the context ends; "busy" while it serves nobody."""

    def __init__(self, home: Home, me: Peer = THIS_BUILD) -> None:
        """Listen, and leave the address and the key in the home; raises OSError. Only the lock's holder may do this."""
        self._home = home
        self._me = me
        self._key = secrets.token_bytes(32)
        self._open_session: OpenSession | None = None
        self._guests: dict[Channel, _Guest] = {}
        self._state = threading.Condition()
        self._closed = threading.Event()
        self._clear_left()
        self._listener = channels.listen(home)
        try:
            self._leave_address()
        except OSError:
            self._listener.close()
            channels.clear(home, self._listener.address)
            raise
        self._thread = threading.Thread(target=self._listen, name="ipc", daemon=True)
        self._thread.start()

    def _clear_left(self) -> None:
        """Remove what an owner that was killed left behind."""
        with suppress(OSError, ValueError, KeyError, TypeError):
            channels.clear(self._home, str(_read_address(self._home)["address"]))

    def _leave_address(self) -> None:
        told = {"address": self._listener.address, "key": self._key.hex()}
        write_atomically(self._home.owner_address, json.dumps(told).encode())

    def __enter__(self) -> Self:
        """The running server."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    @contextmanager
    def serving(self, open_session: OpenSession) -> Iterator[None]:
        """Answer each connection by a session of its own until the context ends."""
        with self._state:
            self._open_session = open_session
        try:
            yield
        finally:
            with self._state:
                self._open_session = None
                self._finish_answers()
                self._break_off_all()

    def close(self) -> None:
        """End the server; afterwards nobody is answered any more."""
        # Windows keeps it while another process reads it; the next owner writes its own over it.
        with suppress(OSError):
            self._home.owner_address.unlink()
        with self._state:
            self._closed.set()
            self._finish_answers()
            self._break_off_all()
        self._listener.close()
        self._thread.join(_THREAD_TIMEOUT)
        channels.clear(self._home, self._listener.address)

    def _finish_answers(self) -> None:
        self._state.wait_for(lambda: not any(guest.answering for guest in self._guests.values()), _ANSWER_TIMEOUT)

    def _break_off_all(self) -> None:
        for channel in self._guests:
            channel.break_off()

    # --- the listening thread -------------------------------------------------------------------------------------

    def _listen(self) -> None:
        while not self._closed.is_set():
            try:
                channel = self._listener.accept()
            except OSError:
                self._closed.wait(_ACCEPT_AGAIN)
                continue
            self._admit(channel)
            threading.Thread(target=self._receive, args=(channel,), name="ipc client", daemon=True).start()

    def _admit(self, channel: Channel) -> None:
        """Take the connection; where there are too many, close the one that was silent for longest."""
        with self._state:
            silent = [known for known, guest in self._guests.items() if not guest.answering]
            if len(self._guests) >= MOST_CONNECTIONS and silent:
                oldest = min(silent, key=lambda known: self._guests[known].heard_at)
                del self._guests[oldest]
                oldest.break_off()
            self._guests[channel] = _Guest(time.monotonic())

    # --- the thread of one connection -----------------------------------------------------------------------------

    def _receive(self, channel: Channel) -> None:
        try:
            with closing(channel), suppress(OSError, EOFError, StrangerError, ValidationError):
                client = greet_client(channel, self._key, self._listener.address, self._me)
                if client.protocol == self._me.protocol:
                    self._converse(channel)
                else:
                    self._answer_other_build(channel)
        finally:
            with self._state:
                self._guests.pop(channel, None)
                self._state.notify_all()

    def _converse(self, channel: Channel) -> None:
        answer: Answer | None = None
        while True:
            request = Request.model_validate_json(channel.receive(MOST_BYTES, _IDLE_TIMEOUT))
            with self._answering(channel) as open_session:
                if open_session is None:
                    reply = Reply(busy=True)
                else:
                    answer = answer or open_session()
                    reply = answer(request)
                channel.send(reply.model_dump_json().encode(), _SEND_TIMEOUT)

    def _answer_other_build(self, channel: Channel) -> None:
        """Whatever builds have learnt to ask, each can ask each other to quit: an installer has to."""
        message = channel.receive(MOST_BYTES, _IDLE_TIMEOUT)
        with self._answering(channel) as open_session, suppress(ValueError, AttributeError):
            if open_session is not None and json.loads(message).get("verb") == _QUIT:
                open_session()(Request(verb="quit"))

    @contextmanager
    def _answering(self, channel: Channel) -> Iterator[OpenSession | None]:
        """The time in which an answer is made and sent; raises EOFError where the server is closed."""
        with self._state:
            guest = self._guests.get(channel)
            if guest is None or self._closed.is_set():
                raise EOFError("this server is closed")
            guest.answering = True
            open_session = self._open_session
        try:
            yield open_session
        finally:
            with self._state:
                guest.answering, guest.heard_at = False, time.monotonic()
                self._state.notify_all()


class OwnerConnection:
    """A front end's connection to the owner of a home."""

    def __init__(self, home: Home, me: Peer = THIS_BUILD) -> None:
        """Connect, and prove to each other that both can read this home.

        Raises NoOwnerError, OwnerSilentError, OtherBuildError, and PermissionError where the home is another user's.
        """
        self._me = me
        address, key = _owner_of(home)
        with _owner_errors():
            self._channel = channels.connect(address, _CONNECT_TIMEOUT)
            try:
                self._owner = greet_owner(self._channel, key, address, me)
            except BaseException:
                self._channel.close()
                raise

    def __enter__(self) -> Self:
        """The connection."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give it back."""
        self.close()

    def close(self) -> None:
        """Give it back; closing twice does no harm."""
        self._channel.close()

    def ask(self, request: Request) -> Reply:
        """The owner's reply; raises NoOwnerError, OwnerSilentError, OtherBuildError."""
        if self._owner.protocol != self._me.protocol:
            raise OtherBuildError(self._owner.build)
        with _owner_errors():
            self._channel.send(request.model_dump_json().encode(), REPLY_TIMEOUT)
            return Reply.model_validate_json(self._channel.receive(MOST_BYTES, REPLY_TIMEOUT))

    def ask_to_quit(self) -> None:
        """Ask an owner of any build to stop; raises NoOwnerError, OwnerSilentError."""
        with _owner_errors():
            self._channel.send(json.dumps({"verb": _QUIT}).encode(), REPLY_TIMEOUT)
            with suppress(EOFError):
                self._channel.receive(MOST_BYTES, REPLY_TIMEOUT)


def send_request(home: Home, request: Request) -> Reply:
    """The owner's reply to a single request; raises what OwnerConnection raises."""
    with OwnerConnection(home) as owner:
        return owner.ask(request)


def _read_address(home: Home) -> dict[str, object]:
    told = json.loads(read_small(home.owner_address))
    if not isinstance(told, dict):
        raise TypeError("no address")
    return told


def _owner_of(home: Home) -> tuple[str, bytes]:
    """The owner's address and the key; raises NoOwnerError, OtherBuildError, PermissionError."""
    try:
        told = _read_address(home)
    except PermissionError:
        raise
    except (OSError, ValueError, TypeError) as exc:
        raise NoOwnerError("no address") from exc
    if "address" not in told:
        raise OtherBuildError("of CallUp 0.1, which listened on a loopback port")
    try:
        return str(told["address"]), bytes.fromhex(str(told["key"]))
    except (KeyError, ValueError) as exc:
        raise NoOwnerError("no key") from exc


@contextmanager
def _owner_errors() -> Iterator[None]:
    """Tell an owner that is gone from one that hangs."""
    try:
        yield
    except TimeoutError as exc:
        raise OwnerSilentError(str(exc)) from exc
    except (OSError, EOFError, StrangerError) as exc:
        raise NoOwnerError(str(exc)) from exc
    except ValidationError as exc:
        raise OtherBuildError(str(exc)) from exc
