"""The log: JSON lines, in rotating files or on a stream, secrets masked as they are written. Any thread."""

import json
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TextIO

from callup_desktop.engine.ports import Log
from callup_desktop.redaction import MASK, forms_of, without

FILE_NAME = "callup.log"
_LARGEST = 5 * 1024 * 1024
_KEPT = 5
_SECRET_KEY = re.compile(r"secret|password|token|authorization|credential|signature", re.IGNORECASE)


@contextmanager
def open_log(folder: Path, secrets: Callable[[], tuple[str, ...]] = tuple) -> Iterator[Log]:
    """A log into the folder until the context ends; `secrets` are asked for at each line, so later ones are masked too.

    A disk that takes no more lines never stops the program.
    """
    file = _QuietFile(folder / FILE_NAME, maxBytes=_LARGEST, backupCount=_KEPT, encoding="utf-8", delay=True)
    with _log_to(file, f"callup.{folder}", secrets) as log:
        yield log


@contextmanager
def open_stream_log(stream: TextIO, secrets: Callable[[], tuple[str, ...]] = tuple) -> Iterator[Log]:
    """The same lines onto a stream, as containers keep them."""
    with _log_to(logging.StreamHandler(stream), "callup.stream", secrets) as log:
        yield log


@contextmanager
def _log_to(handler: logging.Handler, name: str, secrets: Callable[[], tuple[str, ...]]) -> Iterator[Log]:
    sink = logging.getLogger(name)
    sink.setLevel(logging.INFO)
    sink.propagate = False
    handler.setFormatter(logging.Formatter("%(message)s"))
    sink.addHandler(handler)
    try:
        yield _JsonLines(sink, secrets)
    finally:
        sink.removeHandler(handler)
        handler.close()


class _JsonLines:
    """Implements `engine.ports.Log`: the facts of an entry, what happened, how grave it is and when, as one line."""

    def __init__(self, sink: logging.Logger, secrets: Callable[[], tuple[str, ...]]) -> None:
        self._sink = sink
        self._secrets = secrets
        self._known: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
        """The secrets of the last line, and their forms: to write them in every way costs more than a line does."""

    def info(self, event: str, **facts: object) -> None:
        """See Log."""
        self._write(logging.INFO, event, facts)

    def warning(self, event: str, **facts: object) -> None:
        """See Log."""
        self._write(logging.WARNING, event, facts)

    def error(self, event: str, **facts: object) -> None:
        """See Log."""
        self._write(logging.ERROR, event, facts)

    def _write(self, level: int, event: str, facts: Mapping[str, object]) -> None:
        moment = datetime.now(UTC).isoformat().replace("+00:00", "Z")
        forms = self._forms_now()
        masked = {key: _masked(key, value, forms) for key, value in {**facts, "event": event}.items()}
        told = {**masked, "level": logging.getLevelName(level).lower(), "timestamp": moment}
        self._sink.log(level, "%s", json.dumps(told, default=str))

    def _forms_now(self) -> tuple[str, ...]:
        secrets, (before, forms) = self._secrets(), self._known
        if secrets != before:
            forms = forms_of(secrets)
            self._known = (secrets, forms)
        return forms


class _QuietFile(RotatingFileHandler):
    """Loses a line rather than the program when the disk is full or the file is held.

    Its lines are ASCII.
    """

    def shouldRollover(self, record: logging.LogRecord) -> bool:  # noqa: N802 - the stdlib's name
        """Whether the line would make the file too large; the stdlib asks the file system three times a line."""
        if self.stream is None:
            self.stream = self._open()
        return self.stream.tell() + len(self.format(record)) >= self.maxBytes

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the stdlib's name
        """Say nothing: there is nowhere left to say it."""


def _masked(key: str, value: object, forms: tuple[str, ...]) -> object:
    if _SECRET_KEY.search(key):
        return MASK
    match value:
        case str():
            return without(forms, value)
        case Mapping():
            return {str(name): _masked(str(name), held, forms) for name, held in value.items()}
        case list() | tuple():
            return [_masked("", held, forms) for held in value]
        case None | bool() | int() | float():
            return value
        case _:
            return without(forms, str(value))
