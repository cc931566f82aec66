"""How MongoDB talks: length-prefixed messages with BSON in them (OP_MSG); monitors are passed through."""

import struct
from typing import Any

import bson

from callup_desktop.services.uploads import COLLECTION
from tests.faults.proxy import Arrived, Exchange, Hangup, Line, play, receive_exactly, send_all

_HEADER = struct.Struct("<iiii")
_OP_MSG = 2013
_MORE_TO_COME = 2
_STEPS = frozenset({"register", "edit", "find"})
"""The commands of the program that are steps; all others are the driver's own, or about the gateway's rows."""


class MongoExchange(Exchange):
    """One command and its reply."""

    def __init__(self, line: Line, message: bytes, command: dict[str, Any]) -> None:
        super().__init__(line, Arrived(_step_of(command)))
        self.command = command
        self._message = message
        self._answer = b""

    def read(self) -> None:
        pass  # it is here, all of it

    def hand_over(self) -> None:
        send_all(self.line.server, self._message)

    def forward(self) -> None:
        self.hand_over()
        self._answer = _message_on_server(self.line)
        told = _document_in(self._answer)
        self.acted = bool(told.get("ok")) and not told.get("writeErrors")

    def answer(self, told: dict[str, Any]) -> None:
        """Say this in the server's place."""
        (request_id,) = struct.unpack_from("<i", self._message, 4)
        body = struct.pack("<iB", 0, 0) + bson.encode(told)
        self._answer = _HEADER.pack(_HEADER.size + len(body), 0, request_id, _OP_MSG) + body
        self.reply()

    def reply(self, *, cut: bool = False) -> None:
        if cut:
            send_all(self.line.client, self._answer[: len(self._answer) // 2])
            raise Hangup
        send_all(self.line.client, self._answer)


def mongo_talk(line: Line) -> None:
    """One message of a connection, or the whole of a monitor's stream."""
    message = _message_of_program(line)
    command = _document_in(message)
    if _step_of(command) in _STEPS:
        play(MongoExchange(line, message, command))
        return
    send_all(line.server, message)
    while True:
        answer = _message_on_server(line)
        send_all(line.client, answer)
        if not _flags_of(answer) & _MORE_TO_COME:
            return


def _step_of(command: dict[str, Any]) -> str:
    """The step that a command is of: registering makes the document, an edit does not."""
    verb, collection = next(iter(command.items()), ("", ""))
    if collection == COLLECTION or verb not in {"insert", "update"}:
        return verb
    return "edit" if verb == "update" and not all(update.get("upsert") for update in command["updates"]) else "register"


def _message_of_program(line: Line) -> bytes:
    head = line.take_exactly(_HEADER.size)
    return head + line.take_exactly(_HEADER.unpack(head)[0] - _HEADER.size)


def _message_on_server(line: Line) -> bytes:
    head = receive_exactly(line.server, _HEADER.size)
    return head + receive_exactly(line.server, _HEADER.unpack(head)[0] - _HEADER.size)


def _flags_of(message: bytes) -> int:
    if _HEADER.unpack_from(message)[3] != _OP_MSG:
        return 0
    flags: int = struct.unpack_from("<i", message, _HEADER.size)[0]
    return flags


def _document_in(message: bytes) -> dict[str, Any]:
    """The command or the reply, sequences of documents included; nothing of a message that is not OP_MSG."""
    if _HEADER.unpack_from(message)[3] != _OP_MSG:
        return {}
    found: dict[str, Any] = {}
    at = _HEADER.size + 4
    while at < len(message):
        kind, size = struct.unpack_from("<Bi", message, at)
        section = message[at + 1 : at + 1 + size]
        if kind == 0:
            found |= bson.decode(section)
        else:
            name, _, documents = section[4:].partition(b"\0")
            found[name.decode()] = list(bson.decode_iter(documents))
        at += 1 + size
    return found
