"""Another user of the computer filled the program's door with silent connections until recordings could not be opened.

And whoever listened at the door's old address could have a console prove itself, and answer in the owner's name.
"""

import json
import os
import resource
import signal
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from callup_desktop.config.paths import Home
from callup_desktop.config.paths import home as home_of
from callup_desktop.instance import channel as channels
from callup_desktop.instance.channel import MOST_BYTES, Channel, Listener
from callup_desktop.instance.handshake import Peer, StrangerError, greet_client, greet_owner
from callup_desktop.instance.ipc import MOST_CONNECTIONS, IpcServer, NoOwnerError, OwnerConnection, send_request
from callup_desktop.instance.messages import PROTOCOL, Reply, Request
from callup_desktop.sandbox.embedded import Running
from tests.cli.console import DETAILS, RUN_WITHIN, Callup, kill, start_window, until, wav
from tests.security.conftest import needs_root

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the door is a named pipe there")

WITHIN = 20.0
STRANGER = 65534
FLOOD = 1_010
KNOCK = """
import socket, sys
opened, refused = [], 0
for _ in range(int(sys.argv[2])):
    knocking = socket.socket(socket.AF_UNIX)
    try:
        knocking.connect(sys.argv[1])
        opened.append(knocking)
    except OSError as exc:
        refused += 1
print(len(opened), refused, flush=True)
"""
ME = Peer(PROTOCOL, "test")


@pytest.fixture
def place() -> Home:
    made = home_of()
    made.make()
    return made


@pytest.fixture
def window(home: Path, sandbox: Running) -> Iterator["subprocess.Popen[str]"]:
    with window_on(home, sandbox.profile) as made:
        yield made


@contextmanager
def window_on(home: Path, profile: Path) -> Iterator["subprocess.Popen[str]"]:
    made = start_window(home, "--profile", profile)
    until(lambda: (home / "owner.json").exists(), made)
    yield made
    made.send_signal(signal.SIGTERM)
    made.communicate(timeout=RUN_WITHIN)


@contextmanager
def served(place: Home) -> Iterator[list[Request]]:
    """A server, and what it was asked."""
    heard: list[Request] = []

    def answer(request: Request) -> Reply:
        heard.append(request)
        return Reply()

    with IpcServer(place) as server, server.serving(lambda: answer):
        yield heard


def address_of(home: Path) -> str:
    return str(json.loads((home / "owner.json").read_text(encoding="utf-8"))["address"])


# --- strangers --------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(os.geteuid() != 0 or not Path("/usr/bin/python3").exists(), reason="only root can be somebody else")
@pytest.mark.usefixtures("window")
def test_another_user_gets_no_connection_even_in_a_home_that_everybody_may_enter(home: Path) -> None:
    for folder in (home, *home.parents):
        if folder.is_relative_to(tempfile.gettempdir()):
            folder.chmod(0o755)

    knocked = subprocess.run(
        ["/usr/bin/python3", "-c", KNOCK, address_of(home), str(FLOOD)],
        user=STRANGER,
        group=STRANGER,
        extra_groups=[],
        capture_output=True,
        text=True,
        timeout=WITHIN,
    )

    assert knocked.stdout.split() == ["0", str(FLOOD)], knocked
    key = subprocess.run(
        ["/bin/cat", home / "owner.json"], user=STRANGER, group=STRANGER, extra_groups=[], capture_output=True
    )
    assert key.returncode != 0


def test_a_flood_of_silent_connections_costs_few_files_and_calls_are_sent_meanwhile(
    window: "subprocess.Popen[str]", home: Path, sandbox: Running, tmp_path: Path
) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 2 * FLOOD), hard))
    before = psutil.Process(window.pid).num_fds()
    try:
        with ExitStack() as stack:
            for _ in range(FLOOD):
                stack.enter_context(closing(channels.connect(address_of(home), WITHIN)))
            answer = Callup(home, sandbox.profile)("send", wav(tmp_path / "call.wav"), *DETAILS)
            after = psutil.Process(window.pid).num_fds()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    assert answer.code == 0, answer
    assert after - before < 2 * MOST_CONNECTIONS


@pytest.mark.usefixtures("window")
def test_nothing_listens_on_the_network(window: "subprocess.Popen[str]") -> None:
    listening = [
        found for found in psutil.Process(window.pid).net_connections("inet") if found.status == psutil.CONN_LISTEN
    ]
    assert listening == []


SILENCES: dict[str, Callable[[Channel], None]] = {
    "nothing": lambda _channel: None,
    "half a length": lambda channel: raw(channel, b"\0\0"),
    "half a message": lambda channel: raw(channel, b"\0\0\2\0half"),
    "a greeting and nothing more": lambda channel: channel.send(b'{"protocol": 2, "build": "x", "nonce": "y"}', WITHIN),
    "a message of four gigabytes": lambda channel: raw(channel, b"\xff\xff\xff\xff"),
    "a greeting of a megabyte": lambda channel: channel.send(b"x" * 1024 * 1024, WITHIN),
}


def raw(channel: Channel, data: bytes) -> None:
    """Bytes that are no whole message."""
    channel._socket.sendall(data)  # type: ignore[attr-defined]  # the bytes below the messages


@pytest.mark.parametrize("silence", SILENCES)
def test_who_does_not_finish_the_greeting_is_put_out_and_not_heard(place: Home, silence: str) -> None:
    with served(place) as heard, closing(channels.connect(address_of(place.data), WITHIN)) as channel:
        with suppress(OSError):
            SILENCES[silence](channel)
        with pytest.raises((EOFError, ConnectionError)):
            put_out(channel)
        assert send_request(place, Request(verb="list")) == Reply()
        assert [request.verb for request in heard] == ["list"]


def put_out(channel: Channel) -> None:
    """Hear everything until the other end closes: raises then."""
    while True:
        channel.receive(MOST_BYTES, WITHIN)


# --- in the owner's name ----------------------------------------------------------------------------------------------


class Spoof:
    """Somebody who listens where an owner was, and keeps all that is said to it."""

    def __init__(self, place: Home, behave: Callable[["Spoof", Channel], None]) -> None:
        self.heard: list[bytes] = []
        self._listener: Listener = channels.listen(place)
        self._behave = behave
        told = {"address": self._listener.address, "key": "00" * 32}
        place.owner_address.write_text(json.dumps(told), encoding="utf-8")
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        with suppress(OSError), closing(self._listener.accept()) as channel, suppress(OSError, EOFError):
            self._behave(self, channel)

    def hear(self, channel: Channel) -> bytes:
        self.heard.append(channel.receive(MOST_BYTES, WITHIN))
        return self.heard[-1]

    def close(self) -> None:
        self._listener.close()
        self._thread.join(WITHIN)


def reflect(spoof: Spoof, channel: Channel) -> None:
    """Say back whatever is said."""
    greeting = spoof.hear(channel)
    channel.send(greeting, WITHIN)
    channel.send(greeting, WITHIN)
    while True:
        channel.send(spoof.hear(channel), WITHIN)


def guess(spoof: Spoof, channel: Channel) -> None:
    """Greet as an owner does, with a key of its own."""
    with suppress(StrangerError):
        greet_client(channel, b"guess", "elsewhere", ME)
    spoof.hear(channel)


def listen_only(spoof: Spoof, channel: Channel) -> None:
    """Say nothing that proves anything."""
    spoof.hear(channel)
    channel.send(b'{"protocol": 2, "build": "1", "nonce": "0"}', WITHIN)
    channel.send(b"", WITHIN)
    spoof.hear(channel)


@pytest.mark.parametrize("behave", [reflect, guess, listen_only])
def test_who_does_not_know_the_key_hears_one_greeting_and_no_request(
    place: Home, behave: Callable[[Spoof, Channel], None]
) -> None:
    spoof = Spoof(place, behave)
    with pytest.raises(NoOwnerError):
        send_request(place, Request(verb="send", company="A secret customer"))
    spoof.close()

    assert all(b"nonce" in said for said in spoof.heard)
    assert len(spoof.heard) <= 1


def test_a_proof_that_is_handed_on_from_another_address_is_worth_nothing(place: Home, tmp_path: Path) -> None:
    elsewhere = Home(tmp_path, tmp_path, tmp_path)
    listener = channels.listen(elsewhere)
    with served(place) as heard:
        told = json.loads(place.owner_address.read_text(encoding="utf-8"))

        def hand_on() -> None:
            with (
                closing(listener.accept()) as victim,
                closing(channels.connect(told["address"], WITHIN)) as owner,
                suppress(OSError, EOFError),
            ):
                owner.send(victim.receive(MOST_BYTES, WITHIN), WITHIN)
                for _ in range(2):
                    victim.send(owner.receive(MOST_BYTES, WITHIN), WITHIN)

        thread = threading.Thread(target=hand_on, daemon=True)
        thread.start()
        with closing(channels.connect(listener.address, WITHIN)) as channel, pytest.raises(StrangerError):
            greet_owner(channel, bytes.fromhex(told["key"]), listener.address, ME)
        thread.join(WITHIN)
        assert not heard
    listener.close()


# --- where it is ------------------------------------------------------------------------------------------------------


@pytest.fixture
def deep(tmp_path: Path) -> Path:
    """A home whose path is longer than a socket's may be."""
    made = tmp_path / ("x" * 120)
    made.mkdir()
    return made


def test_a_home_with_a_long_path_has_its_door_in_a_folder_of_this_user_only(
    deep: Path, sandbox: Running, tmp_path: Path
) -> None:
    with window_on(deep, sandbox.profile):
        door = Path(address_of(deep))
        assert not door.is_relative_to(deep)
        assert stat.S_IMODE(door.parent.stat().st_mode) == 0o700
        assert stat.S_IMODE(door.stat().st_mode) == 0o600
        answer = Callup(deep, sandbox.profile)("send", wav(tmp_path / "call.wav"), *DETAILS)
    assert answer.code == 0, answer
    assert not door.parent.exists()


@needs_root
@pytest.mark.parametrize("variable", ["TMPDIR", "XDG_RUNTIME_DIR"])
@pytest.mark.parametrize("attack", ["another user's", "everybody's"])
def test_a_door_is_in_no_folder_in_which_another_user_may_put_one_in_its_place(
    tmp_path: Path, deep: Path, monkeypatch: pytest.MonkeyPatch, stranger: int, variable: str, attack: str
) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    theirs.chmod(0o777)
    if attack == "another user's":
        os.chown(theirs, stranger, stranger)
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setenv(variable, str(theirs))
    here = Home(config=deep, data=deep, logs=deep / "logs")

    with closing(channels.listen(here)) as listener:
        assert not Path(listener.address).is_relative_to(theirs)
        assert not list(theirs.iterdir())
    channels.clear(here, listener.address)


def test_what_a_killed_owner_left_is_taken_away_by_the_next(deep: Path, sandbox: Running) -> None:
    window = start_window(deep, "--profile", sandbox.profile)
    until(lambda: (deep / "owner.json").exists(), window)
    left = Path(address_of(deep)).parent
    kill(window)
    assert left.exists()

    assert Callup(deep, sandbox.profile)("list").code == 0
    assert not left.exists()
    assert not (deep / "owner.json").exists()


def test_a_connection_that_was_put_out_for_others_can_be_opened_again(place: Home) -> None:
    with served(place), OwnerConnection(place) as first:
        assert first.ask(Request(verb="ping")) == Reply()
        with ExitStack() as stack:
            for _ in range(MOST_CONNECTIONS):
                stack.enter_context(OwnerConnection(place)).ask(Request(verb="ping"))
            with pytest.raises(NoOwnerError):
                first.ask(Request(verb="ping"))
            assert send_request(place, Request(verb="ping")) == Reply()
