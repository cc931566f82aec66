"""One owner a home: the lock, and the server for a second process."""

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
from callup_desktop.instance.ipc import IpcServer, OwnerSilentError, send_request
from callup_desktop.instance.lock import InstanceLock
from callup_desktop.instance.messages import CallStatus, Reply, Request

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
def server(place: Home, heard: list[Request]) -> Iterator[IpcServer]:
    def answer(request: Request) -> Reply:
        heard.append(request)
        return Reply(
            calls=tuple(CallStatus(call_id=job_id, file="a.wav", state="queued") for job_id in request.ids or ())
        )

    made = IpcServer(place, answer)
    yield made
    made.close()


@pytest.mark.usefixtures("server")
def test_a_request_is_heard_whole_and_answered(place: Home, heard: list[Request]) -> None:
    request = Request(verb="send", files=("Grüße.wav",), company="Müller", ids=("one",))
    assert [row.call_id for row in send_request(place, request).calls] == ["one"]
    assert heard == [request]


@pytest.mark.usefixtures("server")
def test_a_thousand_rows_fit_through(place: Home) -> None:
    ids = tuple(str(number) for number in range(1000))
    assert len(send_request(place, Request(verb="list", ids=ids)).calls) == 1000


@pytest.mark.usefixtures("server")
def test_who_cannot_read_the_home_is_not_heard(place: Home, heard: list[Request]) -> None:
    address = json.loads(place.owner_address.read_text(encoding="utf-8"))
    with pytest.raises(AuthenticationError):
        Client((address["host"], address["port"]), family="AF_INET", authkey=b"guess")
    assert not heard
    assert send_request(place, Request(verb="list", ids=())).calls == ()


@pytest.mark.usefixtures("server")
def test_a_stranger_who_connects_and_says_nothing_keeps_nobody_waiting(place: Home) -> None:
    address = json.loads(place.owner_address.read_text(encoding="utf-8"))
    with socket.create_connection((address["host"], address["port"])):
        assert send_request(place, Request(verb="list")) == Reply()


def test_a_door_closes_while_somebody_is_being_answered(place: Home) -> None:
    asked, answered = threading.Event(), threading.Event()

    def answer(_request: Request) -> Reply:
        asked.set()
        assert answered.wait(WITHIN)
        return Reply()

    server = IpcServer(place, answer)
    with ThreadPoolExecutor() as pool:
        heard = pool.submit(send_request, place, Request(verb="quit"))
        assert asked.wait(WITHIN)
        closed = pool.submit(server.close)
        while place.owner_address.exists():
            assert not closed.done()
        answered.set()
        closed.result(WITHIN)
        assert heard.result(WITHIN) == Reply()


@pytest.mark.usefixtures("server")
def test_rubbish_is_not_answered_and_does_not_close_the_server(place: Home) -> None:
    address = json.loads(place.owner_address.read_text(encoding="utf-8"))
    key = bytes.fromhex(address["key"])
    with Client((address["host"], address["port"]), family="AF_INET", authkey=key) as connection:
        connection.send_bytes(b'{"verb": "format the disk"}')
        with pytest.raises(EOFError):
            connection.recv_bytes()
    assert send_request(place, Request(verb="list", ids=())).calls == ()


def test_the_address_left_by_a_killed_owner_leads_nowhere(place: Home) -> None:
    server = IpcServer(place, lambda _request: Reply())
    left = place.owner_address.read_text(encoding="utf-8")
    server.close()
    assert not place.owner_address.exists()
    place.owner_address.write_text(left, encoding="utf-8")
    with pytest.raises(OwnerSilentError):
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
