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
from urllib.parse import quote

from callup_desktop.engine.ports import Log

FILE_NAME = "callup.log"
_LARGEST = 5 * 1024 * 1024
_KEPT = 5
_SECRET_KEY = re.compile(r"secret|password|token|authorization|credential|signature", re.IGNORECASE)
_SECRET_TEXT = (
    # The longest run up to the last @: a password in a URL that no parser takes may hold anything.
    re.compile(r"(?P<lead>\b[a-zA-Z][a-zA-Z0-9+.-]*://[^:@/\s'\"]*:)[^\s'\"]+(?=@)"),
    re.compile(r"(?P<lead>\b[a-zA-Z]*[pP]assword=)[^\s&,;'\"]+"),
    re.compile(r"(?P<lead>(?:Signature|X-Amz-Signature|X-Amz-Security-Token|X-Amz-Credential)=)[^\s&,'\"]+"),
    re.compile(
        r"(?P<lead>(?:Authorization|x-amz-security-token)['\"]?\s*[:=]\s*['\"]?)[^\s'\"]+[^'\"\n]*", re.IGNORECASE
    ),
    re.compile(r"(?P<lead>\b)(?:AKIA|ASIA)[A-Z0-9]{12,}"),
    # Tokens of OpenID Connect: a JWT wherever it stands, and what forms and addresses of a sign-in hold.
    re.compile(r"(?P<lead>\b)eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*"),
    re.compile(
        r"(?P<lead>\b(?:access_token|refresh_token|id_token|code_verifier)['\"]?\s*[=:]\s*['\"]?|[?&](?:code|state)=)"
        r"[^\s&,;'\"]+"
    ),
)
_MASK = "***"
_SHORTEST_SECRET = 4


def redacted(text: str, secrets: tuple[str, ...] = ()) -> str:
    """The text without anything that looks like a secret, and without the given secrets, however they are written."""
    return _without(_forms(secrets), text)


def _without(forms: tuple[str, ...], text: str) -> str:
    for form in forms:
        text = text.replace(form, _MASK)
    for pattern in _SECRET_TEXT:
        text = pattern.sub(lambda match: match["lead"] + _MASK, text)
    return text


def _forms(secrets: tuple[str, ...]) -> tuple[str, ...]:
    """The secrets however they are written, longest first."""
    return tuple(sorted({form for secret in secrets for form in _forms_of(secret)}, key=len, reverse=True))


def _forms_of(secret: str) -> tuple[str, ...]:
    """A secret as it may stand in a text: as it is, in a URL, in a repr, in JSON. One letter is no secret."""
    if len(secret) < _SHORTEST_SECRET:
        return ()
    return secret, quote(secret), quote(secret, safe=""), repr(secret)[1:-1], json.dumps(secret)[1:-1]


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
            forms = _forms(secrets)
            self._known = (secrets, forms)
        return forms


class _QuietFile(RotatingFileHandler):
    """Loses a line rather than the program when the disk is full or the file is held."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the stdlib's name
        """Say nothing: there is nowhere left to say it."""


def _masked(key: str, value: object, forms: tuple[str, ...]) -> object:
    if _SECRET_KEY.search(key):
        return _MASK
    match value:
        case str():
            return _without(forms, value)
        case Mapping():
            return {str(name): _masked(str(name), held, forms) for name, held in value.items()}
        case list() | tuple():
            return [_masked("", held, forms) for held in value]
        case None | bool() | int() | float():
            return value
        case _:
            return _without(forms, str(value))
