"""Where the browser brings the answer of a sign-in: a page on this computer, for one request (RFC 8252). Any thread."""

import socket
import sys
import time
from collections.abc import Callable
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer, ThreadingMixIn
from threading import BoundedSemaphore, Event, Lock, Thread
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from callup_desktop.engine.ports import SignInPage

PATH = "/callup/signed-in"
"""What is registered with providers, behind `http://127.0.0.1`."""
_ADDRESS = "127.0.0.1"
_MOST_CONNECTIONS = 32
_SILENCE = 10.0
"""Seconds that a connection may say nothing; browsers open some ahead."""
_VERDICT_TIMEOUT = 90.0
"""Seconds that the page may wait for what it has to say."""
_LOOK_INTERVAL = 0.1
_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Connection": "close",
}
_PAGE = """<!doctype html><html><head><meta charset="utf-8"><title>CallUp Desktop</title>
<style>
:root {{ color-scheme: light dark }}
body {{ font: 1.1em sans-serif; margin: 15vh auto; max-width: 30em; text-align: center }}
</style></head><body><h1>{title}</h1><p>{text}</p></body></html>"""


class Receiver:
    """Listens on a port that nobody else can have, from the start to the end of the context.

    Only a page of the browser's own that `is_awaited` knows by its query is an answer, and only the first: whatever
    else asks gets nothing, learns nothing and ends nothing.
    """

    def __init__(self, is_awaited: Callable[[str], bool], port: int = 0) -> None:
        """`port` is any that is free for 0; raises OSError where it is not to be had."""
        self._is_awaited = is_awaited
        self._lock = Lock()
        self._query: str | None = None
        self._answered = Event()
        self._page: SignInPage | None = None
        self._told = Event()
        self._written = Event()
        self._server = _Server(self._handler(), port)
        self._thread = Thread(target=self._server.serve_forever, args=(_LOOK_INTERVAL,), name="sign-in", daemon=True)

    @property
    def address(self) -> str:
        """The redirect URI."""
        return f"http://{self._host}{PATH}"

    @property
    def _host(self) -> str:
        return f"{_ADDRESS}:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        """Listening."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """The port is closed; a page that waits for its verdict gets none."""
        self._told.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def wait(self, timeout: float, is_cancelled: Callable[[], bool]) -> str | None:
        """The query of the answer; None where it is cancelled, or does not come within `timeout` seconds."""
        until = time.monotonic() + timeout
        while not self._answered.wait(_LOOK_INTERVAL):
            if is_cancelled() or time.monotonic() > until:
                return None
        return self._query

    def show(self, page: SignInPage) -> None:
        """Answer the browser; returns when it has the page, or will not take it."""
        self._page = page
        self._told.set()
        self._written.wait(_SILENCE)

    def _take(self, query: str) -> bool:
        """Whether this is the one answer."""
        with self._lock:
            if self._query is not None or not self._is_awaited(query):
                return False
            self._query = query
        self._answered.set()
        return True

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            timeout = _SILENCE
            server_version = sys_version = ""

            def log_message(self, format: str, *args: Any) -> None:
                """Nothing: the address holds a code."""

            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                if not self._comes_from_a_page_of_its_own() or parts.path != PATH or not receiver._take(parts.query):
                    self.send_error(HTTPStatus.NOT_FOUND)
                    return
                try:
                    receiver._told.wait(_VERDICT_TIMEOUT)
                    if receiver._page is not None:
                        self._write(_written(receiver._page))
                finally:
                    receiver._written.set()

            def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002 - the base class's own
                """The status alone."""
                self.send_response_only(code)
                self.send_header("Content-Length", "0")
                self.send_header("Connection", "close")
                self.end_headers()
                self.close_connection = True

            def _comes_from_a_page_of_its_own(self) -> bool:
                """Whether a browser goes there itself: not a script, frame or picture, nor by another name."""
                headers = self.headers
                return (
                    headers.get_all("Host") == [receiver._host]
                    and "Origin" not in headers
                    and headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
                    and headers.get("Sec-Fetch-Dest", "document") == "document"
                )

            def _write(self, content: bytes) -> None:
                self.send_response_only(HTTPStatus.OK)
                for name, value in {**_HEADERS, "Content-Length": str(len(content))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)
                self.close_connection = True

        return Handler


def _written(page: SignInPage) -> bytes:
    return _PAGE.format(title=escape(page.title), text=escape(page.text)).encode()


class _Server(ThreadingMixIn, TCPServer):
    """A thread a connection, at most `_MOST_CONNECTIONS`."""

    daemon_threads = True
    block_on_close = False
    # Else a port could not be had again for a minute after a sign-in; nobody can share it so, but on Windows.
    allow_reuse_address = sys.platform != "win32"
    request_queue_size = _MOST_CONNECTIONS

    def __init__(self, handler: type[BaseHTTPRequestHandler], port: int) -> None:
        self._room = BoundedSemaphore(_MOST_CONNECTIONS)
        super().__init__((_ADDRESS, port), handler)

    def server_bind(self) -> None:
        """Windows lets others share a port unless it is told not to."""
        if sys.platform == "win32":
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        super().server_bind()

    def verify_request(self, request: Any, client_address: Any) -> bool:  # noqa: ARG002 - the base class's own
        """Whether there is room for one more."""
        return self._room.acquire(blocking=False)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve one connection."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._room.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: a browser that leaves is no news, and stderr is the rep's."""
