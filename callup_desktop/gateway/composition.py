"""Makes one worker's application of the environment alone: the factory that every uvicorn worker calls."""

import logging
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack, asynccontextmanager
from functools import partial
from typing import Any

from fastapi import FastAPI

from callup_desktop.choice import environment_secrets, take_secrets
from callup_desktop.config.policy import read_policy
from callup_desktop.config.profile import Profile, load_profile
from callup_desktop.engine.ports import Log
from callup_desktop.gateway.gateway import Gateway
from callup_desktop.gateway.heap import keep_heap_small
from callup_desktop.gateway.http import build_app
from callup_desktop.gateway.settings import GatewaySettings
from callup_desktop.logs import open_stream_log
from callup_desktop.services.secrets import Vault, known_secrets, open_secrets
from callup_desktop.uncaught import UncaughtErrors

METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""Where the workers of one port put their metrics together; prometheus-client's own variable."""
_SERVER_LOGGERS = ("uvicorn.error", "asyncio")
_SAID_AGAIN_AFTER = 1.0
"""Seconds; the event loop says thousands of times a second that no more connections can be accepted."""


def operated_profile(settings: GatewaySettings) -> Profile:
    """The profile that the operator named, with the keys that IT set; raises ProfileError and ManagedFileError."""
    return load_profile(settings.profile, read_policy().profile_values())


def create_app() -> FastAPI:
    """The application of this process; raises what reading settings, profile and tokens does."""
    keep_heap_small()
    environ = take_secrets(os.environ)
    with ExitStack() as stack:
        uncaught = stack.enter_context(UncaughtErrors(partial(environment_secrets, environ)).told())
        app = _app_of(environ, uncaught, stack)
        inner, opened = app.router.lifespan_context, stack.pop_all()

        @asynccontextmanager
        async def lifespan(app: FastAPI) -> AsyncIterator[Any]:
            with opened:
                async with inner(app) as state:
                    yield state

        app.router.lifespan_context = lifespan
        return app


def _app_of(environ: Mapping[str, str], uncaught: UncaughtErrors, stack: ExitStack) -> FastAPI:
    """The application; its log is open until the stack is closed."""
    settings = GatewaySettings()  # type: ignore[call-arg]  # what has no default is in the environment
    profile = operated_profile(settings)
    vault = Vault(profile.identity)
    secrets = open_secrets(profile, settings.profile, vault=vault, environ=environ)
    known = known_secrets(vault, secrets, environ)
    uncaught.hide(known)
    log = stack.enter_context(open_stream_log(sys.stderr, known))
    hear_server(log)
    return build_app(Gateway(settings, profile, secrets, log), multiprocess=METRICS_FOLDER in os.environ)


class _ServerLines(logging.Handler):
    """What uvicorn and its event loop have to say, as lines of our log."""

    def __init__(self, log: Log) -> None:
        super().__init__(logging.WARNING)
        self._log = log
        self._said = ""
        self._said_at = 0.0

    def emit(self, record: logging.LogRecord) -> None:
        """One line, unless it was said just now."""
        message = record.getMessage()
        if message == self._said and record.created - self._said_at < _SAID_AGAIN_AFTER:
            return
        self._said, self._said_at = message, record.created
        error = record.exc_info[1] if record.exc_info else None
        self._log.warning("server", message=message, error_type=type(error).__name__ if error else None)


def hear_server(log: Log) -> None:
    """Let uvicorn and its event loop write into this log, and nowhere else."""
    lines = _ServerLines(log)
    for name in _SERVER_LOGGERS:
        logger = logging.getLogger(name)
        logger.handlers = [lines]
        logger.propagate = False
