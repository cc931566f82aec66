"""The log: JSON lines, in rotating files or on a stream, secrets masked as they are written. Any thread."""

import logging
import re
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any, TextIO, cast

import structlog

from callup_desktop.engine.ports import Log

FILE_NAME = "callup.log"
_LARGEST = 5 * 1024 * 1024
_KEPT = 5
_SECRET_KEY = re.compile(r"secret|password|token|authorization|credential|signature", re.IGNORECASE)
_SECRET_TEXT = (
    re.compile(r"(?P<lead>mongodb(?:\+srv)?://[^:@/\s]+:)[^@\s]+(?=@)"),
    re.compile(r"(?P<lead>(?:Signature|X-Amz-Signature|X-Amz-Security-Token|X-Amz-Credential)=)[^\s&,'\"]+"),
    re.compile(
        r"(?P<lead>(?:Authorization|x-amz-security-token)['\"]?\s*[:=]\s*['\"]?)[^\s'\"]+[^'\"\n]*", re.IGNORECASE
    ),
    re.compile(r"(?P<lead>\b)(?:AKIA|ASIA)[A-Z0-9]{12,}"),
)
_MASK = "***"


def redacted(text: str, secrets: tuple[str, ...] = ()) -> str:
    """The text without anything that looks like a secret, and without the given secrets."""
    for secret in secrets:
        text = text.replace(secret, _MASK)
    for pattern in _SECRET_TEXT:
        text = pattern.sub(lambda match: match["lead"] + _MASK, text)
    return text


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

    def mask(_logger: object, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        return {key: _masked(key, value, secrets()) for key, value in entry.items()}

    wrapped = structlog.wrap_logger(
        sink,
        processors=[
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            mask,
            structlog.processors.JSONRenderer(default=str),
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    try:
        yield cast("Log", wrapped)
    finally:
        sink.removeHandler(handler)
        handler.close()


class _QuietFile(RotatingFileHandler):
    """Loses a line rather than the program when the disk is full or the file is held."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the stdlib's name
        """Say nothing: there is nowhere left to say it."""


def _masked(key: str, value: object, secrets: tuple[str, ...]) -> object:
    if _SECRET_KEY.search(key):
        return _MASK
    return redacted(value, secrets) if isinstance(value, str) else value
