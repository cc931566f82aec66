"""Who may send: tokens that are kept as hashes, JWTs of a real issuer's keys, and nobody else."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import jwt
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from callup_desktop.gateway.callers import OidcIssuer
from callup_desktop.gateway.problems import ProblemError
from callup_desktop.gateway.settings import GatewaySettings
from callup_desktop.sandbox.embedded import Running
from tests.gateway.clients import CLIENTS, FIELDS, by_curl
from tests.gateway.conftest import QUICK
from tests.gateway.look import Before, Look
from tests.gateway.raw import answer_on, connected, form, head
from tests.gateway.replica import Replica, replica

DIALER, READER, OTHER = "dialer-token-1", "dashboard-token-2", "other-tenant-token-3"
AUDIENCE = "callup-gateway"


@dataclass
class Issuer:
    """An OIDC issuer as far as a resource server meets one: it signs, and publishes its public keys."""

    url: str
    keys: dict[str, Any] = field(default_factory=dict)
    asked: int = 0
    page: bytes | None = None
    """What stands where the keys should be."""

    def add_key(self, name: str, key: Any) -> None:
        self.keys[name] = key

    def jwks(self) -> bytes:
        told = []
        for name, key in self.keys.items():
            algorithm = RSAAlgorithm if isinstance(key, rsa.RSAPrivateKey) else ECAlgorithm
            told.append({**algorithm.to_jwk(key.public_key(), as_dict=True), "kid": name, "use": "sig"})
        return json.dumps({"keys": told}).encode()

    def token(self, key: str, *, algorithm: str = "RS256", signed_by: Any = None, **claims: object) -> str:
        now = datetime.now(UTC)
        told = {
            "iss": self.url,
            "aud": AUDIENCE,
            "sub": "rep-17",
            "exp": now + timedelta(minutes=5),
            "scope": "openid calls:send",
            "org": "acme",
            **claims,
        }
        present = {name: value for name, value in told.items() if value is not None}
        return jwt.encode(present, signed_by or self.keys[key], algorithm, headers={"kid": key})


@contextmanager
def issuer_running() -> Iterator[Issuer]:
    issuer = Issuer("")

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            issuer.asked += 1
            body = issuer.page or issuer.jwks()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        issuer.url = f"http://127.0.0.1:{server.server_address[1]}"
        issuer.add_key("rsa-1", rsa.generate_private_key(public_exponent=65537, key_size=2048))
        issuer.add_key("ec-1", ec.generate_private_key(ec.SECP256R1()))
        try:
            yield issuer
        finally:
            server.shutdown()


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    with issuer_running() as issuer:
        yield issuer


@pytest.fixture(scope="module")
def guarded(sandbox: Running, folder: Path, issuer: Issuer) -> Iterator[Replica]:
    """A replica that wants to know who sends."""
    entries = [
        {"sha256": hashlib.sha256(token.encode()).hexdigest(), "caller": caller, "tenant": tenant, "roles": roles}
        for token, caller, tenant, roles in (
            (DIALER, "dialer", "acme", ["calls:send"]),
            (READER, "dashboard", "acme", ["calls:read"]),
            (OTHER, "dialer", "globex", ["calls:send", "calls:read"]),
        )
    ]
    file = folder / "tokens.json"
    file.write_text(json.dumps(entries))
    oidc = {
        "oidc_issuer": issuer.url,
        "oidc_audience": AUDIENCE,
        "oidc_jwks_url": f"{issuer.url}/jwks",
        "oidc_tenant_claim": "org",
    }
    with replica(sandbox.profile, folder / "guarded", tokens_file=file, **oidc, **QUICK) as running:
        yield running


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.parametrize("name", sorted(CLIENTS))
def test_a_wrong_token_is_refused_and_each_client_hears_why(
    name: str, guarded: Replica, long_call: Path, look: Look
) -> None:
    before = Before.of(look)

    answer = CLIENTS[name](guarded.upload, FIELDS, long_call, bearer("wrong"))

    assert (answer.status, answer.json["type"]) == (401, "sign_in_refused")
    assert answer.headers["www-authenticate"] == "Bearer"
    before.assert_nothing_added()


def test_a_wrong_token_costs_no_byte_of_the_body_where_the_client_asks_first(guarded: Replica) -> None:
    with connected(guarded) as sock:
        sock.sendall(head(10**9, headers=["Expect: 100-continue", "Authorization: Bearer wrong"]))
        first = sock.recv(65536)

    assert first.startswith(b"HTTP/1.1 401 ")
    assert b"100 Continue" not in first


def test_curl_sends_no_body_to_a_gateway_that_refuses_its_token(guarded: Replica, long_call: Path) -> None:
    answer = by_curl(guarded.upload, FIELDS, long_call, {**bearer("wrong"), "X-Request-Id": "asks-first"})

    assert answer.status == 401
    assert answer.headers["x-request-id"] == "asks-first"
    assert guarded_received(guarded) == 0


def guarded_received(guarded: Replica) -> float:
    metrics = requests.get(f"{guarded.address}/metrics", timeout=10).text
    return float(
        next(line for line in metrics.splitlines() if line.startswith("callup_received_bytes_total")).split()[1]
    )


def test_no_token_is_told_apart_from_a_wrong_one(guarded: Replica) -> None:
    answer = requests.get(f"{guarded.address}/api/v1/calls", timeout=10)

    assert (answer.status_code, answer.json()["type"]) == (401, "not_signed_in")


def test_a_token_that_may_only_read_may_not_send(guarded: Replica, recordings: Mapping[str, Path]) -> None:
    answer = by_curl(guarded.upload, FIELDS, recordings["mp3"], bearer(READER))

    assert (answer.status, answer.json["type"]) == (403, "not_permitted")


def test_callers_see_their_own_calls_and_a_reader_those_of_its_tenant(
    guarded: Replica, issuer: Issuer, recordings: Mapping[str, Path]
) -> None:
    def send(token: str) -> str:
        answer = by_curl(guarded.upload, FIELDS, recordings["mp3"], bearer(token))
        assert answer.status == 201, answer.text
        return str(answer.json["call_id"])

    def seen(token: str) -> set[str]:
        page = requests.get(f"{guarded.address}/api/v1/calls", headers=bearer(token), timeout=10).json()
        return {call["call_id"] for call in page["calls"]}

    rep = issuer.token("rsa-1")
    by_dialer, by_rep, by_other = send(DIALER), send(rep), send(OTHER)

    assert seen(DIALER) == {by_dialer}
    assert seen(rep) == {by_rep}
    assert seen(READER) == {by_dialer, by_rep}
    assert seen(OTHER) == {by_other}
    foreign = requests.get(f"{guarded.address}/api/v1/calls/{by_other}", headers=bearer(READER), timeout=10)
    assert (foreign.status_code, foreign.json()["type"]) == (404, "no_such_call")


def test_a_jwt_of_the_issuer_is_believed_whatever_its_kind_of_key(guarded: Replica, issuer: Issuer) -> None:
    for token in (issuer.token("rsa-1"), issuer.token("ec-1", algorithm="ES256"), issuer.token("rsa-1", scope=None)):
        answer = requests.get(f"{guarded.address}/api/v1/calls", headers=bearer(token), timeout=10)
        assert answer.status_code == 200, answer.text


def test_a_jwt_without_the_right_to_send_may_not(
    guarded: Replica, issuer: Issuer, recordings: Mapping[str, Path]
) -> None:
    answer = by_curl(guarded.upload, FIELDS, recordings["mp3"], bearer(issuer.token("rsa-1", scope="openid")))
    assert answer.status == 403
    allowed = issuer.token("rsa-1", scope=None, roles=["calls:send"])
    assert by_curl(guarded.upload, FIELDS, recordings["mp3"], bearer(allowed)).status == 201


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": datetime(2020, 1, 1, tzinfo=UTC)},
        {"exp": None},
        {"aud": "another service"},
        {"aud": None},
        {"iss": "https://issuer.example.com"},
        {"sub": ""},
        {"nbf": datetime(2100, 1, 1, tzinfo=UTC)},
        {"sub": None},
    ],
    ids=str,
)
def test_a_jwt_for_something_else_is_refused(claims: dict[str, Any], guarded: Replica, issuer: Issuer) -> None:
    answer = requests.get(
        f"{guarded.address}/api/v1/calls", headers=bearer(issuer.token("rsa-1", **claims)), timeout=10
    )
    assert (answer.status_code, answer.json()["type"]) == (401, "sign_in_refused")


def test_a_jwt_that_nobody_of_the_issuer_signed_is_refused(guarded: Replica, issuer: Issuer) -> None:
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    forged = (
        issuer.token("rsa-1", signed_by=stranger),
        jwt.encode({"iss": issuer.url, "aud": AUDIENCE, "sub": "x", "exp": 9999999999}, "", "none"),
        signed_with_public_key(issuer),
        "a.b.c",
        "..",
    )
    for token in forged:
        answer = requests.get(f"{guarded.address}/api/v1/calls", headers=bearer(token), timeout=10)
        assert (answer.status_code, answer.json()["type"]) == (401, "sign_in_refused"), token


def signed_with_public_key(issuer: Issuer) -> str:
    """A JWT whose secret is what everybody can read; PyJWT itself refuses to make one."""
    pem = issuer.keys["rsa-1"].public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    told = ({"alg": "HS256", "kid": "rsa-1"}, {"iss": issuer.url, "aud": AUDIENCE, "sub": "x", "exp": 9999999999})
    signed = ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in told)
    mark = base64.urlsafe_b64encode(hmac.digest(pem, signed.encode(), "sha256")).decode().rstrip("=")
    return f"{signed}.{mark}"


def test_tokens_with_invented_key_ids_do_not_flood_the_issuer(guarded: Replica, issuer: Issuer) -> None:
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    requests.get(f"{guarded.address}/api/v1/calls", headers=bearer(issuer.token("rsa-1")), timeout=10)
    asked = issuer.asked

    for number in range(20):
        token = issuer.token(f"invented-{number}", signed_by=stranger)
        assert requests.get(f"{guarded.address}/api/v1/calls", headers=bearer(token), timeout=10).status_code == 401

    assert issuer.asked <= asked + 1


def test_an_issuer_that_cannot_be_reached_is_not_the_callers_fault(sandbox: Running, folder: Path) -> None:
    with issuer_running() as gone:
        token = gone.token("rsa-1")
    oidc = {"oidc_issuer": gone.url, "oidc_audience": AUDIENCE, "oidc_jwks_url": f"{gone.url}/jwks"}
    with replica(sandbox.profile, folder / "orphaned", **oidc, **QUICK) as running:
        answer = requests.get(f"{running.address}/api/v1/calls", headers=bearer(token), timeout=10)

    assert (answer.status_code, answer.json()["type"]) == (503, "gateway_busy")
    assert int(answer.headers["retry-after"]) >= 1


@pytest.mark.parametrize("content", [b"<html>back soon</html>", b"[]", b'{"keys": []}', b'{"keys": [{"kty": "x"}]}'])
def test_an_issuer_whose_keys_cannot_be_read_is_not_the_callers_fault(content: bytes, issuer: Issuer) -> None:
    with issuer_running() as broken:
        broken.page = content
        settings = GatewaySettings(
            profile=Path("gateway.callup"),
            oidc_issuer=issuer.url,
            oidc_audience=AUDIENCE,
            oidc_jwks_url=f"{broken.url}/jwks",
        )
        with pytest.raises(ProblemError) as told:
            OidcIssuer(settings).caller_of(issuer.token("rsa-1"))

    assert (told.value.problem.code, told.value.problem.status) == ("gateway_busy", 503)


def test_no_secret_reaches_the_log(guarded: Replica, issuer: Issuer, sandbox: Running) -> None:
    token = issuer.token("rsa-1")
    requests.get(f"{guarded.address}/api/v1/calls", headers=bearer(token), timeout=10)
    with connected(guarded) as sock:
        sock.sendall(head(None, headers=[f"Authorization: Bearer {DIALER}"]) + b"zz\r\n" + form(b""))
        answer_on(sock)

    text = guarded.log.read_text()
    assert "request answered" in text
    for secret in (DIALER, READER, OTHER, token, token.rpartition(".")[2], sandbox.secret_access_key):
        assert secret not in text
