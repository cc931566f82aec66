"""The disk fills up while a recording is sent, and nobody says so.

Uploaders stood still, or ended, and it took minutes until anybody was told; what had arrived was sent once more, or was
forgotten. The person is told at once, everything is kept, and the program goes on by itself once there is room.
"""

import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Timer

import pytest

from callup_desktop.sandbox.embedded import Running
from tests.cli.console import DETAILS, Callup, profile_with
from tests.reports.small_store import SmallStore, serving

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits another process")

WITHIN = 60
"""Seconds after which a process is ended that should have said something."""
SENTENCE = "This computer is almost out of space. Free 200 MB so we can keep track of your uploads."


class HeldStore(SmallStore):
    """Answers the upload only once it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.asked_for, self.released = Event(), Event()
        self.refusals.append(self._hold)

    def _hold(self, method: str, _headers: dict[str, str]) -> None:
        if method == "PUT":
            self.asked_for.set()
            self.released.wait(WITHIN)


@pytest.fixture
def store() -> Iterator[HeldStore]:
    with serving(HeldStore()) as made:
        assert isinstance(made, HeldStore)
        yield made
        made.released.set()


@pytest.mark.parametrize("as_json", [False, True])
def test_the_person_is_told_at_once_and_the_call_goes_on_once_there_is_room(
    store: HeldStore, sandbox: Running, tmp_path: Path, short: Path, *, as_json: bool
) -> None:
    callup = Callup(tmp_path / "home", profile_with(tmp_path / "profile", sandbox, endpoint=store.endpoint))
    options = ("--json",) if as_json else ()
    console = callup.start("send", short, *DETAILS, *options, "--patience", str(10 * WITHIN))
    watchdog = Timer(WITHIN, console.kill)
    watchdog.start()
    assert store.asked_for.wait(WITHIN)
    before = resource.prlimit(console.pid, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
    store.released.set()

    said = next(line for line in _lines(console) if line == SENTENCE)
    resource.prlimit(console.pid, resource.RLIMIT_FSIZE, before)
    out, err = console.communicate(timeout=WITHIN)
    watchdog.cancel()

    assert said
    assert (console.returncode, err) == (0, "")
    assert out.count("call_id") == 1
    assert list(store.objects.values()) == [short.read_bytes()]
    assert len([method for method, _headers in store.asked if method == "PUT"]) == 1


def _lines(console: "subprocess.Popen[str]") -> Iterator[str]:
    assert console.stderr is not None
    return (line.rstrip("\n") for line in console.stderr)
