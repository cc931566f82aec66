"""A headless Chromium, spoken to by the DevTools protocol over two pipes; nothing but what Debian calls `chromium`."""

import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest

WITHIN = 90.0
"""Seconds after which a browser that does not answer has failed the test."""
_POLL_INTERVAL = 0.05
_FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"),
    "--remote-debugging-pipe",
)
_WITH_PIPES = """
import os, sys
ends = [os.dup2(int(end), 100 + number) for number, end in enumerate(sys.argv[1:3])]
for number, end in enumerate(ends):
    os.dup2(end, 3 + number)
os.execv(sys.argv[3], sys.argv[3:])
"""
"""Chromium hears on the descriptor 3 and speaks on 4."""


@dataclass
class Page:
    """One page of a browser. `complaints` are what the browser logged of it: violations of its policy, failed loads.

    `login` is what its user answers once `asks_user` was called, and a server wants a name and a password.
    """

    to: int
    reads: int
    session: str | None = None
    complaints: list[str] = field(default_factory=list)
    login: tuple[str, str] | None = None
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _rest: bytes = b""

    def ask(self, method: str, **params: Any) -> Any:
        """What the browser answers."""
        number = self._say(method, params)
        while (answer := self._next()).get("id") != number:
            self._heed(answer.get("method", ""), answer.get("params", {}))
        assert "error" not in answer, answer
        return answer["result"]

    def run(self, script: str) -> Any:
        """The value of a script in the page; scripts of a test are above the page's policy."""
        return self.ask("Runtime.evaluate", expression=script, returnByValue=True)["result"].get("value")

    def open(self, url: str) -> None:
        """Go there, and wait until it is loaded."""
        self.ask("Page.navigate", url=url)
        self.until("document.readyState === 'complete' && location.href !== 'about:blank'")

    def until(self, script: str) -> None:
        """Wait until the script is true; while a page gives way to the next one it is neither."""
        ends = time.monotonic() + WITHIN
        while time.monotonic() < ends:
            if self.run(script) is True:
                return
            time.sleep(_POLL_INTERVAL)
        raise AssertionError(f"never: {script}; {self.run('document.body.innerText')}")

    def asks_user(self) -> None:
        """Ask for a name and a password as a browser with a window does; one without fails instead."""
        self.ask("Fetch.enable", handleAuthRequests=True)

    def be(self, width: int, height: int, scheme: str = "light") -> None:
        """A window of this size on a system with this colour scheme."""
        narrow = width < 600
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=narrow)
        self.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def picture(self) -> str:
        """A PNG of the whole page, in base64."""
        return str(self.ask("Page.captureScreenshot", format="png", captureBeyondViewport=True)["data"])

    def _say(self, method: str, params: Mapping[str, Any]) -> int:
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        return number

    def _heed(self, event: str, told: Mapping[str, Any]) -> None:
        match event:
            case "Log.entryAdded":
                self.complaints.append(told["entry"]["text"])
            case "Fetch.requestPaused":
                self._say("Fetch.continueRequest", {"requestId": told["requestId"]})
            case "Fetch.authRequired":
                name, password = self.login or ("", "")
                given = {"response": "ProvideCredentials", "username": name, "password": password}
                answer = given if self.login else {"response": "CancelAuth"}
                self._say("Fetch.continueWithAuth", {"requestId": told["requestId"], "authChallengeResponse": answer})

    def _next(self) -> Any:
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self.reads], [], [], WITHIN)
            piece = os.read(self.reads, 65536) if ready else b""
            assert piece, "Chromium has ended, or says nothing"
            self._rest += piece
        message, _, self._rest = self._rest.partition(b"\0")
        return json.loads(message)


@contextmanager
def chromium() -> Iterator[Page]:
    """A page of a browser that knows nothing yet; skips the test where there is no browser."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("no Chromium on this computer (Debian: chromium); the page is only read by a parser")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        (hears, to), (reads, speaks) = os.pipe(), os.pipe()
        command = [program, *_FLAGS, f"--user-data-dir={folder}", "about:blank"]
        with subprocess.Popen(
            [sys.executable, "-c", _WITH_PIPES, str(hears), str(speaks), *command],
            pass_fds=(hears, speaks),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:
            os.close(hears)
            os.close(speaks)
            try:
                page = Page(to, reads)
                target = page.ask("Target.createTarget", url="about:blank")["targetId"]
                page.session = page.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
                for domain in ("Page", "Log"):
                    page.ask(f"{domain}.enable")
                yield page
            finally:
                process.kill()
                os.close(to)
                os.close(reads)
