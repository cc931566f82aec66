"""A company's proxy that wants a name and a password, and hands on to one server whatever host it is asked for."""

import base64
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.services.tls_front import LOOPBACK, accepting, relay

_REFUSED = b'HTTP/1.1 407 Sign in\r\nProxy-Authenticate: Basic realm="acme"\r\nContent-Length: 0\r\n\r\n'


@dataclass
class LoginProxy:
    """`login` is `name:password`; `asked` are the hosts, `shown` what each request signed in with."""

    login: str
    port: int = 0
    asked: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"


@contextmanager
def login_proxy(login: str, backend: tuple[str, int]) -> Iterator[LoginProxy]:
    """A running proxy."""
    proxy = LoginProxy(login)

    def serve(client: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head and (more := client.recv(4096)):
            head += more
        lines = head.decode("ascii").split("\r\n")
        shown = next((line.partition(": ")[2] for line in lines if line.lower().startswith("proxy-authorization")), "")
        proxy.asked.append(lines[0].split()[1])
        proxy.shown.append(shown)
        if shown != "Basic " + base64.b64encode(login.encode()).decode():
            client.sendall(_REFUSED)
            return
        client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        relay(client, backend)

    with accepting(serve) as port:
        proxy.port = port
        yield proxy
