"""Calls of a rep who signs in: from the console, through a gateway that asks who sends, into real servers."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import tomli_w

from callup_desktop.config.profile import load_profile
from callup_desktop.sandbox.embedded import Running
from tests.cli.console import DETAILS, Callup, wav
from tests.gateway.inside import replica_inside
from tests.gateway.look import Look
from tests.gateway.replica import write_profile
from tests.sign_in.browsers import PLAIN_BROWSER
from tests.sign_in.real_provider import AUDIENCE, CLIENT_ID, RealProvider, real_provider

COLLECTION = "calls_of_signed_in"


@dataclass(frozen=True)
class Company:
    """A provider whose tokens live for seconds, and a gateway that takes no others."""

    provider: RealProvider
    gateway: str


@pytest.fixture(scope="module")
def company(sandbox: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    folder = tmp_path_factory.mktemp("company")
    servers = load_profile(sandbox.profile).model_copy(update={"collection": COLLECTION})
    path = write_profile(folder / "gateway", servers, sandbox.profile)
    with real_provider(lifetime=2) as provider:
        issuer = {"oidc_issuer": provider.issuer, "oidc_audience": AUDIENCE, "oidc_jwks_url": f"{provider.issuer}/jwks"}
        with replica_inside(path, folder / "gateway.log", relay_interval=0.2, **issuer) as running:
            yield Company(provider, running.address)


@pytest.fixture
def callup(home: Path, tmp_path: Path, company: Company, monkeypatch: pytest.MonkeyPatch) -> Callup:
    """A laptop with a browser and a keyring, and nothing else."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "tests.ui.kept_keyring.KeptKeyring")
    monkeypatch.setenv("KEPT_KEYRING", str(tmp_path / "keyring.json"))
    monkeypatch.setenv("BROWSER", PLAIN_BROWSER)
    values = {
        "name": "Acme",
        "gateway": company.gateway,
        "oidc_issuer": company.provider.issuer,
        "oidc_client_id": CLIENT_ID,
        "oidc_scope": "openid offline_access calls:send",
    }
    file = tmp_path / "acme.callup"
    file.write_text(tomli_w.dumps(values), encoding="utf-8")
    return Callup(home, file)


@pytest.fixture
def own_look(sandbox: Running) -> Iterator[Look]:
    with Look.at(sandbox) as found:
        found.calls = found.calls.database[COLLECTION]
        yield found


@pytest.mark.skipif(sys.platform == "win32", reason="$BROWSER names no program there")
def test_nobody_signed_in_keeps_every_call_and_signing_in_sends_them(
    callup: Callup, company: Company, own_look: Look, tmp_path: Path
) -> None:
    recordings = [wav(tmp_path / f"{number}.wav", seconds=30, seed=number) for number in range(3)]

    kept = callup("send", *recordings, *DETAILS, "--json", "--patience", "2")
    assert kept.code == 75
    assert {told["error"]["code"] for told in kept.values if "error" in told} == {"sign_in"}

    assert callup("sign-in").code == 0
    sent = callup("resume", "--json")

    assert (sent.code, len(sent.values)) == (0, 3)
    assert own_look.calls.count_documents({"_id": {"$in": [told["call_id"] for told in sent.values]}}) == 3
    # Tokens of two seconds were renewed on the way, and no call heard of it.
    assert company.provider.count(granted="refresh_token") > 0
    assert company.provider.count(refused="refresh_token") == 0


@pytest.mark.skipif(sys.platform == "win32", reason="$BROWSER names no program there")
def test_a_sign_in_that_was_ended_elsewhere_keeps_the_calls_until_the_next(
    callup: Callup, own_look: Look, tmp_path: Path
) -> None:
    assert callup("sign-in").code == 0
    keyring = tmp_path / "keyring.json"
    held = keyring.read_text(encoding="utf-8")
    assert callup("sign-out").code == 0
    # The company ended it at the provider; this laptop has not heard of that.
    keyring.write_text(held, encoding="utf-8")

    kept = callup("send", wav(tmp_path / "a.wav", seconds=5), *DETAILS, "--json", "--patience", "2")
    assert kept.code == 75
    assert kept.values[-1]["error"]["code"] == "sign_in"
    assert keyring.read_text(encoding="utf-8") == "{}"

    assert callup("sign-in").code == 0
    sent = callup("resume", "--json")
    assert sent.code == 0
    assert own_look.calls.count_documents({"_id": sent.values[0]["call_id"]}) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="$BROWSER names no program there")
def test_the_check_names_the_sign_in(callup: Callup) -> None:
    before = {told["hop"]: (told["ok"], told["code"]) for told in callup("check", "--json").values}
    assert callup("sign-in").code == 0
    after = {told["hop"]: told["ok"] for told in callup("check", "--json").values}

    assert before["sign_in"] == (False, "sign_in")
    assert all(after.values()), after
