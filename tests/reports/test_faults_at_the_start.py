"""With a full disk, a folder of somebody else or a program that hung: nothing came up, a traceback, or wrong advice.

The window ended without a word; the console waited half a minute and then asked to close other programs, of which there
were none. A stopped program held up every list, every file and the installer.
"""

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from callup_desktop.sandbox.embedded import Running
from tests.cli.console import DETAILS, Answer, profile_with, start_window, until, wav
from tests.ui.test_start_error import display

__all__ = ["display"]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="rights and limits of POSIX")

WITHIN = 20
"""Seconds in which a process has to end that has nothing to wait for; less than any time-out of the first release."""
ROOT = Path(__file__).parents[2]
STRANGER = 65534
AS_ROOT = os.geteuid() == 0
WITHOUT_RIGHTS = ("/usr/bin/setpriv", "--bounding-set=-all", "--inh-caps=-all") if AS_ROOT else ()
"""Root that may do no more than anybody else: its folders are its own, those of others are not."""
CONFIG = 78
FRONT_ENDS = ("list", "send", "window")

HOLDER = """
import fcntl, sys
lock = open(sys.argv[1])
fcntl.flock(lock, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
"""

posix_root = pytest.mark.skipif(not AS_ROOT, reason="only root can make files of another user")


@dataclass(frozen=True)
class Person:
    """Somebody without special rights, with a folder of their own."""

    folder: Path
    profile: Path

    @property
    def home(self) -> Path:
        return self.folder / "home"

    def run(self, front_end: str, *, preexec: Callable[[], None] | None = None) -> Answer:
        """One run of a front end; what it said."""
        commands = {
            "list": ["-m", "callup_desktop.cli.main", "list", "--json"],
            "send": ["-m", "callup_desktop.cli.main", "send", str(self.folder / "call.wav"), *DETAILS, "--json"],
            "window": ["-m", "callup_desktop.app"],
        }
        environ = {**os.environ, "CALLUP_HOME": str(self.home), "QT_QPA_PLATFORM": "offscreen"}
        done = subprocess.run(
            [*WITHOUT_RIGHTS, sys.executable, *commands[front_end], "--profile", str(self.profile)],
            env={**environ, "PYTHONDONTWRITEBYTECODE": "1"},
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=WITHIN,
            preexec_fn=preexec,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Answer(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def person(sandbox: Running, tmp_path: Path) -> Person:
    made = Person(tmp_path, profile_with(tmp_path / "profile", sandbox))
    wav(tmp_path / "call.wav")
    made.home.mkdir()
    return made


def give_away(path: Path) -> None:
    """It is a file of another user, who lets nobody in."""
    path.touch()
    path.chmod(0o600)
    os.chown(path, STRANGER, STRANGER)


def no_space() -> None:
    """In the child: not one byte can be written to a file."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def told(answer: Answer, front_end: str) -> tuple[str, str]:
    """The code, "" for the window, and the sentence."""
    assert answer.code == CONFIG, answer
    if front_end == "window":
        return "", answer.err.splitlines()[-1]
    (line,) = answer.values
    return line["error"]["code"], line["error"]["message"]


@pytest.mark.parametrize("front_end", FRONT_ENDS)
def test_a_full_disk_is_told_with_the_folder(person: Person, front_end: str) -> None:
    code, sentence = told(person.run(front_end, preexec=no_space), front_end)

    assert code in {"home_unwritable", ""}
    assert sentence.startswith(f"CallUp cannot write to its folder {person.home}")
    assert sentence.endswith("Free space or allow writing there.")


@pytest.mark.skipif(sys.platform != "linux", reason="Xvfb is a screen of Linux")
def test_a_full_disk_is_told_in_a_box(person: Person, display: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.ui.box_reader", "--profile", str(person.profile)],
        cwd=ROOT,
        env={**os.environ, "CALLUP_HOME": str(person.home), "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"},
        capture_output=True,
        text=True,
        timeout=60,
        preexec_fn=no_space,
    )

    assert done.returncode == CONFIG, done
    box = json.loads(done.stdout)
    assert box["text"].startswith(f"CallUp cannot write to its folder {person.home}")


@pytest.mark.parametrize("front_end", FRONT_ENDS)
def test_a_home_that_cannot_be_written_is_told_with_the_folder(person: Person, front_end: str) -> None:
    person.home.chmod(0o500)

    code, sentence = told(person.run(front_end), front_end)

    person.home.chmod(0o700)
    assert code in {"home_unwritable", ""}
    assert sentence.startswith(f"CallUp cannot write to its folder {person.home}")
    assert "Permission denied" in sentence


@pytest.mark.parametrize("front_end", FRONT_ENDS)
def test_a_lock_that_nobody_may_open_is_told_as_what_it_is(person: Person, front_end: str) -> None:
    lock = person.home / "owner.lock"
    lock.touch(0o000)

    code, sentence = told(person.run(front_end), front_end)

    assert code in {"home_unwritable", ""}
    assert str(lock) in sentence


@posix_root
@pytest.mark.parametrize("front_end", FRONT_ENDS)
@pytest.mark.parametrize("name", ["owner.lock", "owner.json", "journal.sqlite3"])
def test_a_file_of_another_user_is_told_as_what_it_is(person: Person, front_end: str, name: str) -> None:
    file = person.home / name
    give_away(file)

    code, sentence = told(person.run(front_end), front_end)

    assert code in {"home_of_another", ""}
    assert str(file) in sentence


@pytest.mark.parametrize("front_end", ["list", "send"])
def test_a_journal_that_nobody_may_write_is_told_as_what_it_is(person: Person, front_end: str) -> None:
    (person.home / "journal.sqlite3").touch(0o400)

    code, sentence = told(person.run(front_end), front_end)

    assert code == "journal_read_only"
    assert sentence == "We can't write to our own folder on this computer. Please send this to IT."


@pytest.mark.parametrize("front_end", ["list", "send"])
def test_an_address_that_nobody_may_read_is_replaced_by_whoever_owns_the_home(person: Person, front_end: str) -> None:
    (person.home / "owner.json").touch(0o000)

    assert person.run(front_end).code == 0


def test_a_log_that_cannot_be_written_stops_nothing(person: Person) -> None:
    logs = person.home / "logs"
    logs.mkdir(mode=0o500)

    assert person.run("list").code == 0
    logs.chmod(0o700)


@pytest.mark.parametrize("front_end", FRONT_ENDS)
def test_a_lock_that_something_else_holds_is_told_at_once(person: Person, front_end: str) -> None:
    lock = person.home / "owner.lock"
    lock.touch()
    command = [sys.executable, "-c", HOLDER, str(lock)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        code, sentence = told(person.run(front_end), front_end)
        holder.kill()

    assert code in {"owner_silent", ""}
    assert sentence == (
        "CallUp is already running on this computer and does not answer. Close it and try again; nothing is lost."
    )


@pytest.fixture
def hung(person: Person) -> Iterator["subprocess.Popen[str]"]:
    """A window that owns the home and is stopped."""
    window = start_window(person.home, "--profile", person.profile)
    until(lambda: (person.home / "owner.json").exists(), window)
    window.send_signal(signal.SIGSTOP)
    yield window
    window.kill()
    window.communicate()


@pytest.mark.usefixtures("hung")
@pytest.mark.parametrize("front_end", FRONT_ENDS)
def test_an_owner_that_is_stopped_is_told(person: Person, front_end: str) -> None:
    code, sentence = told(person.run(front_end), front_end)

    assert code in {"owner_silent", ""}
    assert sentence.startswith("CallUp is already running on this computer and does not answer.")


@pytest.mark.usefixtures("hung")
def test_an_owner_that_is_stopped_does_not_hold_up_the_installer(person: Person) -> None:
    asking = start_window(person.home, "--quit")
    _out, err = asking.communicate(timeout=WITHIN)

    assert asking.returncode == CONFIG
    assert err.splitlines()[-1].startswith("CallUp is already running on this computer and does not answer.")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there always is a screen")
@pytest.mark.usefixtures("hung")
def test_an_owner_that_is_stopped_is_told_to_a_setup_without_a_screen(person: Person) -> None:
    screens = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    environ = {name: value for name, value in os.environ.items() if name not in screens}
    done = subprocess.run(
        [sys.executable, "-m", "callup_desktop.app", "--quit"],
        env={**environ, "CALLUP_HOME": str(person.home)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=WITHIN,
    )

    assert done.returncode == CONFIG, done
    assert done.stderr.startswith("CallUp is already running on this computer and does not answer.")


def in_deleted_folder(home: Path | str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run the installed console where the working directory is gone."""
    program = Path(sys.executable).with_name("callup")
    with tempfile.TemporaryDirectory() as folder:
        gone = Path(folder) / "gone"
        gone.mkdir()
        command = ["/bin/sh", "-c", 'cd "$0" && rmdir "$0" && exec "$@"', str(gone), str(program), *arguments]
        return subprocess.run(
            command, env={**os.environ, "CALLUP_HOME": str(home)}, capture_output=True, text=True, timeout=60
        )


@pytest.mark.parametrize(
    "command", [("send", "call.wav", *DETAILS), ("probe", "call.wav"), ("profile", "import", "acme.callup")]
)
def test_a_working_directory_that_was_deleted_is_a_sentence(
    home: Path, sandbox: Running, command: tuple[str, ...]
) -> None:
    done = in_deleted_folder(home, *command, "--profile", str(sandbox.profile), "--json")

    assert done.returncode == CONFIG, done
    error = json.loads(done.stdout)["error"]
    assert error["code"] == "folder_gone"
    assert error["message"].startswith("The folder that you work in was deleted.")


def test_a_working_directory_that_was_deleted_is_no_matter_to_full_paths(
    home: Path, sandbox: Running, tmp_path: Path
) -> None:
    path = wav(tmp_path / "call.wav", seed=30)
    done = in_deleted_folder(home, "send", str(path), *DETAILS, "--profile", str(sandbox.profile))

    assert done.returncode == 0, done


def test_a_home_in_a_working_directory_that_was_deleted_is_a_sentence() -> None:
    done = in_deleted_folder("home", "list", "--json")

    assert done.returncode == CONFIG, done
    assert json.loads(done.stdout)["error"]["code"] == "folder_gone"
