"""Once its calls have arrived a console is gone, whatever libraries and servers would still like to wait for."""

import os
import subprocess
import sys
import threading
from pathlib import Path

from callup_desktop.choice import Choice
from callup_desktop.compose import Connection, EngineHost, connected
from callup_desktop.config.paths import home as home_of
from callup_desktop.engine.events import Event, Stopped
from callup_desktop.sandbox.embedded import Running
from callup_desktop.services.on_demand import ServicesOnDemand

_ENDED_WITHIN = 60
_HELD = """
import atexit, sys, threading
from callup_desktop.cli import main
atexit.register(threading.Event().wait)
threading.Thread(target=threading.Event().wait).start()
print("begun", flush=True)
sys.argv[1:] = {arguments!r}
main.program()
"""


def ended(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    """A console in which a library waits for ever: at its exit, and in a thread that holds the interpreter."""
    program = _HELD.format(arguments=list(map(str, arguments)))
    return subprocess.run(
        [sys.executable, "-c", program], env={**os.environ}, capture_output=True, text=True, timeout=_ENDED_WITHIN
    )


def test_no_library_holds_the_end_and_all_that_was_said_is_said(sandbox: Running) -> None:
    done = ended("list", "--profile", sandbox.profile)
    assert done.returncode == 0, done.stderr
    begun, *told = done.stdout.splitlines()
    assert begun == "begun"
    assert told[0].startswith("call id")


def test_an_exit_code_that_is_not_zero_reaches_the_shell(sandbox: Running) -> None:
    done = ended("send", "call.wav", "--profile", sandbox.profile)
    assert done.returncode == 1
    assert "call.wav" in done.stderr


class SlowGoodbye(ServicesOnDemand):
    """Services whose servers answer the last word of their drivers only after a long while."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection.profile, connection.secrets)
        self.asked, self.answered = threading.Event(), threading.Event()

    def reset(self) -> None:
        """Blocks as a driver does."""
        self.asked.set()
        self.answered.wait()


def test_a_server_that_does_not_answer_the_goodbye_holds_no_end(sandbox: Running) -> None:
    home, events = home_of(), list[Event]()
    home.make()
    with connected(Choice(sandbox.profile), home) as connection:
        services = SlowGoodbye(connection)
        with EngineHost(connection, home, report=events.append, services=services) as host:
            host.start()
        assert isinstance(events[-1], Stopped)
        assert services.asked.wait(_ENDED_WITHIN)
        assert not services.answered.is_set()
    services.answered.set()
