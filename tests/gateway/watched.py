"""A replica in which a call that blocks the event loop raises; a program of its own, because Qt's import hook blocks.

    python -m tests.gateway.watched PROFILE SHORT LONG

Its last line on stdout are the statuses that the gateway answered with; its log is on stderr.
"""

import asyncio
import json
import socket
import sys
import uuid
from pathlib import Path

import uvicorn
from blockbuster import BlockBuster

from callup_desktop.config.profile import load_profile
from callup_desktop.gateway.gateway import Gateway
from callup_desktop.gateway.http import build_app
from callup_desktop.gateway.openapi import DECLARED_EXAMPLE, PARTS_EXAMPLE
from callup_desktop.gateway.protocol import GuardedProtocol
from callup_desktop.gateway.settings import GatewaySettings
from callup_desktop.logs import open_stream_log
from callup_desktop.services.secrets import open_secrets
from tests.gateway.clients import FIELDS
from tests.gateway.raw import answer_on, form_of, head


def directly(path: str) -> list[bytes]:
    """A direct upload that is begun, gets a URL, is looked at, completed too early and taken back."""
    told = [json.dumps(example).encode() for example in (DECLARED_EXAMPLE, PARTS_EXAMPLE)]
    ways = [("PUT", "", told[0]), ("POST", "/parts", told[1]), ("GET", "", b"")]
    ways += [("POST", "/complete", b""), ("DELETE", "", b"")]
    return [
        f"{method} {path}{below} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
        for method, below, body in ways
    ]


def talk(port: int, short: Path, long: Path) -> list[int]:
    """Requests one after another, as a client in a thread of its own."""
    bodies = [form_of(short), form_of(long), form_of(short).replace(FIELDS["contact_email"].encode(), b"nobody")]
    asked = [head(len(body)) + body for body in bodies]
    looks = ("/api/v1/calls", "/health/ready", "/metrics")
    asked += [f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode() for path in looks]
    asked += directly(f"/api/v1/uploads/{uuid.uuid4()}")
    statuses = []
    for request in asked:
        with socket.create_connection(("127.0.0.1", port), timeout=60) as sock:
            sock.sendall(request)
            statuses.append(answer_on(sock).status)
    return statuses


async def serve(gateway: Gateway, short: Path, long: Path) -> list[int]:
    """What was answered while every blocking call was refused; before that all was done once, and so imported."""
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    options = {"log_config": None, "access_log": False, "lifespan": "on", "ws": "none"}
    server = uvicorn.Server(uvicorn.Config(build_app(gateway), http=GuardedProtocol, **options))  # type: ignore[arg-type]
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    await asyncio.to_thread(talk, port, short, long)
    watch = BlockBuster()
    watch.activate()
    try:
        return await asyncio.to_thread(talk, port, short, long)
    finally:
        watch.deactivate()
        server.should_exit = True
        await serving


def main(profile: Path, short: Path, long: Path) -> None:
    """Serve, ask, tell."""
    with open_stream_log(sys.stderr) as log:
        loaded = load_profile(profile)
        gateway = Gateway(
            GatewaySettings(profile=profile, relay_interval=0.1), loaded, open_secrets(loaded, profile), log
        )
        print(json.dumps(asyncio.run(serve(gateway, short, long))))  # noqa: T201


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:]))
