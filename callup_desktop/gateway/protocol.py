"""uvicorn's HTTP protocol with what it lacks: a bound on a request's head, in bytes and in seconds. Event loop."""

import asyncio
import json
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from callup_desktop.engine.errors import Code
from callup_desktop.gateway.problems import MEDIA_TYPE, Problem
from callup_desktop.presentation.messages import Messages

LARGEST_HEAD = 64 * 1024
HIGH_WATER = 256 * 1024
"""Bytes of a body that wait for whoever reads it before no more are taken from the socket; asyncio brings as many at a
time."""
HEAD_TIMEOUT = 30.0
"""Seconds from the first byte of a connection or a request to the end of its headers."""


class GuardedProtocol(HttpToolsProtocol):
    """One connection."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._head = 0
        self._in_head = True
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """A new connection has to say what it wants soon."""
        super().connection_made(transport)
        self._start_timer()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is over."""
        self._stop_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count what belongs to a head that is not complete yet."""
        super().data_received(data)
        if self._in_head and not self.transport.is_closing():
            self._head += len(data)
            if self._head > LARGEST_HEAD:
                self._refuse(Code.HEADERS_TOO_LARGE)

    def on_message_begin(self) -> None:
        """A head begins."""
        super().on_message_begin()
        self._head, self._in_head = 0, True
        self._start_timer()

    def on_headers_complete(self) -> None:
        """A head is complete; one that is too large is refused before anybody looks at it."""
        self._in_head = False
        self._stop_timer()
        if sum(len(name) + len(value) for name, value in self.headers) + len(self.url) > LARGEST_HEAD:
            self._refuse(Code.HEADERS_TOO_LARGE)
            return
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Keep the bytes for `receive`; those of a request that was refused or answered belong to nobody.

        uvicorn copies them into a bytearray and out of it again, and stops the socket after each piece.
        """
        cycle = self.cycle
        if self.transport.is_closing() or cycle.response_complete:
            return
        waiting = cycle.body + body if cycle.body else body
        cycle.body = waiting  # type: ignore[assignment]  # it is only ever read by bytes()
        if len(waiting) > HIGH_WATER:
            self.flow.pause_reading()
        cycle.message_event.set()

    def on_message_complete(self) -> None:
        """Likewise its end."""
        if not self.transport.is_closing():
            super().on_message_complete()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - ours is a problem
        """What is not HTTP is refused like all else."""
        self._refuse(Code.FORM_BROKEN)

    def _refuse(self, code: Code) -> None:
        if self.transport.is_closing():
            return
        problem = Problem(code, {"reason": "unreadable"} if code is Code.FORM_BROKEN else {})
        body = json.dumps(problem.as_json(Messages(), "")).encode()
        head = f"content-type: {MEDIA_TYPE}\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
        # While an answer is under way another one would only garble it.
        if self.cycle is None or self.cycle.response_complete or not self.cycle.response_started:
            self.transport.write(STATUS_LINE[problem.status] + head.encode() + body)
        self.transport.close()

    def _start_timer(self) -> None:
        self._stop_timer()
        self._timer = self.loop.call_later(HEAD_TIMEOUT, self._head_timed_out)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _head_timed_out(self) -> None:
        if self._in_head and not self.transport.is_closing():
            self.transport.close()
