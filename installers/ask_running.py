"""Asks the program that runs on a home, through its own door; also one in Wine, whose loopback is ours.

python -m installers.ask_running HOME send FILE          hands it a recording, named as its system does
python -m installers.ask_running HOME until started      waits until some of it is stored, and not all
python -m installers.ask_running HOME until done         waits until all calls have arrived
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

from callup_desktop.config.paths import Home
from callup_desktop.engine.job import State
from callup_desktop.instance.ipc import OwnerSilentError, send_request
from callup_desktop.instance.messages import CallStatus, Request

_TIMEOUT = 180.0
_POLL_INTERVAL = 0.2


def _is_started(row: CallStatus) -> bool:
    return 0 < row.stored < row.size and row.state == State.RUNNING


def _is_done(row: CallStatus) -> bool:
    return row.state == State.DONE


def wait(home: Home, rows_hold: Callable[[list[CallStatus]], bool]) -> list[CallStatus]:
    """The calls once they are as wished; raises SystemExit after some minutes."""
    until = time.monotonic() + _TIMEOUT
    rows: list[CallStatus] = []
    while time.monotonic() < until:
        try:
            rows = list(send_request(home, Request(verb="list")).calls)
        except OwnerSilentError:
            pass  # it is just starting
        else:
            if rows_hold(rows):
                return rows
        time.sleep(_POLL_INTERVAL)
    raise SystemExit(f"waited in vain: {rows}")


def main(folder: str, verb: str, what: str) -> None:
    """Ask; one line says how the calls stand."""
    base = Path(folder)
    home = Home(config=base, data=base, logs=base / "Logs")
    if verb == "send":
        details = {"company": "Acme Corp", "email": "john@acme.com", "call_type": "demo"}
        rows = list(send_request(home, Request.model_validate({"verb": "send", "files": (what,), **details})).calls)
    elif what == "started":
        rows = wait(home, lambda rows: any(map(_is_started, rows)))
    else:
        rows = wait(home, lambda rows: bool(rows) and all(map(_is_done, rows)))
    for row in rows:
        sys.stdout.write(f"{row.call_id} {row.state} {row.stored} of {row.size}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
