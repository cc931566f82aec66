"""Nothing comes back, and everything waits.

A connection that a router forgot, a load balancer that answers one request in four, an address that leads nowhere: the
programs waited a minute or for ever, with all files at once, and then tried the same connection again. Others took a
slow link for a silent one and never got a large file through.
"""

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from threading import Event

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSRequest

from callup_desktop.config.profile import Profile
from callup_desktop.engine.errors import Code, ConnectionLostError, TransientError
from callup_desktop.services import deadlines, happy_eyeballs
from callup_desktop.services.connections import OvertakenError
from callup_desktop.services.deadlines import LONGEST_LEARNT, SHORTEST, SHORTEST_OF_SMALL, Deadlines
from callup_desktop.services.secrets import Secrets
from callup_desktop.services.transport import Transport, chain_of
from tests.faults import harms
from tests.faults.laptop import Laptop, network_before
from tests.gateway.replica import eventually
from tests.services.outside import body_of, some_bytes
from tests.services.test_transport import ANSWER, Listener, head_of, listening

SILENCE = 0.4
"""Seconds that a test's transport bears at most."""


def put(url: str, data: bytes) -> AWSPreparedRequest:
    return AWSRequest(method="PUT", url=url, data=body_of(data)).prepare()


def get(url: str) -> AWSPreparedRequest:
    return AWSRequest(method="GET", url=url).prepare()


# --- how long silence is borne ----------------------------------------------------------------------------------------


def test_an_answer_may_take_ten_seconds_before_anything_is_known() -> None:
    assert Deadlines(60.0).within("UploadPart") == SHORTEST


def test_completing_may_take_longer_because_it_is_known_to() -> None:
    known = Deadlines(60.0)
    untried = known.within("CompleteMultipartUpload")
    known.ended("CompleteMultipartUpload", 0.2)

    assert untried > SHORTEST
    assert known.within("CompleteMultipartUpload") == SHORTEST


def test_a_slow_store_is_given_the_time_that_it_takes() -> None:
    known = Deadlines(60.0)
    known.ended("UploadPart", 4.0)
    known.ended("UploadPart", 0.1)

    assert known.within("UploadPart") == 20.0
    assert known.within("HeadObject") == SHORTEST


def test_a_small_request_is_given_up_after_seconds_once_its_kind_was_quick() -> None:
    known = Deadlines(60.0)
    for _ in range(4):
        for wait in ("ListParts", "UploadPart", "connect"):
            known.ended(wait, 0.1)

    assert known.within("ListParts") == known.within("connect") == SHORTEST_OF_SMALL
    assert known.within("UploadPart") == SHORTEST


def test_an_answer_is_waited_for_no_longer_once_later_requests_have_theirs() -> None:
    known = Deadlines(60.0)
    for sent_at in (9.0, 11.0, 12.0):
        known.answered("UploadPart", sent_at, 1.0)
    of_two = known.is_overtaken("UploadPart", 10.0, 18.0)
    known.answered("HeadObject", 13.0, 0.1)

    assert not of_two
    assert known.is_overtaken("UploadPart", 10.0, 18.0)
    assert not known.is_overtaken("UploadPart", 10.0, 13.5)


def test_a_slow_answer_is_not_overtaken_within_twice_the_time_of_its_kind() -> None:
    known = Deadlines(60.0)
    for sent_at in (11.0, 12.0, 13.0):
        known.answered("UploadPart", sent_at, 6.0)

    assert not known.is_overtaken("UploadPart", 10.0, 21.0)
    assert known.is_overtaken("UploadPart", 10.0, 23.0)


def test_the_more_of_a_kind_were_overtaken_by_the_less_of_their_time_is_left_to_one() -> None:
    known = Deadlines(60.0)
    for _ in range(12):
        known.answered("UploadPart", 11.0, 6.0)

    assert not known.is_overtaken("UploadPart", 10.0, 17.0)
    assert known.is_overtaken("UploadPart", 10.0, 18.0)


def test_small_requests_do_not_hurry_a_large_one() -> None:
    known = Deadlines(60.0)
    for _ in range(3):
        known.answered("UploadPart", 11.0, 6.0)
    for _ in range(12):
        known.answered("HeadObject", 11.0, 0.1)

    assert not known.is_overtaken("UploadPart", 10.0, 21.0)
    assert known.is_overtaken("UploadPart", 10.0, 23.0)


def test_what_was_given_up_is_given_twice_the_time_until_it_answers() -> None:
    known = Deadlines(60.0)
    given = []
    for _ in range(4):
        given.append(known.within("UploadPart"))
        known.ran_out("UploadPart", given[-1])
    longest = known.within("UploadPart")
    known.ended("UploadPart", 1.0)

    assert given == [10.0, 20.0, 40.0, 60.0]
    assert longest == 60.0
    assert known.within("UploadPart") == SHORTEST


def test_no_answer_however_slow_makes_the_wait_endless() -> None:
    known = Deadlines(60.0)
    known.ended("CompleteMultipartUpload", 3600.0)

    assert known.within("CompleteMultipartUpload") == LONGEST_LEARNT


def test_the_last_bytes_of_a_body_are_given_the_time_that_the_link_needs() -> None:
    known = Deadlines(60.0)
    measured = known.drain(unsent=1_000_000, sent=1_000_000, seconds=100.0)
    unknown = known.drain(unsent=100 * 1024, sent=0, seconds=0.0)
    known.left(1_000_000, 10.0)
    learnt = known.drain(unsent=100_000, sent=0, seconds=0.0)

    assert measured >= 100.0
    assert unknown >= 20.0
    assert 1.0 <= learnt < unknown


# --- a silent server --------------------------------------------------------------------------------------------------


def test_a_silent_connection_is_given_up_and_none_of_its_siblings_is_used_again() -> None:
    transport = Transport(connections=4, stall_timeout=SILENCE)
    both_here, silent = Event(), Event()

    def serve(connection: socket.socket, listener: Listener) -> None:
        while True:
            listener.heads.append(head_of(connection))
            if silent.is_set() and len(listener.heads) == 3:
                both_here.wait(10)
                return
            connection.sendall(ANSWER)

    with listening(serve) as server, ExitStack() as stack:
        stack.callback(both_here.set)
        transport.send(get(f"http://127.0.0.1:{server.port}/1"))
        transport.send(get(f"http://127.0.0.1:{server.port}/2"))
        silent.set()
        with pytest.raises(TransientError) as caught:
            transport.send(get(f"http://127.0.0.1:{server.port}/3"))
        both_here.set()
        answer = transport.send(get(f"http://127.0.0.1:{server.port}/4"))
        transport.reset()

    assert caught.value.code is Code.CONNECTION
    assert answer.content == b"ok"


def test_a_swallowed_request_is_given_up_once_others_are_answered_and_their_connections_stay(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(deadlines, "SHORTEST_OF_SMALL", SILENCE)
    transport = Transport(connections=4)
    with ExitStack() as held:

        def serve(connection: socket.socket, listener: Listener) -> None:
            listener.heads.append(head_of(connection))
            if len(listener.heads) == 1:
                # It stays open, and nobody says anything on it.
                held.callback(connection.dup().close)
                return
            while True:
                connection.sendall(ANSWER)
                listener.heads.append(head_of(connection))

        with listening(serve) as server, ThreadPoolExecutor(1) as other:
            url = f"http://127.0.0.1:{server.port}/"
            swallowed = other.submit(transport.send, get(url))
            eventually(lambda: server.heads, "the first request")
            answers = [transport.send(get(url)) for _ in range(3)]
            pool = transport._pool(url)
            error = swallowed.exception(60)
            stays = transport._pool(url) is pool
            transport.reset()

    assert isinstance(error, ConnectionLostError)
    assert any(isinstance(cause, OvertakenError) for cause in chain_of(error))
    assert [answer.content for answer in answers] == [b"ok"] * 3
    assert stays


@pytest.mark.parametrize(
    ("said", "status"),
    [(b"", None), (b"HTTP/1.1 503 Slow Down\r\nContent-Length: 0\r\n\r\n", 503)],
    ids=["without a word", "with an answer"],
)
def test_a_server_that_hangs_up_while_a_body_is_sent_is_not_waited_for(said: bytes, status: int | None) -> None:
    """It reads no more, so there is never room for the next byte; ten seconds were waited for it."""
    transport = Transport(connections=1, stall_timeout=60.0)
    given_up = Event()

    def hang_up(connection: socket.socket, listener: Listener) -> None:
        listener.heads.append(head_of(connection))
        connection.sendall(said)
        connection.shutdown(socket.SHUT_WR)
        given_up.wait(30)

    with narrow(), listening(hang_up) as server, ExitStack() as stack:
        stack.callback(given_up.set)
        request = put(f"http://127.0.0.1:{server.port}/", some_bytes(8 * 1024 * 1024))
        if status is None:
            with pytest.raises(TransientError) as caught:
                transport.send(request)
            assert not any(isinstance(error, TimeoutError) for error in chain_of(caught.value))
        else:
            assert transport.send(request).status_code == status
        transport.reset()


def test_a_slow_link_is_not_taken_for_a_silent_one() -> None:
    """Half a megabyte that needs five times as long as silence is borne, most of it after the last byte was written."""
    transport = Transport(connections=1, stall_timeout=SILENCE)
    body = some_bytes(512 * 1024)
    pause = Event()

    def slow(connection: socket.socket, listener: Listener) -> None:
        listener.heads.append(head_of(connection))
        left = len(body)
        while left:
            pause.wait(SILENCE / 10)
            left -= len(connection.recv(min(left, 10 * 1024)))
        connection.sendall(ANSWER)

    with narrow(), listening(slow) as server:
        answer = transport.send(put(f"http://127.0.0.1:{server.port}/", body))
        transport.reset()

    assert answer.content == b"ok"


@contextmanager
def narrow() -> Iterator[None]:
    """Servers whose system takes little before the server reads it, as a slow link does."""
    plain = socket.create_server

    def small(*args: object, **kwargs: object) -> socket.socket:
        server = plain(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they came
        server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16 * 1024)
        return server

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "create_server", small)
        yield


def test_four_files_go_on_over_new_connections_though_all_in_use_fell_silent(
    tmp_path: Path, profile: Profile, secrets: Secrets, short: Path
) -> None:
    """Within the twenty seconds of `until_sent`, though a connection may be silent for a minute at most."""
    wide = profile.model_copy(update={"files_at_once": 4})
    paths = [tmp_path / f"{number}.wav" for number in range(4)]
    for path in paths:
        path.write_bytes(short.read_bytes())
    with network_before(wide) as network, Laptop(tmp_path, network.profile, secrets, stall=60.0) as laptop:
        network.s3.plan.order("part", harms.silence, times=2)  # as many as are sent side by side at first
        calls = [laptop.send(path) for path in paths]
        laptop.until_sent(*calls)

    assert network.s3.plan.spent


# --- addresses that lead nowhere --------------------------------------------------------------------------------------


@contextmanager
def leading_nowhere(port: int) -> Iterator[None]:
    """The same port of IPv6's loopback, where connections are neither taken nor refused."""
    if not socket.has_ipv6:
        pytest.skip("no IPv6 here")
    with ExitStack() as stack:
        full = stack.enter_context(closing(socket.socket(socket.AF_INET6, socket.SOCK_STREAM)))
        full.bind(("::1", port))
        full.listen(0)
        for _ in range(8):
            waiting = stack.enter_context(closing(socket.socket(socket.AF_INET6, socket.SOCK_STREAM)))
            waiting.setblocking(False)  # noqa: FBT003 - the socket's own
            with suppress(BlockingIOError):
                waiting.connect(("::1", port))
        yield


@pytest.fixture
def two_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name with an address of each family, IPv6 first; nobody's resolver has one for a test."""
    plain = socket.getaddrinfo

    def both(host: str, port: int, *args: object, **kwargs: object) -> object:
        if host != "both.example":
            return plain(host, port, *args, **kwargs)  # type: ignore[arg-type]  # handed on as they came
        kinds = ((socket.AF_INET6, ("::1", port, 0, 0)), (socket.AF_INET, ("127.0.0.1", port)))
        return [(family, socket.SOCK_STREAM, 6, "", address) for family, address in kinds]

    monkeypatch.setattr(socket, "getaddrinfo", both)


def answer_all(connection: socket.socket, listener: Listener) -> None:
    while True:
        listener.heads.append(head_of(connection))
        connection.sendall(ANSWER)


@pytest.mark.usefixtures("two_addresses")
def test_an_address_that_leads_nowhere_costs_a_quarter_of_a_second() -> None:
    """One deadline holds for all addresses: tried one after the other, the first would use it up."""
    with listening(answer_all) as server, leading_nowhere(server.port):
        with closing(happy_eyeballs.connect("both.example", server.port, timeout=5.0)) as connection:
            assert connection.getpeername()[0] == "127.0.0.1"
        transport = Transport(connections=1, stall_timeout=5.0)
        answer = transport.send(get(f"http://both.example:{server.port}/"))
        transport.reset()

    assert answer.content == b"ok"


@pytest.mark.usefixtures("two_addresses")
def test_where_no_address_leads_anywhere_the_deadline_ends_it() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
    with leading_nowhere(port), pytest.raises(TimeoutError):
        happy_eyeballs.connect("both.example", port, timeout=0.5)


def test_a_resolver_that_does_not_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    answered = Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: answered.wait(30) and [])

    with pytest.raises(TimeoutError):
        happy_eyeballs.connect("storage.example", 443, timeout=0.2)
    answered.set()
