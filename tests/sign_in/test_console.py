"""`callup sign-in` and `callup sign-out`, each in a process of its own."""

import json
import signal
import sys
from pathlib import Path

import pytest
import tomli_w

from tests.cli.console import Callup
from tests.sign_in.browsers import PLAIN_BROWSER, browse
from tests.sign_in.real_provider import CLIENT_ID, RealProvider

WITHIN = 60


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A keyring that outlasts a process."""
    file = tmp_path / "keyring.json"
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "tests.ui.kept_keyring.KeptKeyring")
    monkeypatch.setenv("KEPT_KEYRING", str(file))
    return file


@pytest.fixture
def callup(home: Path, tmp_path: Path, provider: RealProvider) -> Callup:
    file = tmp_path / "acme.callup"
    values = {"name": "Acme", "gateway": "https://calls.acme.test", "oidc_issuer": provider.issuer}
    file.write_text(tomli_w.dumps({**values, "oidc_client_id": CLIENT_ID}), encoding="utf-8")
    return Callup(home, file)


@pytest.mark.skipif(sys.platform == "win32", reason="$BROWSER names no program there")
def test_the_console_opens_the_browser_and_the_next_one_signs_out(
    callup: Callup, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BROWSER", PLAIN_BROWSER)

    signed_in = callup("sign-in")
    entries = kept.read_text(encoding="utf-8")
    signed_out = callup("sign-out", "--json")

    assert signed_in.code == 0
    assert "You are signed in. Everything goes on by itself." in signed_in.err
    assert "refresh_token" in entries
    assert (signed_out.code, signed_out.values[0]["outcome"]) == (0, "signed_out")
    assert kept.read_text(encoding="utf-8") == "{}"


def test_without_a_browser_the_printed_page_is_enough(
    callup: Callup, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BROWSER", "no-such-browser")
    with callup.start("sign-in", "--json") as console:
        assert console.stdout is not None
        page = browse(json.loads(console.stdout.readline())["url"])
        result = json.loads(console.stdout.readline())
        assert console.wait(WITHIN) == 0

    assert "You are signed in" in page
    assert result["outcome"] == "signed_in"
    assert "refresh_token" in kept.read_text(encoding="utf-8")


@pytest.mark.usefixtures("kept")
def test_ctrl_c_gives_up(callup: Callup, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROWSER", "no-such-browser")
    with callup.start("sign-in", "--json") as console:
        assert console.stdout is not None
        assert "url" in json.loads(console.stdout.readline())
        console.send_signal(signal.SIGINT)
        result = json.loads(console.stdout.readline())
        assert console.wait(WITHIN) == 1

    assert (result["outcome"], result["message"]) == ("sign_in_cancelled", "Nobody has signed in.")


def test_a_sign_in_that_no_keyring_keeps_is_told(callup: Callup, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    monkeypatch.setenv("BROWSER", PLAIN_BROWSER)

    answer = callup("sign-in")

    assert answer.code == 1
    assert "until CallUp ends" in answer.err


def test_a_profile_without_an_issuer_needs_no_sign_in(callup: Callup) -> None:
    callup.profile.write_text('name = "Acme"\ngateway = "https://calls.acme.test"\n', encoding="utf-8")

    answer = callup("sign-in")

    assert answer.code == 1
    assert "needs no sign-in" in answer.err
