"""A client of a gateway compresses what it asks only of one that has said it can read that."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from callup_desktop.config.profile import GatewayProfile
from callup_desktop.engine.errors import Code
from callup_desktop.services.direct_shapes import Completion, SentPart
from callup_desktop.services.gateway.client import GatewayClient, Meaning
from callup_desktop.services.gateway_tokens import open_gateway_secrets
from callup_desktop.services.secrets import Vault
from callup_desktop.services.transport import Transport
from tests.services.http_server import running
from tests.services.test_secrets import GoodKeyring

COMPLETION = Completion(parts=[SentPart(number=number, etag=f'"{number:032x}"') for number in range(1, 206)])
"""Of a recording of a GiB in parts of 5 MiB."""
PLAIN = COMPLETION.model_dump_json().encode()


@dataclass
class Gateway:
    """Says "{}" to everything, and whether it unpacks."""

    unpacks: bool
    heard: list[tuple[str, bytes]] = field(default_factory=list)
    """The encoding of each request that had a body, and that body."""
    address: str = ""


@pytest.fixture(params=[True, False], ids=["it unpacks", "it says nothing of that"])
def gateway(request: pytest.FixtureRequest) -> Iterator[Gateway]:
    made = Gateway(request.param)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            made.heard.append((self.headers.get("Content-Encoding", ""), body))
            self.send_response(200)
            if made.unpacks:
                self.send_header("Accept-Encoding", "gzip")
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_arguments: object) -> None:
            """To nobody."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.address = f"http://127.0.0.1:{server.server_address[1]}"
    with running(server):
        yield made


@pytest.fixture
def client(gateway: Gateway) -> Iterator[GatewayClient]:
    profile = GatewayProfile(name="Acme", gateway=gateway.address)
    secrets = open_gateway_secrets(profile, Vault("acme", GoodKeyring()), {"CALLUP_GATEWAY_TOKEN": "token"})
    transport = Transport(connections=1)
    yield GatewayClient(profile, secrets, transport, Meaning(Code.STORAGE_BUSY, Code.STORE_REFUSED))
    transport.reset()


def test_a_long_request_is_compressed_once_the_gateway_has_said_that_it_unpacks(
    gateway: Gateway, client: GatewayClient
) -> None:
    for _ in range(2):
        client.ask("complete", "POST", "/uploads/1/complete", COMPLETION)

    assert gateway.heard[0] == ("", PLAIN)
    encoding, body = gateway.heard[1]
    assert encoding == ("gzip" if gateway.unpacks else "")
    assert (gzip.decompress(body) if gateway.unpacks else body) == PLAIN
    assert len(body) < len(PLAIN) / 2 or not gateway.unpacks


def test_a_short_request_is_left_as_it_is(gateway: Gateway, client: GatewayClient) -> None:
    for _ in range(2):
        client.ask("complete", "POST", "/uploads/1/complete", Completion(parts=COMPLETION.parts[:2]))

    assert [encoding for encoding, _body in gateway.heard] == ["", ""]
