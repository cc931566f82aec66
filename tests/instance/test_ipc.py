"""One owner a home: the lock, and the door for a second process."""

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client
from pathlib import Path

import pytest

from callup_desktop.config.paths import Home
from callup_desktop.config.paths import home as home_of
from callup_desktop.instance.handler import CallStatus, Reply, Request
from callup_desktop.instance.ipc import InstanceLock, IpcServer, OwnerSilentError, send_request

WITHIN = 20.0


@pytest.fixture
def place() -> Home:
    made = home_of()
    made.make()
    return made


@pytest.fixture
def heard() -> list[Request]:
    return []


@pytest.fixture
def door(place: Home, heard: list[Request]) -> Iterator[IpcServer]:
    def answer(request: Request) -> Reply:
        heard.append(request)
        return Reply(
            rows=tuple(CallStatus(call_id=job_id, file="a.wav", state="queued") for job_id in request.ids or ())
        )

    made = IpcServer(place, answer)
    yield made
    made.close()


@pytest.mark.usefixtures("door")
def test_a_request_is_heard_whole_and_answered(place: Home, heard: list[Request]) -> None:
    request = Request(do="send", files=("Grüße.wav",), company="Müller", ids=("one",))
    assert [row.call_id for row in send_request(place, request).rows] == ["one"]
    assert heard == [request]


@pytest.mark.usefixtures("door")
def test_a_thousand_rows_fit_through(place: Home) -> None:
    ids = tuple(str(number) for number in range(1000))
    assert len(send_request(place, Request(do="list", ids=ids)).rows) == 1000


@pytest.mark.usefixtures("door")
def test_who_cannot_read_the_home_is_not_heard(place: Home, heard: list[Request]) -> None:
    address = json.loads(place.owner_door.read_text(encoding="utf-8"))
    with pytest.raises(AuthenticationError):
        Client((address["host"], address["port"]), family="AF_INET", authkey=b"guess")
    assert not heard
    assert send_request(place, Request(do="list", ids=())).rows == ()


@pytest.mark.usefixtures("door")
def test_a_stranger_who_connects_and_says_nothing_keeps_nobody_waiting(place: Home) -> None:
    address = json.loads(place.owner_door.read_text(encoding="utf-8"))
    with socket.create_connection((address["host"], address["port"])):
        assert send_request(place, Request(do="list")) == Reply()


def test_a_door_closes_while_somebody_is_being_answered(place: Home) -> None:
    asked, answered = threading.Event(), threading.Event()

    def answer(_request: Request) -> Reply:
        asked.set()
        assert answered.wait(WITHIN)
        return Reply()

    door = IpcServer(place, answer)
    with ThreadPoolExecutor() as pool:
        heard = pool.submit(send_request, place, Request(do="quit"))
        assert asked.wait(WITHIN)
        closed = pool.submit(door.close)
        while place.owner_door.exists():
            assert not closed.done()
        answered.set()
        closed.result(WITHIN)
        assert heard.result(WITHIN) == Reply()


@pytest.mark.usefixtures("door")
def test_rubbish_is_not_answered_and_does_not_close_the_door(place: Home) -> None:
    address = json.loads(place.owner_door.read_text(encoding="utf-8"))
    key = bytes.fromhex(address["key"])
    with Client((address["host"], address["port"]), family="AF_INET", authkey=key) as connection:
        connection.send_bytes(b'{"do": "format the disk"}')
        with pytest.raises(EOFError):
            connection.recv_bytes()
    assert send_request(place, Request(do="list", ids=())).rows == ()


def test_the_address_left_by_a_killed_owner_leads_nowhere(place: Home) -> None:
    door = IpcServer(place, lambda _request: Reply())
    left = place.owner_door.read_text(encoding="utf-8")
    door.close()
    assert not place.owner_door.exists()
    place.owner_door.write_text(left, encoding="utf-8")
    with pytest.raises(OwnerSilentError):
        send_request(place, Request(do="list", ids=()))


def test_only_this_user_can_read_the_key(place: Home, door: IpcServer) -> None:
    assert door is not None
    assert place.owner_door.stat().st_mode & 0o077 == 0 or sys.platform == "win32"


def test_the_lock_of_a_killed_process_is_free_at_once(place: Home) -> None:
    code = (
        "import sys, pathlib; from callup_desktop.instance.ipc import InstanceLock;"
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
