"""`callup sign-in` and `callup sign-out`: for a profile whose gateway wants to know who sends. Main thread."""

import argparse
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from callup_desktop.choice import Choice, ExitCode
from callup_desktop.cli.output import Printer
from callup_desktop.compose import connected
from callup_desktop.config.paths import Home
from callup_desktop.engine.pool import daemon_thread
from callup_desktop.engine.ports import SignInOutcome, SignInResult
from callup_desktop.instance.client import make_home
from callup_desktop.os_signals import stop_signal
from callup_desktop.presentation.sign_in import SignInWriter
from callup_desktop.services.sign_in import SignInService, sign_in_of


def sign_in(_options: argparse.Namespace, choice: Choice, printer: Printer, here: Home) -> int:
    """Open the browser, print where it goes, and wait for its answer; the exit code. Raises StartError."""
    words = SignInWriter(printer.messages)

    def open_page(url: str) -> None:
        if printer.as_json:
            printer.values({"url": url})
        else:
            printer.say(words.open_by_hand(url))
        # A browser of the terminal's own ends only after it has shown how this ended.
        daemon_thread("browser", lambda: _open(url))

    with _service(choice, here) as service:
        if service is None:
            printer.say(words.no_issuer())
            return ExitCode.FAILED
        with stop_signal() as stopped:
            result = service.sign_in(open_page, words.pages(), stopped.is_set)
        # What lives as long as this run is of no use to the next.
        return _told(result, words, printer, well=result.outcome is SignInOutcome.SIGNED_IN)


def sign_out(_options: argparse.Namespace, choice: Choice, printer: Printer, here: Home) -> int:
    """Forget who signed in; the exit code says whether the provider was told. Raises StartError."""
    words = SignInWriter(printer.messages)
    with _service(choice, here) as service:
        if service is None:
            printer.say(words.no_issuer())
            return ExitCode.FAILED
        result = service.sign_out()
        return _told(result, words, printer, well=result.outcome is SignInOutcome.SIGNED_OUT)


def _open(url: str) -> None:
    """Open it, if there is a browser."""
    with suppress(webbrowser.Error, OSError):
        webbrowser.open(url)


@contextmanager
def _service(choice: Choice, here: Home) -> Iterator[SignInService | None]:
    make_home(here)
    with connected(choice, here) as connection:
        yield sign_in_of(connection.secrets, connection.redact)


def _told(result: SignInResult, words: SignInWriter, printer: Printer, *, well: bool) -> int:
    sentence = words.ended(result)
    if printer.as_json:
        told = {"outcome": result.outcome, "code": result.code, "message": sentence}
        printer.values({**told, "detail": result.detail} if result.detail else told)
    else:
        printer.say("\n".join(filter(None, (sentence, result.detail))))
    return ExitCode.OK if well else ExitCode.FAILED
