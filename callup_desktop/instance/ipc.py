"""One journal has one owner: its lock, and the door through which a second process hands over its request.

The door listens on loopback; who knocks proves by HMAC (multiprocessing.connection) that it can read this user's home,
and then says one JSON request and hears one JSON reply. Any thread.
"""

import json
import secrets
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener, answer_challenge, deliver_challenge
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from pydantic import ValidationError

from callup_desktop.config.paths import Home
from callup_desktop.instance.handler import Reply, Request

_QUEUE = 16
_MOST_BYTES = 4 * 1024 * 1024


class OwnerSilentError(Exception):
    """Raised when another process owns this home and does not answer."""


class InstanceLock:
    """The lock on a home. The operating system drops it with the process, however that ends."""

    def __init__(self, home: Home) -> None:
        """Nothing is locked yet."""
        self._lock = FileLock(home.owner_lock)

    def take(self) -> bool:
        """Whether this process owns the home now."""
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            return False
        return True

    def give_up(self) -> None:
        """Let another process own it."""
        self._lock.release()


class IpcServer:
    """Answers requests of other processes of this user; open from `__init__` to `close`."""

    def __init__(self, home: Home, answer: Callable[[Request], Reply]) -> None:
        """Listen, and leave the address and the key in the home; only the owner of the lock may do this."""
        self._file = home.owner_door
        self._answer = answer
        self._key = secrets.token_bytes(32)
        # Who knocks is asked for the key by `_receive`: the listener would let one silent stranger block the door.
        self._listener = Listener(("127.0.0.1", 0), family="AF_INET", backlog=_QUEUE)
        self._closed = False
        self._answering = threading.Lock()
        host, port = self._listener.address
        _write_private(self._file, json.dumps({"host": host, "port": port, "key": self._key.hex()}))
        self._thread = threading.Thread(target=self._listen, name="door", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Take the door away; afterwards nobody is answered any more."""
        self._file.unlink(missing_ok=True)
        with self._answering:
            self._closed = True
        # A last connection wakes `accept`, which has no timeout; it says nothing, as nobody may be left to answer it.
        with suppress(OSError):
            socket.create_connection(self._listener.address, timeout=1.0).close()
        self._thread.join(5.0)
        self._listener.close()

    def _listen(self) -> None:
        while not self._closed:
            with suppress(OSError):
                connection = self._listener.accept()
                threading.Thread(target=self._receive, args=(connection,), name="visitor", daemon=True).start()

    def _receive(self, visitor: "Connection[Any, Any]") -> None:
        with visitor, suppress(OSError, EOFError, AuthenticationError, ValidationError):
            deliver_challenge(visitor, self._key)
            answer_challenge(visitor, self._key)
            request = Request.model_validate_json(visitor.recv_bytes(_MOST_BYTES))
            with self._answering:
                if self._closed:
                    return
                reply = self._answer(request)
            visitor.send_bytes(reply.model_dump_json().encode())


def send_request(home: Home, request: Request) -> Reply:
    """The owner's reply; raises OwnerSilentError if there is none."""
    try:
        door = json.loads(home.owner_door.read_text(encoding="utf-8"))
        with Client((door["host"], door["port"]), family="AF_INET", authkey=bytes.fromhex(door["key"])) as connection:
            connection.send_bytes(request.model_dump_json().encode())
            if not connection.poll(15.0):
                raise OwnerSilentError("no answer")
            return Reply.model_validate_json(connection.recv_bytes(_MOST_BYTES))
    except (OSError, EOFError, AuthenticationError, ValueError, KeyError) as exc:
        raise OwnerSilentError(str(exc)) from exc


def _write_private(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")
