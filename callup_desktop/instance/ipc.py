"""How a second process reaches the owner of a home. Any thread.

The server listens on loopback; a client proves by HMAC (multiprocessing.connection) that it can read this user's home,
then sends one JSON request and reads one JSON reply.
"""

import json
import secrets
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener, answer_challenge, deliver_challenge
from types import TracebackType
from typing import Any, Self

from pydantic import ValidationError

from callup_desktop.config.atomic import write_atomically
from callup_desktop.config.paths import Home
from callup_desktop.instance.messages import Reply, Request

_BACKLOG = 16
_MOST_BYTES = 4 * 1024 * 1024
_REPLY_TIMEOUT = 15.0
"""Seconds that the owner may take to answer; a list of thousands of calls comes from disk."""
_THREAD_TIMEOUT = 5.0
"""Seconds that the listening thread may take to end."""


class OwnerSilentError(Exception):
    """Raised when the process that owns this home does not answer."""


class IpcServer:
    """Answers requests of other processes of this user, from its start until the context ends."""

    def __init__(self, home: Home, answer: Callable[[Request], Reply]) -> None:
        """Listen, and leave the address and the key in the home; only the owner of the lock may do this."""
        self._file = home.owner_address
        self._answer = answer
        self._key = secrets.token_bytes(32)
        # A client is asked for the key by `_receive`: the listener would let one silent stranger block all others.
        self._listener = Listener(("127.0.0.1", 0), family="AF_INET", backlog=_BACKLOG)
        self._closed = False
        self._answering = threading.Lock()
        host, port = self._listener.address
        write_atomically(self._file, json.dumps({"host": host, "port": port, "key": self._key.hex()}).encode())
        self._thread = threading.Thread(target=self._listen, name="ipc", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        """The running server."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """End the server; afterwards nobody is answered any more."""
        self._file.unlink(missing_ok=True)
        with self._answering:
            self._closed = True
        # A last connection wakes `accept`, which has no timeout; it says nothing, as nobody may be left to answer it.
        with suppress(OSError):
            socket.create_connection(self._listener.address, timeout=1.0).close()
        self._thread.join(_THREAD_TIMEOUT)
        self._listener.close()

    def _listen(self) -> None:
        while not self._closed:
            with suppress(OSError):
                connection = self._listener.accept()
                threading.Thread(target=self._receive, args=(connection,), name="ipc client", daemon=True).start()

    def _receive(self, client: "Connection[Any, Any]") -> None:
        with client, suppress(OSError, EOFError, AuthenticationError, ValidationError):
            deliver_challenge(client, self._key)
            answer_challenge(client, self._key)
            request = Request.model_validate_json(client.recv_bytes(_MOST_BYTES))
            with self._answering:
                if self._closed:
                    return
                reply = self._answer(request)
            client.send_bytes(reply.model_dump_json().encode())


def send_request(home: Home, request: Request) -> Reply:
    """The owner's reply; raises OwnerSilentError if there is none."""
    try:
        address = json.loads(home.owner_address.read_text(encoding="utf-8"))
        place, key = (address["host"], address["port"]), bytes.fromhex(address["key"])
        with Client(place, family="AF_INET", authkey=key) as connection:
            connection.send_bytes(request.model_dump_json().encode())
            if not connection.poll(_REPLY_TIMEOUT):
                raise OwnerSilentError("no answer")
            return Reply.model_validate_json(connection.recv_bytes(_MOST_BYTES))
    except (OSError, EOFError, AuthenticationError, ValueError, KeyError) as exc:
        raise OwnerSilentError(str(exc)) from exc
