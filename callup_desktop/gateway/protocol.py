"""uvicorn's HTTP protocol with what it lacks: a bound on all that is no body, in bytes and in seconds. Event loop."""

import asyncio
from collections import Counter
from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from callup_desktop.engine.errors import Code
from callup_desktop.gateway.problems import MEDIA_TYPE, Problem
from callup_desktop.gateway.responses import REFUSALS, Refusals

LARGEST_HEAD = 64 * 1024
"""Bytes of a head, and those between two bytes of a body: trailers, extensions of chunks."""
HIGH_WATER = 256 * 1024
"""Bytes of a body that wait for whoever reads it before no more are taken from the socket; asyncio brings as many at a
time."""
HEAD_TIMEOUT = 30.0
"""Seconds from the first byte of a connection or a request to the end of its headers, and for what comes of a body
after the answer."""
_ONCE = frozenset({b"host", b"authorization", b"content-type", b"content-encoding", b"idempotency-key"})
_OF_UPGRADE = frozenset({b"upgrade", b"connection"})


class GuardedProtocol(HttpToolsProtocol):
    """One connection."""

    head_timeout = HEAD_TIMEOUT

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._head = 0
        """Bytes since the message began or its last body came."""
        self._in_head = True
        self._in_body = False
        self._had_body = False
        self._is_ending = False
        """The connection ends with the answer that is under way; nothing more is taken from it."""
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
        """Read on, and count what is no body."""
        if self._is_over:
            return
        self._unset_keepalive_if_required()
        self._had_body = False
        self._feed(data)
        if self._is_over:
            return
        if self._had_body:
            self._head = 0
        elif self._in_head or self._in_body:
            self._head += len(data)
            if self._head > LARGEST_HEAD:
                self._refuse(Code.HEADERS_TOO_LARGE)
        if self._timer is None and not self._is_answering:
            # Any byte ended uvicorn's own deadline of an idle connection.
            self._start_timer()

    def eof_received(self) -> bool:  # type: ignore[override]  # uvicorn's says nothing, which ends the connection
        """The client says no more; whether the connection stays for the answer to what it asked in whole."""
        if self.transport.is_closing() or not self._is_answering or self.cycle.more_body:
            return False
        self.cycle.keep_alive = False
        return True

    def on_message_begin(self) -> None:
        """A head begins."""
        super().on_message_begin()
        self._head, self._in_head, self._in_body = 0, True, False
        self._start_timer()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header; a trailer is none, for it comes after all that a head is checked for."""
        if self._in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """A head is complete; one that is too large is refused before anybody looks at it."""
        if self._is_over or self.parser.should_upgrade():
            return
        self._in_head, self._in_body = False, True
        self._stop_timer()
        if sum(len(name) + len(value) for name, value in self.headers) + len(self.url) > LARGEST_HEAD:
            self._refuse(Code.HEADERS_TOO_LARGE)
            return
        if not self._says_once():
            self._refuse(Code.FORM_BROKEN)
            return
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Keep the bytes for `receive`; those of a request that was refused or answered belong to nobody.

        uvicorn copies them into a bytearray and out of it again, and stops the socket after each piece.
        """
        cycle = self.cycle
        self._had_body = True
        if self._is_over or cycle.response_complete:
            return
        waiting = cycle.body + body if cycle.body else body
        cycle.body = waiting  # type: ignore[assignment]  # it is only ever read by bytes()
        if len(waiting) > HIGH_WATER:
            self.flow.pause_reading()
        cycle.message_event.set()

    def on_message_complete(self) -> None:
        """Likewise its end."""
        if self._is_over or self._in_head:
            return
        self._in_body = False
        super().on_message_complete()

    def _says_once(self) -> bool:
        """Whether it names one host, as RFC 9112 has it, and who asks for what once: a proxy may go by the other."""
        said = Counter(name for name, _value in self.headers if name in _ONCE)
        return max(said.values(), default=0) <= 1 and (b"host" in said or self.parser.get_http_version() == "1.0")

    @property
    def _is_over(self) -> bool:
        return self._is_ending or self.transport.is_closing()

    @property
    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _feed(self, data: bytes) -> None:
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as exc:
            self._feed_without_upgrade(data[exc.args[0] :])
        except httptools.HttpParserError:
            self.logger.warning("request is not HTTP")
            self._refuse(Code.FORM_BROKEN)

    def _feed_without_upgrade(self, rest: bytes) -> None:
        """Read the head once more without its offer of another protocol, which the parser takes as agreed.

        Java's client offers HTTP/2 to every server without TLS.
        """
        if (method := self.parser.get_method()) == b"CONNECT":
            self._refuse(Code.FORM_BROKEN)
            return
        first = b" ".join([method, self.url, f"HTTP/{self.parser.get_http_version()}".encode()])
        lines = [b": ".join(header) for header in self.headers if header[0] not in _OF_UPGRADE]
        self._feed(b"\r\n".join([first, *lines, b"", rest]))

    def _refuse(self, code: Code) -> None:
        if self._is_over:
            return
        cycle = self.cycle
        if self._is_answering and not cycle.more_body:
            # What comes after a whole request takes nothing from its answer.
            self._is_ending, cycle.keep_alive = True, False
            return
        problem = Problem(code, {"reason": "unreadable"} if code is Code.FORM_BROKEN else {})
        # While an answer is under way another one would only garble it.
        if not self._is_answering or not (cycle.response_started or self.pipeline):
            refusals: Refusals = self.app_state[REFUSALS]
            request_id, body = refusals.told(problem, self.headers or ())
            head = f"content-type: {MEDIA_TYPE}\r\ncontent-length: {len(body)}\r\nx-request-id: {request_id}\r\n"
            self.transport.write(STATUS_LINE[problem.status] + head.encode() + b"connection: close\r\n\r\n" + body)
        self.transport.close()

    def _start_timer(self) -> None:
        self._stop_timer()
        self._timer = self.loop.call_later(self.head_timeout, self._timed_out)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _timed_out(self) -> None:
        if self._is_over:
            return
        if self._is_answering:
            self._is_ending, self.cycle.keep_alive = True, False
        else:
            self.transport.close()
