"""Starts the real console in a process of its own within milliseconds: forks one that has imported everything already.

A request is a line of JSON on stdin, `{"argv", "home", "said"}`; answers on stdout are `{"pid"}` for each request in
turn, and `{"ended", "code"}` for each process that is gone (negative: the signal that ended it). One thread.
"""

import gc
import json
import os
import select
import sys
from functools import cache
from typing import Any

from botocore.loaders import JSONFileLoader

from callup_desktop.cli import arguments, edits, listing, run, send
from callup_desktop.cli import main as cli
from callup_desktop.recordings import probe
from callup_desktop.services import mongo, sqs
from callup_desktop.services.aws_session import isolated_session
from callup_desktop.services.gateway import calls, store
from callup_desktop.services.s3 import store as s3

_POLL_INTERVAL = 0.01
_IMPORTED = (arguments, calls, cli, edits, listing, mongo, probe, run, s3, send, sqs, store)
"""What a console takes most of its start to import."""


def warm_up() -> None:
    """Read what botocore reads once a client is made, so that the children have it; nothing is asked of anybody."""
    known = cache(JSONFileLoader().load_file)

    def load_file(self: JSONFileLoader, file_path: str) -> Any:  # noqa: ARG001 - botocore's own
        return known(file_path)

    JSONFileLoader.load_file = load_file  # type: ignore[method-assign]  # each process would read them again
    session = isolated_session("key", "secret", region="us-east-1")
    for service in ("s3", "sqs"):
        session.create_client(service).close()
    gc.collect()
    gc.freeze()


def serve() -> None:
    """Until stdin ends."""
    warm_up()
    waiting = b""
    alive: set[int] = set()
    while True:
        if select.select([sys.stdin], [], [], _POLL_INTERVAL)[0]:
            data = os.read(sys.stdin.fileno(), 65536)
            if not data:
                return
            *lines, waiting = (waiting + data).split(b"\n")
            for line in lines:
                alive.add(_start(json.loads(line)))
        for pid in tuple(alive):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                alive.discard(pid)
                _say(ended=pid, code=os.waitstatus_to_exitcode(status))


def _start(request: dict[str, Any]) -> int:
    pid = os.fork()
    if pid:
        _say(pid=pid)
        return pid
    said = os.open(request["said"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(said, 1)
    os.dup2(said, 2)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ["CALLUP_HOME"] = request["home"]
    code = 70
    try:
        code = cli.main(request["argv"])
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _say(**facts: int) -> None:
    os.write(1, json.dumps(facts).encode() + b"\n")


if __name__ == "__main__":
    serve()
