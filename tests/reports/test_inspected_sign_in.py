"""Uploads work behind the company's inspecting proxy, and signing in does not.

The proxy shows certificates of the company's own authority, which every computer of it trusts. The AWS SDK trusts its
own list where it asks for keys: single sign-on and roles failed for ever, while a browser on the same computer worked.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from botocore.credentials import SSOProvider
from botocore.loaders import create_loader
from botocore.model import ServiceId
from botocore.tokens import SSOTokenProvider

from callup_desktop.config.profile import Profile
from callup_desktop.engine.errors import AccountError, CallError, Code
from callup_desktop.services.aws_session import CREDENTIAL_SERVICES
from callup_desktop.services.secrets import Secrets, Vault, open_secrets
from tests.services.certificates import ORGANISATION, Authority
from tests.services.front import Reply
from tests.services.test_secrets import GoodKeyring, keys_of
from tests.services.tls_front import InspectingProxy, accepting, inspecting_proxy

REGION = "eu-west-1"
START = "https://acme.awsapps.com/start"
LATER = datetime.now(UTC) + timedelta(hours=1)

KEYS = "[profile keys]\naws_access_key_id = AKIASOURCE\naws_secret_access_key = s\n"
ROLE = f"[default]\nregion = {REGION}\nrole_arn = arn:aws:iam::123456789012:role/rep\nsource_profile = keys\n{KEYS}"
SINGLE_SIGN_ON = (
    f"[default]\nregion = {REGION}\nsso_start_url = {START}\nsso_region = {REGION}\n"
    "sso_account_id = 123456789012\nsso_role_name = rep\n"
)
SESSION = (
    f"[default]\nregion = {REGION}\nsso_session = acme\nsso_account_id = 123456789012\nsso_role_name = rep\n"
    f"[sso-session acme]\nsso_start_url = {START}\nsso_region = {REGION}\n"
    "sso_registration_scopes = sso:account:access\n"
)


def role_keys(operation: str) -> Reply:
    """How STS answers."""
    keys = (
        "<AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>"
        f"<Expiration>{LATER:%Y-%m-%dT%H:%M:%SZ}</Expiration>"
    )
    result = f"<{operation}Result><Credentials>{keys}</Credentials></{operation}Result>"
    body = f"<{operation}Response>{result}</{operation}Response>"
    return Reply(200, {"Content-Type": "text/xml", "x-amzn-RequestId": "R1"}, body.encode())


def told(status: int, **values: object) -> Reply:
    return Reply(status, {"Content-Type": "application/json", "x-amzn-RequestId": "R1"}, json.dumps(values).encode())


def answer(host: str, line: str, body: str) -> Reply:
    """AWS, as far as it is asked for keys."""
    if host.startswith("sts."):
        return role_keys("AssumeRoleWithWebIdentity" if "WebIdentity" in body else "AssumeRole")
    if host.startswith("oidc."):
        return told(200, accessToken="renewed", expiresIn=3600, refreshToken="r2", tokenType="Bearer")
    if "/federation/credentials" in line:
        keys = {"accessKeyId": "ASIASSO", "secretAccessKey": "s", "sessionToken": "t"}
        return told(200, roleCredentials=keys | {"expiration": int(LATER.timestamp() * 1000)})
    return told(404)


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def rep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home of a rep whose AWS configuration is what the test writes, and nothing in the environment."""
    for variable in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(variable)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    cache = tmp_path / ".aws" / "sso" / "cache"
    cache.mkdir(parents=True)
    for provider in (SSOProvider, SSOTokenProvider):
        monkeypatch.setattr(provider, "_SSO_TOKEN_CACHE_DIR", str(cache))  # botocore asked for the home at its import
    return tmp_path


def configure(rep: Path, text: str, *, cached: str = START, ends: datetime = LATER) -> None:
    (rep / ".aws" / "config").write_text(text, encoding="utf-8")
    token = {"startUrl": START, "region": REGION, "accessToken": "signed in", "expiresAt": f"{ends:%Y-%m-%dT%H:%M:%SZ}"}
    registered = {"clientId": "c", "clientSecret": "s", "registrationExpiresAt": f"{LATER:%Y-%m-%dT%H:%M:%SZ}"}
    name = hashlib.sha1(cached.encode(), usedforsecurity=False).hexdigest()
    file = rep / ".aws" / "sso" / "cache" / f"{name}.json"
    file.write_text(json.dumps(token | registered | {"refreshToken": "r1"}), encoding="utf-8")


@pytest.fixture
def secrets(profile: Profile) -> Secrets:
    named = profile.model_copy(update={"credentials": "aws", "region": REGION})
    return open_secrets(named, Path("rep.callup"), vault=Vault("Acme", GoodKeyring()), environ={})


@contextmanager
def behind(
    authority: Authority, patch: pytest.MonkeyPatch, says: Callable[[str, str, str], Reply] = answer
) -> Iterator[InspectingProxy]:
    with inspecting_proxy(authority, says) as proxy:
        patch.setenv("HTTPS_PROXY", proxy.url)
        yield proxy


def trust(authority: Authority, patch: pytest.MonkeyPatch) -> None:
    """As where the company's authority is installed on the computer."""
    patch.setenv("SSL_CERT_FILE", str(authority.root))


SIGN_INS = {
    "role": (ROLE, START, LATER, "ASIAROLE", ["sts.eu-west-1.amazonaws.com"]),
    "single sign-on": (SINGLE_SIGN_ON, START, LATER, "ASIASSO", ["portal.sso.eu-west-1.amazonaws.com"]),
    "single sign-on, to be renewed": (
        SESSION,
        "acme",
        datetime.now(UTC) + timedelta(minutes=2),
        "ASIASSO",
        ["oidc.eu-west-1.amazonaws.com", "portal.sso.eu-west-1.amazonaws.com"],
    ),
}


@pytest.mark.parametrize("way", SIGN_INS)
def test_signing_in_goes_through_the_proxy_and_trusts_what_the_system_trusts(
    way: str, rep: Path, secrets: Secrets, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    text, cached, ends, key_id, hosts = SIGN_INS[way]
    configure(rep, text, cached=cached, ends=ends)
    trust(authority, monkeypatch)

    with behind(authority, monkeypatch) as proxy:
        keys = keys_of(secrets)

    assert keys[0] == key_id
    assert [host for host, _line, _body in proxy.asked] == hosts


def test_a_role_of_a_signed_token_is_asked_for_on_the_same_way(
    rep: Path, secrets: Secrets, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(rep, f"[default]\nregion = {REGION}\n")
    (rep / "token").write_text("signed", encoding="utf-8")
    monkeypatch.setenv("AWS_WEB_IDENTITY_TOKEN_FILE", str(rep / "token"))
    monkeypatch.setenv("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/rep")
    trust(authority, monkeypatch)

    with behind(authority, monkeypatch) as proxy:
        assert keys_of(secrets)[0] == "ASIAROLE"

    assert [host for host, _line, _body in proxy.asked] == ["sts.eu-west-1.amazonaws.com"]


@pytest.mark.parametrize("way", SIGN_INS)
def test_an_authority_that_the_system_does_not_trust_is_told_at_once_and_by_name(
    way: str, rep: Path, secrets: Secrets, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    text, cached, ends, _key_id, hosts = SIGN_INS[way]
    configure(rep, text, cached=cached, ends=ends)

    with behind(authority, monkeypatch) as proxy, pytest.raises(AccountError) as caught:
        keys_of(secrets)

    assert caught.value.code is Code.TLS_UNTRUSTED
    assert caught.value.params["issuer"] == ORGANISATION
    assert caught.value.params["host"] == hosts[0]
    assert proxy.asked == [], "nothing was said to somebody who is not trusted"


def unauthorized(_host: str, _line: str, _body: str) -> Reply:
    return told(401, message="Session token not found or invalid", __type="UnauthorizedException")


def denied(_host: str, _line: str, _body: str) -> Reply:
    body = b"<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code></Error></ErrorResponse>"
    return Reply(403, {"Content-Type": "text/xml", "x-amzn-RequestId": "R1"}, body)


@pytest.mark.parametrize(
    ("text", "says", "code"),
    [(SINGLE_SIGN_ON, unauthorized, Code.SIGN_IN), (ROLE, denied, Code.ACCESS_DENIED)],
    ids=["signed out", "role denied"],
)
def test_a_refusal_of_keys_is_told_by_who_has_to_act(
    text: str,
    says: Callable[[str, str, str], Reply],
    code: Code,
    rep: Path,
    secrets: Secrets,
    authority: Authority,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    configure(rep, text)
    trust(authority, monkeypatch)

    with behind(authority, monkeypatch, says), pytest.raises(AccountError) as caught:
        keys_of(secrets)

    assert caught.value.code is code


def test_a_proxy_that_wants_a_password_is_told_while_signing_in(
    rep: Path, secrets: Secrets, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(rep, ROLE)
    refusal = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"

    with accepting(lambda client: client.sendall(refusal) if client.recv(4096) else None) as port:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        with pytest.raises(CallError) as caught:
            keys_of(secrets)

    assert caught.value.code is Code.PROXY_LOGIN


def test_every_service_that_gives_keys_is_known_by_the_name_of_its_events() -> None:
    loader = create_loader()
    models = [loader.load_service_model(service, "service-2") for service in CREDENTIAL_SERVICES]

    assert [ServiceId(model["metadata"]["serviceId"]).hyphenize() for model in models] == list(CREDENTIAL_SERVICES)
