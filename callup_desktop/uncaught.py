"""Errors that nobody caught are told without secrets: Python writes them out as they are. Any thread.

Of any thread, and of what is thrown away; also warnings, and what libraries log while nobody listens.
"""

import logging
import sys
import threading
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Self, TextIO

from callup_desktop.redaction import redacted
from callup_desktop.standard_streams import Output, write_lines

_FAILED = 1
_INTERRUPTED = 130


class UncaughtErrors:
    """Tells them on stderr, in lines on which no terminal acts."""

    def __init__(self, secrets: Callable[[], tuple[str, ...]] = tuple) -> None:
        """`secrets` are asked for at each error."""
        self._secrets = [secrets]
        self._listeners: list[Callable[[str], None]] = []

    def hide(self, secrets: Callable[[], tuple[str, ...]]) -> None:
        """Tell nothing of these either, until the process ends."""
        self._secrets.append(secrets)

    @contextmanager
    def told_too(self, listener: Callable[[str], None]) -> Iterator[None]:
        """Tell the listener what stderr is told, while the context lasts."""
        self._listeners.append(listener)
        try:
            yield
        finally:
            self._listeners.remove(listener)

    @contextmanager
    def told(self) -> Iterator[Self]:
        """Tell them while the context lasts; one that would leave it ends it with SystemExit."""
        before = sys.excepthook, threading.excepthook, sys.unraisablehook, logging.lastResort, warnings.showwarning
        sys.excepthook, threading.excepthook, sys.unraisablehook = self._on_error, self._on_thread, self._on_unraisable
        logging.lastResort, warnings.showwarning = _Unheard(self._tell), self._on_warning
        try:
            yield self
        except Exception as exc:
            self._on_error(type(exc), exc, exc.__traceback__)
            raise SystemExit(_FAILED) from exc
        except KeyboardInterrupt as exc:
            raise SystemExit(_INTERRUPTED) from exc
        finally:
            sys.excepthook, threading.excepthook, sys.unraisablehook = before[:3]
            logging.lastResort, warnings.showwarning = before[3:]

    def _on_error(self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            self._tell("".join(traceback.format_exception(kind, error, trace)))
        except Exception as exc:  # noqa: BLE001 - of a hook that fails, Python prints the first error as it is
            with suppress(Exception):
                Output(sys.stderr).write(f"{kind.__name__}, which cannot be told: {type(exc).__name__}\n")

    def _on_thread(self, failed: threading.ExceptHookArgs) -> None:
        if failed.exc_type is not SystemExit:
            self._on_error(failed.exc_type, failed.exc_value, failed.exc_traceback)

    def _on_unraisable(self, failed: "sys.UnraisableHookArgs") -> None:
        self._on_error(failed.exc_type, failed.exc_value, failed.exc_traceback)

    def _on_warning(
        self,
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,  # noqa: ARG002 - as Python calls it
        line: str | None = None,
    ) -> None:
        self._tell(warnings.formatwarning(message, category, filename, lineno, line))

    def _tell(self, text: str) -> None:
        told = redacted(text, tuple(secret for known in self._secrets for secret in known()))
        write_lines((told,), sys.stderr)
        for listener in tuple(self._listeners):
            with suppress(OSError, ValueError):
                listener(told)


class _Unheard(logging.Handler):
    """In place of the handler by which Python prints what no handler takes."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        super().__init__(logging.WARNING)
        self._tell = tell

    def emit(self, record: logging.LogRecord) -> None:
        """Tell it, with its error."""
        self._tell(self.format(record))

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the stdlib's name
        """Say nothing: Python would print the record with all that is in it."""
