"""One owner a home: the lock, and the server for a second process."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from callup_desktop.config.paths import Home
from callup_desktop.config.paths import home as home_of
from callup_desktop.files.identity import FileIdentity
from callup_desktop.instance import channel as channels
from callup_desktop.instance.channel import MOST_BYTES, Channel
from callup_desktop.instance.handshake import Peer, StrangerError, greet_owner
from callup_desktop.instance.ipc import IpcServer, NoOwnerError, OtherBuildError, OwnerConnection, send_request
from callup_desktop.instance.lock import InstanceLock
from callup_desktop.instance.messages import PAGE, PROTOCOL, CallStatus, NamedFile, Reply, Request

WITHIN = 20.0
CALL = "0f8fad5b-d9cb-469f-a165-70867728950e"


@pytest.fixture
def place() -> Home:
    made = home_of()
    made.make()
    return made


@pytest.fixture
def heard() -> list[Request]:
    return []


@contextmanager
def served(place: Home, answer: Callable[[Request], Reply]) -> Iterator[IpcServer]:
    """A server that answers like this."""
    with IpcServer(place) as server, server.serving(lambda: answer):
        yield server


@pytest.fixture
def server(place: Home, heard: list[Request]) -> Iterator[IpcServer]:
    def answer(request: Request) -> Reply:
        heard.append(request)
        rows = (row(job_id) for job_id in request.ids or ())
        return Reply(calls=tuple(rows))

    with served(place, answer) as made:
        yield made


def row(job_id: str, path: bytes = b"a.wav") -> CallStatus:
    return CallStatus(call_id=job_id, asked_id=job_id, path=path, state="queued")


def door_of(place: Home) -> tuple[str, bytes]:
    """The address and the key, for those who can read the home."""
    told = json.loads(place.owner_address.read_text(encoding="utf-8"))
    return told["address"], bytes.fromhex(told["key"])


@contextmanager
def connected(place: Home) -> Iterator[Channel]:
    """Somebody who only knows the address."""
    with closing(channels.connect(door_of(place)[0], WITHIN)) as channel:
        yield channel


def all_heard(channel: Channel) -> list[bytes]:
    """Whatever comes, until the other end closes: raises then."""
    said: list[bytes] = []
    while True:
        said.append(channel.receive(MOST_BYTES, WITHIN))


@pytest.mark.usefixtures("server")
def test_a_request_is_heard_whole_and_answered(place: Home, heard: list[Request]) -> None:
    file = NamedFile(id=CALL, path="Grüße.wav".encode(), identity=FileIdentity(1, 2**63 + 1, 3, 2**64 - 1))
    request = Request(verb="send", files=(file,), company="Müller", ids=("one",))
    assert [row.call_id for row in send_request(place, request).calls] == ["one"]
    assert heard == [request]


@pytest.mark.usefixtures("server")
def test_a_name_that_is_no_utf_8_is_heard_as_it_is(place: Home, heard: list[Request]) -> None:
    name = b"caf\xe9.wav"
    send_request(place, Request(verb="send", files=(NamedFile(id=CALL, path=name),), company="caf\udce9"))
    assert os.fsdecode(heard[0].files[0].path) == os.fsdecode(name)
    assert heard[0].company == "caf\\udce9"


def test_a_page_of_the_longest_paths_fits_through(place: Home) -> None:
    page = tuple(row(str(number), path=b"/" + b"x" * 4095) for number in range(PAGE))
    with served(place, lambda _request: Reply(calls=page)):
        assert send_request(place, Request(verb="list")).calls == page


@pytest.mark.usefixtures("server")
def test_a_thousand_rows_fit_through(place: Home) -> None:
    ids = tuple(str(number) for number in range(1000))
    assert len(send_request(place, Request(verb="list", ids=ids)).calls) == 1000


@pytest.mark.usefixtures("server")
def test_many_requests_go_through_one_connection_and_each_has_a_session_of_its_own(place: Home) -> None:
    def open_session() -> Callable[[Request], Reply]:
        asked: list[str] = []

        def answer(request: Request) -> Reply:
            asked.extend(request.ids or ())
            return Reply(calls=tuple(map(row, asked)))

        return answer

    place.owner_address.unlink()
    with (
        IpcServer(place) as server,
        server.serving(open_session),
        OwnerConnection(place) as one,
        OwnerConnection(place) as other,
    ):
        one.ask(Request(verb="follow", ids=("a",)))
        other.ask(Request(verb="follow", ids=("b",)))
        assert [row.call_id for row in one.ask(Request(verb="changes")).calls] == ["a"]
        assert [row.call_id for row in other.ask(Request(verb="changes")).calls] == ["b"]


@pytest.mark.usefixtures("server")
def test_who_cannot_read_the_home_is_not_heard(place: Home, heard: list[Request]) -> None:
    address, _key = door_of(place)
    with connected(place) as channel, pytest.raises(StrangerError):
        greet_owner(channel, b"guess", address, Peer(PROTOCOL, "guess"))
    with connected(place) as channel:
        for _ in range(2):
            channel.send(Request(verb="list", ids=()).model_dump_json().encode(), WITHIN)
        with pytest.raises((EOFError, OSError)):
            all_heard(channel)
    assert not heard
    assert send_request(place, Request(verb="list", ids=())).calls == ()


@pytest.mark.usefixtures("server")
def test_a_stranger_who_connects_and_says_nothing_keeps_nobody_waiting(place: Home) -> None:
    with connected(place):
        assert send_request(place, Request(verb="list")) == Reply()


def test_who_asks_while_nobody_is_served_hears_that_the_owner_is_busy(place: Home) -> None:
    with IpcServer(place):
        assert send_request(place, Request(verb="list")).busy


def test_a_door_closes_while_somebody_is_being_answered(place: Home) -> None:
    asked, answered = threading.Event(), threading.Event()

    def answer(_request: Request) -> Reply:
        asked.set()
        assert answered.wait(WITHIN)
        return Reply()

    server = IpcServer(place)
    with ThreadPoolExecutor() as pool:
        serving = server.serving(lambda: answer)
        serving.__enter__()
        heard = pool.submit(send_request, place, Request(verb="quit"))
        assert asked.wait(WITHIN)
        closed = pool.submit(server.close)
        while place.owner_address.exists():
            assert not closed.done()
        answered.set()
        closed.result(WITHIN)
        assert heard.result(WITHIN) == Reply()
        serving.__exit__(None, None, None)


@pytest.mark.usefixtures("server")
def test_rubbish_is_not_answered_and_does_not_close_the_server(place: Home) -> None:
    address, key = door_of(place)
    with connected(place) as channel:
        greet_owner(channel, key, address, Peer(PROTOCOL, "rubbish"))
        channel.send(b'{"verb": "format the disk"}', WITHIN)
        with pytest.raises(EOFError):
            channel.receive(MOST_BYTES, WITHIN)
    assert send_request(place, Request(verb="list", ids=())).calls == ()


@pytest.mark.usefixtures("server")
def test_another_build_is_told_for_what_it_is_and_can_still_ask_to_quit(place: Home, heard: list[Request]) -> None:
    newer = Peer(PROTOCOL + 1, "99.0")
    with OwnerConnection(place, newer) as owner, pytest.raises(OtherBuildError):
        owner.ask(Request(verb="list"))
    assert not heard
    with OwnerConnection(place, newer) as owner:
        owner.ask_to_quit()
    assert [request.verb for request in heard] == ["quit"]


def test_an_owner_of_another_build_can_be_asked_to_quit(place: Home) -> None:
    heard: list[Request] = []

    def answer(request: Request) -> Reply:
        heard.append(request)
        return Reply()

    with IpcServer(place, Peer(PROTOCOL + 1, "99.0")) as server, server.serving(lambda: answer):
        with OwnerConnection(place) as owner, pytest.raises(OtherBuildError):
            owner.ask(Request(verb="list"))
        with OwnerConnection(place) as owner:
            owner.ask_to_quit()
    assert [request.verb for request in heard] == ["quit"]


def test_an_owner_that_listened_on_a_port_is_another_build(place: Home) -> None:
    left = {"host": "127.0.0.1", "port": 9, "key": "00"}
    place.owner_address.write_text(json.dumps(left), encoding="utf-8")
    with pytest.raises(OtherBuildError):
        send_request(place, Request(verb="list"))


def test_the_address_left_by_a_killed_owner_leads_nowhere(place: Home) -> None:
    server = IpcServer(place)
    left = place.owner_address.read_text(encoding="utf-8")
    server.close()
    assert not place.owner_address.exists()
    place.owner_address.write_text(left, encoding="utf-8")
    with pytest.raises(NoOwnerError):
        send_request(place, Request(verb="list", ids=()))


def test_an_address_that_cannot_be_removed_keeps_no_door_open(place: Home) -> None:
    """As on Windows while another process reads it; here a folder stands in its place."""
    server = IpcServer(place)
    left = place.owner_address.read_text(encoding="utf-8")
    place.owner_address.unlink()
    place.owner_address.mkdir()
    server.close()

    place.owner_address.rmdir()
    place.owner_address.write_text(left, encoding="utf-8")
    with pytest.raises(NoOwnerError):
        send_request(place, Request(verb="list", ids=()))


def test_only_this_user_can_read_the_key(place: Home, server: IpcServer) -> None:
    assert server is not None
    assert place.owner_address.stat().st_mode & 0o077 == 0 or sys.platform == "win32"


def test_the_lock_of_a_killed_process_is_free_at_once(place: Home) -> None:
    code = (
        "import sys, pathlib; from callup_desktop.instance.lock import InstanceLock;"
        "from callup_desktop.config.paths import Home;"
        "p = pathlib.Path(sys.argv[1]); o = InstanceLock(Home(p, p, p)); print(o.take(), flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", code, str(place.data)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "True\n"
        mine = InstanceLock(Home(Path(place.data), Path(place.data), Path(place.data)))
        assert not mine.take()
        holder.kill()
        holder.wait(10)
        assert mine.take()
        mine.give_up()
