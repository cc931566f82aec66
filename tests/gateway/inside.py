"""A replica in a thread of the tests' own process: for what needs several of them, and none of them killed."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn

from callup_desktop.config.profile import load_profile
from callup_desktop.gateway.gateway import Gateway
from callup_desktop.gateway.http import build_app
from callup_desktop.gateway.protocol import GuardedProtocol
from callup_desktop.gateway.server import KEEP_ALIVE
from callup_desktop.gateway.settings import GatewaySettings
from callup_desktop.logs import open_stream_log
from callup_desktop.services.secrets import open_secrets
from tests.gateway.replica import eventually


@dataclass(frozen=True)
class Inside:
    """Where it answers, and what it logs."""

    address: str
    log: Path

    def lines(self, event: str) -> list[dict[str, Any]]:
        """What it logged of one kind."""
        told = (json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines())
        return [line for line in told if line["event"] == event]


@contextmanager
def replica_inside(profile: Path, log: Path, **settings: Any) -> Iterator[Inside]:
    """A replica that answers; `settings` by their names in GatewaySettings."""
    loaded = load_profile(profile)
    with log.open("w", encoding="utf-8") as lines, open_stream_log(lines) as told:
        gateway = Gateway(GatewaySettings(profile=profile, **settings), loaded, open_secrets(loaded, profile), told)
        options: dict[str, Any] = {"log_config": None, "access_log": False, "lifespan": "on", "ws": "none"}
        options["timeout_keep_alive"] = KEEP_ALIVE
        server = uvicorn.Server(uvicorn.Config(build_app(gateway), port=0, http=GuardedProtocol, **options))
        thread = threading.Thread(target=server.run)
        thread.start()
        try:
            eventually(lambda: server.started or not thread.is_alive(), "it answers")
            port = server.servers[0].sockets[0].getsockname()[1]
            yield Inside(f"http://127.0.0.1:{port}", log)
        finally:
            server.should_exit = True
            thread.join()
