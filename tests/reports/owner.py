"""A process that owns a home and keeps nothing: it takes every request, and tells of no call.

`python -m tests.reports.owner HOME [PROTOCOL]`; a request to quit ends it, each other one is a line on stdout.
"""

import os
import sys
import threading
from pathlib import Path

from callup_desktop.config.paths import Home
from callup_desktop.instance.handshake import Peer
from callup_desktop.instance.ipc import IpcServer
from callup_desktop.instance.lock import InstanceLock
from callup_desktop.instance.messages import PROTOCOL, Reply, Request


def own(home: Home, protocol: int) -> None:
    """Until somebody asks to quit."""
    lock, ended = InstanceLock(home), threading.Event()
    assert lock.take()

    def answer(request: Request) -> Reply:
        os.write(1, f"{request.verb}\n".encode())
        if request.verb == "quit":
            ended.set()
        return Reply()

    with IpcServer(home, Peer(protocol, "99.0")) as server, server.serving(lambda: answer):
        os.write(1, b"ready\n")
        ended.wait()
    lock.give_up()


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    own(Home(folder, folder, folder / "logs"), int(sys.argv[2]) if len(sys.argv) > 2 else PROTOCOL)
