"""A provider that says whatever an attacker would: every answer can be changed before it leaves."""

import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

from tests.services.http_server import running
from tests.sign_in.real_provider import CLIENT_ID

Claims = dict[str, Any]


def _as_it_is(values: Any) -> Any:
    return values


@dataclass
class HostileProvider:
    """Sound, until a test changes a part of it."""

    url: str = ""
    key: RSAPrivateKey = field(default_factory=lambda: generate_private_key(65537, 2048))
    describe: Callable[[dict[str, Any]], dict[str, Any]] = _as_it_is
    send_back: Callable[[dict[str, str]], dict[str, str]] = _as_it_is
    """Changes what the browser brings back."""
    claim: Callable[[Claims], Claims] = _as_it_is
    sign: "Callable[[HostileProvider, Claims], str] | None" = None
    grant: Callable[[dict[str, Any]], dict[str, Any]] = _as_it_is
    asked: list[dict[str, str]] = field(default_factory=list)
    """What browsers asked for."""
    forms: list[dict[str, str]] = field(default_factory=list)
    """What came to the token endpoint."""

    def description(self) -> dict[str, Any]:
        return self.describe(
            {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/auth",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/jwks",
                "revocation_endpoint": f"{self.url}/revoke",
                "code_challenge_methods_supported": ["S256"],
            }
        )

    def keys(self) -> dict[str, Any]:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [{**public, "kid": "sound", "use": "sig", "alg": "RS256"}]}

    def back(self, question: dict[str, str]) -> str:
        """Where the browser is sent."""
        self.asked.append(question)
        answer = self.send_back({"code": "the-code", "state": question["state"]})
        return f"{question['redirect_uri']}?{urlencode(answer)}"

    def granted(self, form: dict[str, str]) -> dict[str, Any]:
        self.forms.append(form)
        now = int(time.time())
        claims = self.claim(
            {
                "iss": self.url,
                "sub": "rep",
                "aud": CLIENT_ID,
                "iat": now,
                "exp": now + 600,
                "nonce": self.asked[-1]["nonce"] if self.asked else "",
            }
        )
        id_token = (self.sign or signed)(self, claims)
        answer = {"access_token": "access-1", "token_type": "Bearer", "expires_in": 3600, "refresh_token": "refresh-1"}
        return self.grant({**answer, "id_token": id_token})


def signed(provider: HostileProvider, claims: Claims) -> str:
    return jwt.encode(claims, provider.key, "RS256", headers={"kid": "sound"})


def by_another_key(_provider: HostileProvider, claims: Claims) -> str:
    return jwt.encode(claims, generate_private_key(65537, 2048), "RS256", headers={"kid": "sound"})


def by_nobody(_provider: HostileProvider, claims: Claims) -> str:
    return jwt.encode(claims, "", "none", headers={"kid": "sound"})


def by_the_public_key(provider: HostileProvider, claims: Claims) -> str:
    """HS256, with what everybody knows as the shared secret; PyJWT itself would not sign so."""
    import hashlib
    import hmac

    head = _part({"alg": "HS256", "typ": "JWT", "kid": "sound"}) + "." + _part(claims)
    secret = json.dumps(provider.keys()["keys"][0]).encode()
    return head + "." + _base64(hmac.new(secret, head.encode(), hashlib.sha256).digest())


def by_a_key_that_it_brings(_provider: HostileProvider, claims: Claims) -> str:
    """The token's own header holds the key."""
    own = generate_private_key(65537, 2048)
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(own.public_key()))
    return jwt.encode(claims, own, "RS256", headers={"kid": "mine", "jwk": public})


def _part(values: Any) -> str:
    return _base64(json.dumps(values).encode())


def _base64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


@contextmanager
def hostile_provider() -> Iterator[HostileProvider]:
    provider = HostileProvider()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            pass

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            match parts.path:
                case "/.well-known/openid-configuration":
                    self._say(provider.description())
                case "/jwks":
                    self._say(provider.keys())
                case "/auth":
                    self.send_response(302)
                    self.send_header("Location", provider.back(dict(parse_qsl(parts.query))))
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                case _:
                    self.send_error(404)

        def do_POST(self) -> None:
            form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
            answer = provider.granted(form) if self.path == "/token" else {}
            self._say(answer, 400 if "error" in answer else 200)

        def _say(self, values: dict[str, Any], status: int = 200) -> None:
            body = json.dumps(values).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.url = f"http://127.0.0.1:{server.server_address[1]}"
    with running(server):
        yield provider
