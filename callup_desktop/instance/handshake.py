"""How two processes of one user find out that each can read this user's home, and whether they speak alike. Any thread.

    client                                    owner
      | -- hello: protocol, build, nonce -----> |
      | <- welcome: protocol, build, nonce ---- |
      | <- proof of the owner ----------------- |
      | -- proof of the client ---------------> |

A proof is an HMAC, with the key of the home, over the address, both greetings and the role. So no proof can be used for
the other role, for another connection, or at another address, and the client shows nothing before the owner has proved
itself. These four messages never change: by them processes of different builds find out that they are.
"""

import hashlib
import hmac
import json
import secrets
import time
from dataclasses import dataclass

from callup_desktop.instance.channel import Channel

TIMEOUT = 2.5
"""Seconds for all four messages; an owner that takes longer is stopped, or is none."""
_MOST_BYTES = 1024
_OWNER = b"callup owner"
_CLIENT = b"callup client"


class StrangerError(Exception):
    """Raised when the other end does not know the key of this home."""


@dataclass(frozen=True, slots=True)
class Peer:
    """What the other end says of itself; it knows the key."""

    protocol: int
    build: str


def greet_owner(channel: Channel, key: bytes, address: str, me: Peer) -> Peer:
    """Prove this client to the owner; who that is. Raises StrangerError, OSError, EOFError."""
    until = time.monotonic() + TIMEOUT
    hello = _greeting(me)
    channel.send(hello, _left(until))
    welcome = channel.receive(_MOST_BYTES, _left(until))
    shown = channel.receive(_MOST_BYTES, _left(until))
    _check(shown, _proof(key, _OWNER, address, hello, welcome))
    channel.send(_proof(key, _CLIENT, address, hello, welcome), _left(until))
    return _peer(welcome)


def greet_client(channel: Channel, key: bytes, address: str, me: Peer) -> Peer:
    """Prove this owner to the client; who that is. Raises StrangerError, OSError, EOFError."""
    until = time.monotonic() + TIMEOUT
    hello = channel.receive(_MOST_BYTES, _left(until))
    welcome = _greeting(me)
    channel.send(welcome, _left(until))
    channel.send(_proof(key, _OWNER, address, hello, welcome), _left(until))
    shown = channel.receive(_MOST_BYTES, _left(until))
    _check(shown, _proof(key, _CLIENT, address, hello, welcome))
    return _peer(hello)


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError("the greeting took too long")
    return left


def _greeting(me: Peer) -> bytes:
    return json.dumps({"protocol": me.protocol, "build": me.build, "nonce": secrets.token_hex(32)}).encode()


def _peer(greeting: bytes) -> Peer:
    try:
        told = json.loads(greeting)
        return Peer(int(told["protocol"]), str(told["build"]))
    except (ValueError, KeyError, TypeError) as exc:
        raise StrangerError("no greeting") from exc


def _proof(key: bytes, role: bytes, address: str, hello: bytes, welcome: bytes) -> bytes:
    told = (role, address.encode("utf-8", "surrogateescape"), hello, welcome)
    return hmac.digest(key, b"".join(len(part).to_bytes(4, "big") + part for part in told), hashlib.sha256)


def _check(shown: bytes, expected: bytes) -> None:
    if not hmac.compare_digest(shown, expected):
        raise StrangerError("a wrong proof")
