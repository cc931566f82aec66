"""Who goes through the provider's pages: a real browser, and a plain HTTP client that follows links and fills forms.

As a program, `python -m tests.sign_in.browsers URL` is the plain one; PLAIN_BROWSER names it in $BROWSER.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from itertools import count
from threading import Thread
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
import requests

from callup_desktop.services.oidc.loopback import PATH

OpenPage = Callable[[str], None]
PLAIN_BROWSER = f"{shlex.quote(sys.executable)} -m tests.sign_in.browsers %s"
_SECONDS = 90.0
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
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
_FILL = """
(() => {
  const name = document.querySelector('[name=login]');
  if (name) { name.value = 'rep'; document.querySelector('[name=password]').value = 'any'; }
  const button = document.readyState === 'complete' && document.querySelector('form button[type=submit]');
  if (button && !window.pressed) { window.pressed = true; button.click(); }
  return [document.title, document.body ? document.body.innerText : '', location.href];
})()
"""


class _Forms(HTMLParser):
    """The first form of a page, and what it sends as it stands."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action: str | None = None
        self.fields: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "form" and self.action is None:
            self.action = named.get("action") or ""
        if tag == "input" and named.get("name"):
            self.fields[str(named["name"])] = named.get("value") or "any"


def browse(url: str, change: Callable[[str], str] = str) -> str:
    """The text of the last page: signs in wherever a form asks for it.

    `change` makes what is really asked of the address to which the provider sends the browser back, "" for nothing.
    """
    with requests.Session() as session:
        session.trust_env = False
        answer = session.get(url, timeout=_SECONDS, allow_redirects=False)
        while True:
            form = _Forms(answer.text)
            if place := answer.headers.get("Location"):
                place = urljoin(answer.url, place)
                place = change(place) if urlsplit(place).path == PATH else place
                if not place:
                    return ""
                answer = session.get(place, timeout=_SECONDS, allow_redirects=False)
            elif form.action is not None:
                place = urljoin(answer.url, form.action)
                answer = session.post(place, data=form.fields, timeout=_SECONDS, allow_redirects=False)
            else:
                return answer.text


@contextmanager
def plain_browser(change: Callable[[str], str] = str) -> Iterator[tuple[OpenPage, list[str]]]:
    """Opens pages on a thread of its own, as a browser does; the last pages that were shown."""
    shown: list[str] = []
    threads: list[Thread] = []

    def open_page(url: str) -> None:
        threads.append(Thread(target=lambda: shown.append(browse(url, change))))
        threads[-1].start()

    yield open_page, shown
    for thread in threads:
        thread.join(_SECONDS)


class Chromium:
    """A headless Chromium, spoken to by the DevTools protocol over two pipes."""

    def __init__(self, profile: str) -> None:
        program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        if program is None:
            pytest.skip("no Chromium on this computer, so no real browser signs in; the plain client still does")
        to_browser, self._to = os.pipe()
        self._from, from_browser = os.pipe()
        pipes = [str(to_browser), str(from_browser)]
        self._process = subprocess.Popen(
            [sys.executable, "-c", _WITH_PIPES, *pipes, program, *_FLAGS, f"--user-data-dir={profile}", "about:blank"],
            pass_fds=(to_browser, from_browser),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_browser)
        os.close(from_browser)
        self._numbers = count(1)
        self._read = os.fdopen(self._from, "rb", buffering=0)
        self._rest = b""

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._to)
        self._read.close()

    def ask(self, method: str, session: str | None = None, **params: Any) -> Any:
        """What it answers."""
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": params, **({"sessionId": session} if session else {})}
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == number:
                return answer.get("result", {})

    def _next(self) -> Any:
        while b"\0" not in self._rest:
            piece = self._read.read(65536)
            assert piece, "Chromium has ended"
            self._rest += piece
        message, _, self._rest = self._rest.partition(b"\0")
        return json.loads(message)

    def sign_in(self, url: str) -> str:
        """The text of the page on this computer to which signing in leads."""
        target = self.ask("Target.createTarget", url=url)["targetId"]
        session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        until = time.monotonic() + _SECONDS
        while time.monotonic() < until:
            found = self.ask("Runtime.evaluate", session, expression=_FILL, returnByValue=True)
            title, text, place = found.get("result", {}).get("value") or ("", "", "")
            if re.match(r"http://127\.0\.0\.1:\d+/callup/", place) and title and text:
                return str(text)
            time.sleep(0.05)
        raise AssertionError(f"the browser is still at {place}: {text}")


@contextmanager
def chromium() -> Iterator[tuple[OpenPage, list[str]]]:
    """As `plain_browser`, by a real one."""
    shown: list[str] = []
    threads: list[Thread] = []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = Chromium(profile)
        try:

            def open_page(url: str) -> None:
                threads.append(Thread(target=lambda: shown.append(browser.sign_in(url))))
                threads[-1].start()

            yield open_page, shown
            for thread in threads:
                thread.join(_SECONDS)
        finally:
            browser.close()


BROWSERS = {"a plain client": plain_browser, "Chromium": chromium}


if __name__ == "__main__":
    browse(sys.argv[1])
