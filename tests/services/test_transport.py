"""How bytes reach AWS: whom TLS trusts, which proxy is asked, and servers that leave out manners."""

import datetime as dt
import ipaddress
import shutil
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSRequest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from callup_desktop.engine.errors import AccountError, Code, TransientError
from callup_desktop.services import network, tls
from callup_desktop.services.transport import Transport
from callup_desktop.services.way import Way
from tests.services.certificates import self_signed
from tests.services.outside import MIB, body_of

ANSWER = b"HTTP/1.1 200 OK\r\nx-amz-request-id: R1\r\nContent-Length: 2\r\n\r\nok"
STORAGE = "https://storage.example.invalid/"


@dataclass
class Listener:
    """A server that does with each connection what it is told; `heads` are the requests' heads."""

    port: int
    heads: list[bytes] = field(default_factory=list)


@contextmanager
def listening(
    serve: Callable[[socket.socket, Listener], None], context: ssl.SSLContext | None = None
) -> Iterator[Listener]:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        listener = Listener(server.getsockname()[1])

        def accept() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    connection.settimeout(10)
                    with suppress(OSError), connection:
                        if context is None:
                            serve(connection, listener)
                        else:
                            with context.wrap_socket(connection, server_side=True) as secure:
                                serve(secure, listener)

        thread = Thread(target=accept)
        thread.start()
        try:
            yield listener
        finally:
            # Closing a socket does not wake a thread that accepts on it; a connection does.
            server.shutdown(socket.SHUT_RDWR)
            thread.join(10)


def head_of(connection: socket.socket) -> bytes:
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = connection.recv(1)
        if not byte:
            raise ConnectionAbortedError
        head += byte
    return head


def answer_once(connection: socket.socket, listener: Listener) -> None:
    listener.heads.append(head_of(connection))
    connection.sendall(ANSWER)


def get(url: str) -> AWSPreparedRequest:
    return AWSRequest(method="GET", url=url).prepare()


@pytest.fixture
def transport() -> Iterator[Transport]:
    transport = Transport(connections=2, stall_timeout=10)
    yield transport
    transport.reset()


# --- TLS --------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that only its maker trusts, as one of a network that looks into TLS; with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "DE"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Acme Inspection"),
            x509.NameAttribute(NameOID.COMMON_NAME, "Acme Root"),
        ]
    )
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    return file


@pytest.fixture
def secure(certificate: Path) -> Iterator[Listener]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with listening(answer_once, context) as listener:
        yield listener


def test_a_certificate_of_nobody_known_is_told_with_its_issuer(secure: Listener, transport: Transport) -> None:
    with pytest.raises(AccountError) as caught:
        transport.send(get(f"https://127.0.0.1:{secure.port}/"))

    assert caught.value.code is Code.TLS_UNTRUSTED
    assert caught.value.params["issuer"] == "Acme Inspection"
    assert secure.heads == [], "nothing was said to a server that is not trusted"


def test_what_the_system_trusts_is_trusted(
    secure: Listener, transport: Transport, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    answer = transport.send(get(f"https://127.0.0.1:{secure.port}/"))

    assert answer.content == b"ok"


def test_bytes_that_are_no_certificate_have_no_issuer() -> None:
    with pytest.raises((IndexError, ValueError)):
        tls.issuer_of(b"\x30\x03\x30\x01")


@pytest.mark.parametrize(("since", "until"), [(-40 * 365, 1), (-1, 40 * 365)], ids=["of 1986", "until 2066"])
def test_a_certificate_tells_from_when_to_when_it_is_valid(since: int, until: int, tmp_path: Path) -> None:
    """Years before 2050 are written with two digits, later ones with four."""
    file = self_signed(tmp_path / "server.pem", since=since, until=until)
    certificate = ssl.PEM_cert_to_DER_cert(file.read_text(encoding="ascii").partition("-----BEGIN PRIVATE")[0])
    today = dt.datetime.now(dt.UTC).date()

    assert tuple((moment.date() - today).days for moment in tls.validity_of(certificate)) == (since, until)


# --- manners ----------------------------------------------------------------------------------------------------------


def test_a_server_that_never_says_continue_is_not_waited_for_again(transport: Transport) -> None:
    def mute(connection: socket.socket, listener: Listener) -> None:
        while True:
            listener.heads.append(head_of(connection))
            connection.recv(5, socket.MSG_WAITALL)
            connection.sendall(ANSWER)

    with listening(mute) as server:
        for _ in range(2):
            request = AWSRequest(method="PUT", url=f"http://127.0.0.1:{server.port}/", data=body_of(b"hello"))
            request.headers["Expect"] = b"100-continue"  # type: ignore[assignment]  # as botocore encodes it
            transport.send(request.prepare())
        transport.reset()

    first, second = server.heads
    assert b"Expect: 100-continue" in first
    assert b"Expect" not in second


def test_a_long_body_asks_the_system_for_nothing_but_to_send_it(
    transport: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_timeouts: list[float | None] = []
    set_timeout = socket.socket.settimeout

    def counted(connection: socket.socket, seconds: float | None) -> None:
        set_timeouts.append(seconds)
        set_timeout(connection, seconds)

    def storing(connection: socket.socket, listener: Listener) -> None:
        while True:
            head = head_of(connection).lower()
            listener.heads.append(head)
            left = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0])
            while left:
                left -= len(connection.recv(min(left, MIB)))
            connection.sendall(ANSWER)

    def timeouts_of_a_body(size: int) -> int:
        before = len(set_timeouts)
        transport.send(AWSRequest(method="PUT", url=url, data=body_of(bytes(size))).prepare())
        return len(set_timeouts) - before

    monkeypatch.setattr(socket.socket, "settimeout", counted)
    with listening(storing) as server:
        url = f"http://127.0.0.1:{server.port}/"
        timeouts_of_a_body(1)
        few, many = timeouts_of_a_body(MIB), timeouts_of_a_body(32 * MIB)
        transport.reset()

    assert 0 < few == many


def test_a_server_that_falls_silent_is_given_up() -> None:
    transport = Transport(connections=1, stall_timeout=0.2)

    def silent(connection: socket.socket, listener: Listener) -> None:
        listener.heads.append(head_of(connection))
        connection.recv(1)

    with listening(silent) as server, pytest.raises(TransientError) as caught:
        transport.send(get(f"http://127.0.0.1:{server.port}/"))

    assert caught.value.code is Code.CONNECTION


def test_a_socket_option_that_python_knows_and_the_system_does_not_is_done_without(
    transport: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "TCP_KEEPINTVL", 9_999, raising=False)

    with listening(answer_once) as server:
        response = transport.send(get(f"http://127.0.0.1:{server.port}/"))

    assert response.content == b"ok"


def test_a_port_where_nobody_listens_is_a_connection_lost(transport: Transport) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]

    with pytest.raises(TransientError) as caught:
        transport.send(get(f"http://127.0.0.1:{port}/"))

    assert caught.value.code is Code.CONNECTION


@pytest.mark.skipif(not network.has_route(), reason="this computer is in no network")
def test_a_name_that_nobody_has_is_told_by_name(transport: Transport) -> None:
    with pytest.raises(AccountError) as caught:
        transport.send(get(STORAGE))

    assert caught.value.code is Code.NAME_UNKNOWN
    assert caught.value.params == {"host": "storage.example.invalid"}


def test_a_name_without_any_network_is_offline() -> None:
    alone = shutil.which("unshare")
    if alone is None or subprocess.run([alone, "-rn", "true"], check=False, capture_output=True).returncode:
        pytest.skip("this system makes no network of its own for a process")
    program = (
        "from botocore.awsrequest import AWSRequest\n"
        "from callup_desktop.engine.errors import CallError\n"
        "from callup_desktop.services.transport import Transport\n"
        f"request = AWSRequest(method='GET', url='{STORAGE}').prepare()\n"
        "try: Transport(connections=1).send(request)\n"
        "except CallError as exc: print(exc.code)\n"
    )

    told = subprocess.run([alone, "-rn", sys.executable, "-c", program], check=True, capture_output=True, text=True)

    assert told.stdout.strip() == Code.OFFLINE


# --- proxies ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "error", "expected"),
    [
        ("407 Proxy Authentication Required", AccountError, Code.PROXY_LOGIN),
        ("403 Forbidden", AccountError, Code.PROXY_BLOCKS),
        ("502 Bad Gateway", TransientError, Code.CONNECTION),
    ],
)
def test_a_proxy_that_does_not_let_us_through_is_told_apart(
    status: str, error: type[Exception], expected: Code, transport: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(connection: socket.socket, listener: Listener) -> None:
        listener.heads.append(head_of(connection))
        connection.sendall(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode())

    with listening(refuse) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://rep:hunter2@127.0.0.1:{proxy.port}")
        with pytest.raises((AccountError, TransientError)) as caught:
            transport.send(get(STORAGE))

    assert isinstance(caught.value, error)
    assert caught.value.code is expected
    assert proxy.heads[0].startswith(b"CONNECT storage.example.invalid:443 ")
    assert b"cmVwOmh1bnRlcjI=" in proxy.heads[0], "rep:hunter2 in base64"
    assert "hunter2" not in str(caught.value)


def test_this_computer_is_never_reached_through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("HTTPS_PROXY", "proxy.example:3128")

    assert Way().proxy_for("http://127.0.0.1:9000/bucket") == ""
    assert Way().proxy_for(STORAGE) == "http://proxy.example:3128"


@pytest.mark.parametrize(
    ("answer", "portal"),
    [
        (b"HTTP/1.1 302 Found\r\nLocation: http://login.example/\r\nContent-Length: 0\r\n\r\n", True),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 21\r\n\r\n<html>Welcome!</html>", True),
        (b"HTTP/1.1 301 Moved\r\nLocation: https://127.0.0.1/\r\nContent-Length: 0\r\n\r\n", False),
        (ANSWER, False),
        (b"", False),
    ],
    ids=["elsewhere", "a page", "its own https", "the service", "nothing"],
)
def test_plain_http_that_somebody_else_answers_is_a_portal(*, answer: bytes, portal: bool) -> None:
    def say(connection: socket.socket, listener: Listener) -> None:
        listener.heads.append(head_of(connection))
        connection.sendall(answer)

    with listening(say) as host:
        assert network.is_captive_portal("127.0.0.1", port=host.port) is portal
