"""Attacks on signing in: from the provider, from other pages and programs of this computer, from who finds a file."""

import http.client
import socket
import sqlite3
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

from callup_desktop.choice import Choice
from callup_desktop.compose import connected
from callup_desktop.config.paths import home as home_of
from callup_desktop.engine.errors import AccountError, CallError, Code
from callup_desktop.engine.ports import SignInOutcome
from callup_desktop.logs import FILE_NAME, open_log
from callup_desktop.redaction import redacted
from callup_desktop.services.oidc.loopback import PATH, Receiver
from callup_desktop.services.oidc.tokens import SignedInTokens, SignInEndedError
from callup_desktop.services.secret_entry import Entry
from callup_desktop.services.sign_in import SignInService, sign_in_of
from tests.cli.console import DETAILS, Callup, wav
from tests.security.conftest import Written
from tests.security.test_mailed_profile import importing
from tests.services.test_secrets import GoodKeyring
from tests.sign_in.browsers import PLAIN_BROWSER, plain_browser
from tests.sign_in.conftest import PAGES, Computer, computer, profile_of, provider
from tests.sign_in.hostile_provider import (
    Claims,
    HostileProvider,
    by_a_key_that_it_brings,
    by_another_key,
    by_nobody,
    by_the_public_key,
    hostile_provider,
)
from tests.sign_in.real_provider import CLIENT_ID

__all__ = ["computer", "provider"]

CANARY = "c4n4ry"
WITHIN = 60


@pytest.fixture
def hostile() -> Iterator[HostileProvider]:
    with hostile_provider() as running:
        yield running


@pytest.fixture
def attacked(hostile: HostileProvider, tmp_path: Path) -> Computer:
    return Computer(profile_of(hostile.url), tmp_path / "sign-in.lock")


def refused(attacked: Computer) -> CallError:
    """Why signing in fails; nothing is kept, and the browser does not say that it worked."""
    tokens = attacked.program()
    with plain_browser() as (open_page, shown), pytest.raises(CallError) as why:
        tokens.sign_in(open_page, PAGES, timeout=WITHIN)
    assert attacked.refresh_token is None
    with pytest.raises(AccountError) as nobody:
        tokens.bearer()
    assert nobody.value.code == Code.SIGN_IN
    assert not any("You can close this page." in page for page in shown)
    return why.value


def test_a_sound_provider_signs_in(attacked: Computer, hostile: HostileProvider) -> None:
    with plain_browser() as (open_page, shown):
        attacked.program().sign_in(open_page, PAGES, timeout=WITHIN)

    assert attacked.refresh_token == "refresh-1"
    assert "You can close this page." in shown[0]
    assert hostile.asked[0]["code_challenge_method"] == "S256"
    assert "client_secret" not in hostile.forms[0]
    assert len(hostile.forms[0]["code_verifier"]) >= 43


# --- the provider's answers -----------------------------------------------------------------------------------------


def without(name: str) -> Callable[[Claims], Claims]:
    return lambda claims: {key: value for key, value in claims.items() if key != name}


def with_(**changes: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda values: {**values, **changes}


@pytest.mark.parametrize("sign", [by_another_key, by_nobody, by_the_public_key, by_a_key_that_it_brings])
def test_an_id_token_that_the_provider_did_not_sign(
    attacked: Computer, hostile: HostileProvider, sign: Callable[[HostileProvider, Claims], str]
) -> None:
    hostile.sign = sign

    assert refused(attacked).code == Code.SIGN_IN_SERVICE


@pytest.mark.parametrize(
    "claim",
    [
        with_(nonce="another"),
        without("nonce"),
        with_(aud="another-program"),
        with_(aud=[CLIENT_ID, "another-program"]),
        with_(azp="another-program"),
        with_(iss="https://id.evil.test"),
        without("exp"),
        without("iat"),
        without("sub"),
    ],
    ids=["nonce", "no nonce", "audience", "audiences", "party", "issuer", "no end", "no begin", "nobody"],
)
def test_an_id_token_that_is_not_an_answer_to_this_sign_in(
    attacked: Computer, hostile: HostileProvider, claim: Callable[[Claims], Claims]
) -> None:
    hostile.claim = claim

    assert refused(attacked).code == Code.SIGN_IN_SERVICE


@pytest.mark.parametrize("seconds", [-7200, 7200])
def test_a_clock_that_is_wrong_is_told_as_that(attacked: Computer, hostile: HostileProvider, seconds: int) -> None:
    hostile.claim = lambda claims: {**claims, "iat": claims["iat"] + seconds, "exp": claims["exp"] + seconds}

    assert refused(attacked).code == Code.CLOCK_WRONG


@pytest.mark.parametrize(
    "describe",
    [
        with_(issuer="https://id.evil.test"),
        with_(token_endpoint="http://id.evil.test/token"),
        with_(authorization_endpoint="http://id.evil.test/auth"),
        with_(authorization_endpoint="file:///etc/passwd"),
        with_(jwks_uri="http://id.evil.test/jwks"),
        with_(code_challenge_methods_supported=["plain"]),
        without("token_endpoint"),
    ],
    ids=["issuer", "plain token", "plain page", "a file", "plain keys", "no S256", "no token"],
)
def test_a_description_that_leads_elsewhere(
    attacked: Computer, hostile: HostileProvider, describe: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    hostile.describe = describe

    assert refused(attacked).code == Code.SIGN_IN_SERVICE
    assert not hostile.asked


@pytest.mark.parametrize("issuer", ["https://id.evil.test", ""])
def test_an_answer_of_another_issuer(attacked: Computer, hostile: HostileProvider, issuer: str) -> None:
    """The mix-up of RFC 9207; where the provider says that it names itself, it has to."""
    hostile.describe = with_(authorization_response_iss_parameter_supported=True)
    hostile.send_back = with_(iss=issuer) if issuer else with_()

    assert refused(attacked).code == Code.SIGN_IN_SERVICE
    assert not hostile.forms


@pytest.mark.parametrize(
    "grant",
    [
        without("id_token"),
        without("access_token"),
        with_(token_type="mac"),
        with_(access_token="two words"),
        with_(access_token="a\r\nX-Injected: 1"),
        with_(access_token=["list"]),
        with_(expires_in="soon"),
    ],
)
def test_a_grant_that_is_none(
    attacked: Computer, hostile: HostileProvider, grant: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    hostile.grant = grant

    assert refused(attacked).code == Code.SIGN_IN_SERVICE


def test_a_refusal_by_the_person_or_the_provider(attacked: Computer, hostile: HostileProvider) -> None:
    hostile.send_back = lambda answer: {"state": answer["state"], "error": "access_denied", "error_description": CANARY}

    told = refused(attacked)

    assert told.code == Code.SIGN_IN_DENIED
    assert CANARY not in f"{told.detail} {told.params}"


# --- codes ----------------------------------------------------------------------------------------------------------


def caught_code(tokens: SignedInTokens) -> str:
    """A sound code of this provider that somebody took on its way; the sign-in that waits for it is given up."""
    caught: list[str] = []

    def keep(url: str) -> str:
        caught.append(dict(parse_qsl(urlsplit(url).query))["code"])
        return ""

    with plain_browser(keep) as (open_page, _shown), pytest.raises(SignInEndedError):
        tokens.sign_in(open_page, PAGES, is_cancelled=lambda: bool(caught), timeout=WITHIN)
    return caught[0]


def signing_in_with(tokens: SignedInTokens, code: str) -> str:
    """The code of the refusal where the browser brings this code in the place of its own."""

    def exchange(url: str) -> str:
        return url.replace(dict(parse_qsl(urlsplit(url).query))["code"], code)

    with plain_browser(exchange) as (open_page, _shown), pytest.raises(CallError) as why:
        tokens.sign_in(open_page, PAGES, timeout=WITHIN)
    return why.value.code


def test_a_code_of_another_sign_in_is_of_no_use(computer: Computer) -> None:
    """Whoever slips the rep a code of their own would have the rep's calls under their name."""
    strangers = Computer(computer.profile, computer.lock).program()
    code = caught_code(strangers)

    assert signing_in_with(computer.program(), code) == Code.SIGN_IN
    assert computer.refresh_token is None


def test_a_code_is_of_use_once(computer: Computer) -> None:
    codes: list[str] = []

    def note(url: str) -> str:
        codes.append(dict(parse_qsl(urlsplit(url).query))["code"])
        return url

    tokens = computer.program()
    with plain_browser(note) as (open_page, _shown):
        tokens.sign_in(open_page, PAGES, timeout=WITHIN)

    assert signing_in_with(computer.program(), codes[0]) == Code.SIGN_IN


# --- the page on this computer --------------------------------------------------------------------------------------


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver(lambda query: "state=right" in query) as listening:
        yield listening


def asked(receiver: Receiver, query: str = "?code=c&state=right", method: str = "GET", **headers: str) -> int:
    """The status of the answer to one request; the page itself is waited for by nobody here."""
    parts = urlsplit(receiver.address)
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=WITHIN)
    connection.putrequest(method, f"{parts.path}{query}", skip_host="Host" in headers)
    for name, value in headers.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    status = connection.getresponse().status
    connection.close()
    return status


def still_waits(receiver: Receiver) -> bool:
    return receiver.wait(0, lambda: True) is None


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.test"},
        {"Origin": "null"},
        {"Host": "evil.test"},
        {"Host": "localhost:80"},
        {"Sec_Fetch_Mode": "no-cors", "Sec_Fetch_Dest": "image"},
        {"Sec_Fetch_Mode": "navigate", "Sec_Fetch_Dest": "iframe"},
        {"Sec_Fetch_Mode": "cors", "Sec_Fetch_Dest": "empty"},
    ],
    ids=["script", "sandboxed frame", "rebound name", "other name", "picture", "frame", "fetch"],
)
def test_another_web_page_cannot_bring_an_answer(receiver: Receiver, headers: dict[str, str]) -> None:
    assert asked(receiver, **headers) == 404
    assert still_waits(receiver)


@pytest.mark.parametrize("method", ["POST", "HEAD", "PUT", "OPTIONS", "TRACE"])
def test_only_a_page_is_asked_for(receiver: Receiver, method: str) -> None:
    assert asked(receiver, method=method) >= 400
    assert still_waits(receiver)


def test_who_does_not_know_the_state_ends_nothing(attacked: Computer, hostile: HostileProvider) -> None:
    """Wrong, missing and doubled states come first; the right one still signs in."""

    def guess(url: str) -> str:
        address = url.partition("?")[0]
        state = dict(parse_qsl(urlsplit(url).query))["state"]
        for query in ("code=evil&state=wrong", "code=evil", "", f"code=evil&state={state}&state={state}"):
            assert requests.get(f"{address}?{query}", timeout=WITHIN).status_code == 404
        return url

    with plain_browser(guess) as (open_page, _shown):
        attacked.program().sign_in(open_page, PAGES, timeout=WITHIN)

    assert attacked.refresh_token == "refresh-1"
    assert [form["code"] for form in hostile.forms] == ["the-code"]


def test_the_page_is_served_once(receiver: Receiver) -> None:
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(requests.get, f"{receiver.address}?code=c&state=right", timeout=WITHIN)
        assert receiver.wait(WITHIN, lambda: False) == "code=c&state=right"
        assert asked(receiver, "?code=other&state=right") == 404
        receiver.show(PAGES.done)
        page = first.result()

    assert receiver.wait(WITHIN, lambda: False) == "code=c&state=right"
    assert "You can close this page." in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_connections_that_say_nothing_do_not_keep_the_answer_out(receiver: Receiver) -> None:
    address = urlsplit(receiver.address)
    silent = [socket.create_connection((str(address.hostname), int(address.port or 0))) for _ in range(20)]
    try:
        assert asked(receiver, "?code=c&state=wrong") == 404
    finally:
        for connection in silent:
            connection.close()


def test_nobody_else_can_have_the_port_while_it_is_waited_on(receiver: Receiver) -> None:
    address = urlsplit(receiver.address)
    with socket.socket() as thief:
        thief.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with pytest.raises(OSError, match="in use"):
            thief.bind((str(address.hostname), int(address.port or 0)))


def test_a_fixed_port_that_another_program_has_is_told(attacked: Computer, hostile: HostileProvider) -> None:
    """It would get the answer, so the browser is not sent there; without the verifier a code opens nothing anyway."""
    with socket.create_server(("127.0.0.1", 0)) as squatter:
        port = squatter.getsockname()[1]
        attacked.profile = attacked.profile.model_copy(update={"oidc_port": port})

        told = refused(attacked)

    assert told.code == Code.SIGN_IN_SERVICE
    assert str(port) in told.detail
    assert not hostile.asked


def test_a_fixed_port_serves_one_sign_in_after_the_other(attacked: Computer, hostile: HostileProvider) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    attacked.profile = attacked.profile.model_copy(update={"oidc_port": port})
    tokens = attacked.program()

    with plain_browser() as (open_page, _shown):
        for _ in range(2):
            assert tokens.sign_in(open_page, PAGES, timeout=WITHIN)

    assert {question["redirect_uri"] for question in hostile.asked} == {f"http://127.0.0.1:{port}{PATH}"}


def test_other_computers_do_not_reach_it(receiver: Receiver) -> None:
    assert urlsplit(receiver.address).hostname == "127.0.0.1"
    assert receiver._server.server_address[0] == "127.0.0.1"


def test_a_second_sign_in_takes_the_place_of_the_first(attacked: Computer) -> None:
    tokens = attacked.program()
    with ThreadPoolExecutor(1) as pool, plain_browser() as (open_page, _shown):
        opened = Event()
        first = pool.submit(SignInService(tokens, str).sign_in, lambda _url: opened.set(), PAGES, lambda: False)
        assert opened.wait(WITHIN)

        assert tokens.sign_in(open_page, PAGES, timeout=WITHIN)
        assert first.result(WITHIN).outcome is SignInOutcome.CANCELLED

    assert tokens.bearer() == "access-1"


def test_a_browser_that_never_answers_is_waited_for_no_longer_than_said(attacked: Computer) -> None:
    opened: list[str] = []

    with pytest.raises(SignInEndedError) as ended:
        attacked.program().sign_in(opened.append, PAGES, timeout=0)

    assert ended.value.outcome is SignInOutcome.TIMED_OUT
    port = int(dict(parse_qsl(urlsplit(opened[0]).query))["redirect_uri"].split(":")[2].split("/")[0])
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port)).close()


# --- where tokens go ------------------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="$BROWSER names no program there")
def test_nothing_of_a_token_is_written(
    home: Path, hostile: HostileProvider, written: Written, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Signing in, sending, checking, signing out by the console, where everything that is secret has a mark."""
    kept = tmp_path / "keyring.json"
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "tests.ui.kept_keyring.KeptKeyring")
    monkeypatch.setenv("KEPT_KEYRING", str(kept))
    monkeypatch.setenv("BROWSER", PLAIN_BROWSER)
    hostile.send_back = lambda answer: {**answer, "code": f"{CANARY}-code"}
    hostile.grant = lambda answer: {
        **answer,
        "access_token": f"{CANARY}-access",
        "refresh_token": f"{CANARY}-refresh-{len(hostile.forms)}",
    }
    values: dict[str, object] = {"name": "Acme", "gateway": "http://127.0.0.1:9", "oidc_issuer": hostile.url}
    callup = Callup(home, written("acme.callup", values, oidc_client_id=CLIENT_ID))

    said = callup("sign-in")
    assert (said.code, "You are signed in" in said.err) == (0, True)
    assert CANARY in kept.read_text(encoding="utf-8")
    runs = [said, callup("send", wav(tmp_path / "a.wav"), *DETAILS, "--patience", "2")]
    runs += [callup("check", "--json"), callup("list", "--json"), callup("sign-out")]
    hostile.grant = lambda _answer: {"error": f"{CANARY}-error", "error_description": f"{CANARY}-words"}
    runs.append(callup("sign-in", "--json"))

    assert [run.code for run in runs] == [0, 75, 1, 0, 0, 1]
    assert CANARY not in kept.read_text(encoding="utf-8")
    for run in runs:
        assert CANARY not in run.out + run.err, run
    assert hostile.forms[0]["code_verifier"] not in said.out + said.err
    assert not [file for file in home.rglob("*") if file.is_file() and CANARY.encode() in file.read_bytes()]
    with closing(sqlite3.connect(home / "journal.sqlite3")) as journal:
        dump = "\n".join(journal.iterdump())
    assert "a.wav" in dump
    assert CANARY not in dump


def test_tokens_that_reach_a_writer_are_masked(
    hostile: HostileProvider, written: Written, backend: GoodKeyring, tmp_path: Path
) -> None:
    """Also where a library put them into its words; the log, the report for IT and the door use the same mask."""
    hostile.grant = with_(access_token=f"{CANARY}/access=", refresh_token=f"{CANARY}-refresh")
    values: dict[str, object] = {"name": "Acme", "gateway": "https://calls.acme.test", "oidc_issuer": hostile.url}
    file = written("acme.callup", values, oidc_client_id=CLIENT_ID)
    with connected(Choice(file, environ={}), home_of()) as connection:
        service = sign_in_of(connection.secrets, connection.redact)
        assert service is not None
        with plain_browser() as (open_page, _shown):
            service.sign_in(open_page, PAGES, lambda: False)
        question, form = hostile.asked[-1], hostile.forms[-1]
        told = [f"{CANARY}/access=", f"{CANARY}-refresh", form["code_verifier"], form["code"], question["state"]]
        with open_log(tmp_path, connection.known_secrets) as log:
            log.error("failed", detail=" and ".join(told), nested=[{"text": repr(told)}])
        written_down = (tmp_path / FILE_NAME).read_text(encoding="utf-8") + connection.redact(str(told))

    assert backend.entries
    for secret in told:
        assert secret not in written_down


@pytest.mark.parametrize(
    "text",
    [
        "got eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJyZXAifQ.c4n4ry-signature from it",
        "GET /callup/signed-in?code=c4n4ry&state=c4n4ry",
        "grant_type=refresh_token&refresh_token=c4n4ry&client_id=callup-desktop",
        '{"access_token": "c4n4ry", "id_token": "c4n4ry"}',
        "code_verifier=c4n4ry",
    ],
)
def test_what_looks_like_a_token_is_masked_though_nobody_knows_it(text: str) -> None:
    assert CANARY not in redacted(text)


@pytest.mark.usefixtures("home")
def test_a_mailed_profile_takes_no_sign_in_along(written: Written, backend: GoodKeyring) -> None:
    """The same gateway and another issuer: with all keys ticked, the evil one gets no token of the other."""
    values: dict[str, object] = {"name": "Acme", "gateway": "https://calls.acme.test", "oidc_client_id": CLIENT_ID}
    importing(written("acme.callup", values, oidc_issuer="https://id.acme.test"))
    with connected(Choice(environ={}), home_of()) as connection:
        connection.vault.write(Entry.REFRESH_TOKEN, f"{CANARY}-refresh")
        connection.vault.write(Entry.GATEWAY_TOKEN, "goes-along")

    importing(written("evil.callup", values, oidc_issuer="https://id.evil.test"), with_keys=True)

    with connected(Choice(environ={}), home_of()) as evil:
        assert evil.vault.read(Entry.GATEWAY_TOKEN) == "goes-along"
        assert evil.vault.read(Entry.REFRESH_TOKEN) is None
    assert CANARY in str(backend.entries)
