"""Runs the gateway's workers on one port until SIGTERM or Ctrl-C. Main thread."""

import os
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection, HTTPException

import uvicorn

from callup_desktop.engine.ports import Log
from callup_desktop.gateway.composition import METRICS_FOLDER, operated_profile
from callup_desktop.gateway.gateway import Gateway
from callup_desktop.gateway.protocol import GuardedProtocol
from callup_desktop.gateway.settings import GatewaySettings
from callup_desktop.gateway.supervisor import Workers
from callup_desktop.os_signals import stop_signal
from callup_desktop.services.secrets import open_secrets

if sys.platform != "win32":
    import resource

_FACTORY = "callup_desktop.gateway.composition:create_app"
_BACKLOG = 2048
KEEP_ALIVE = 75
"""Seconds; longer than a load balancer's 60, so that it is the one that ends an idle connection."""
_WORKER_TIMEOUT = 60
"""Seconds after which a worker that does not answer its supervisor is ended; a busy machine takes ten to start one."""
_POLL_INTERVAL = 0.05
_OPEN_FILES = 65_536
"""A connection is one; systems begin with 1,024 and allow far more to whoever asks."""
_ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - looked up, not listened on


def check(settings: GatewaySettings, environ: Mapping[str, str], log: Log) -> None:
    """Raise what a worker would raise at its start, so that it is said once and in words.

    That is ProfileError, OpenToAllError, OSError and ValueError.
    """
    profile = operated_profile(settings)
    Gateway(settings, profile, open_secrets(profile, settings.profile, environ=environ), log)


def serve(settings: GatewaySettings, environ: Mapping[str, str], ready: Callable[[str], None]) -> int:
    """Serve until stopped; the exit code. `ready` hears the address once it answers.

    `environ` is the environment as it was, with the secrets that no other child gets than a worker. Raises OSError
    where the address cannot be listened on.
    """
    allow_open_files()
    # uvicorn raises the signal that stopped it once more at its end; this process still has to end in good order.
    with _listening(settings) as listener, _environment(settings, environ), stop_signal():
        address = _address_of(listener)
        config = uvicorn.Config(
            _FACTORY,
            factory=True,
            workers=settings.workers,
            http=GuardedProtocol,
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            # What a client says of itself in X-Forwarded-For decides nothing here.
            proxy_headers=False,
            backlog=_BACKLOG,
            timeout_keep_alive=KEEP_ALIVE,
            timeout_graceful_shutdown=settings.shutdown_timeout,
            # Also what a new worker has to be ready within where SIGHUP replaces the old ones.
            timeout_worker_healthcheck=_WORKER_TIMEOUT,
        )
        threading.Thread(target=_tell_when_ready, args=(address, ready), daemon=True).start()
        server = uvicorn.Server(config)
        if settings.workers > 1:
            workers = Workers(config, sockets=[listener])
            workers.run()
            return int(workers.has_failed)
        server.run(sockets=[listener])
        return 0 if server.started else 1


def allow_open_files() -> None:
    """Let this process and its workers have as many connections as the system allows; Windows counts none."""
    if sys.platform != "win32":
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = _OPEN_FILES if hard == resource.RLIM_INFINITY else min(_OPEN_FILES, hard)
        if soft != resource.RLIM_INFINITY and soft < wanted:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


@contextmanager
def _listening(settings: GatewaySettings) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((settings.host, settings.port))
        listener.set_inheritable(True)
        yield listener


def _address_of(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    host = _ANYWHERE.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@contextmanager
def _environment(settings: GatewaySettings, environ: Mapping[str, str]) -> Iterator[None]:
    """Settings and secrets as every worker reads them, and a folder for metrics where there are several."""
    with ExitStack() as stack:
        added = {name: value for name, value in environ.items() if name not in os.environ} | settings.as_environment()
        if settings.workers > 1:
            added[METRICS_FOLDER] = stack.enter_context(tempfile.TemporaryDirectory(prefix="callup-metrics-"))
        before = {name: os.environ.get(name) for name in added}
        os.environ.update(added)
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value


def _tell_when_ready(address: str, ready: Callable[[str], None]) -> None:
    """Ask until the server answers; the process ends this thread with itself."""
    while True:
        connection = HTTPConnection(address.removeprefix("http://"), timeout=1)
        try:
            connection.request("GET", "/health/live")
            if connection.getresponse().status == 200:
                ready(address)
                return
        except (OSError, HTTPException):
            time.sleep(_POLL_INTERVAL)
        finally:
            connection.close()
