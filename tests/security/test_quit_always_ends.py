"""Whatever hangs, a program that the rep has quit is gone soon, and so is its lock."""

import signal
from pathlib import Path

import pytest

from callup_desktop.sandbox.embedded import Running
from tests.cli.console import DETAILS, Callup, profile_with, start_window, wav

GONE_WITHIN = 60


@pytest.mark.parametrize("command", [("--quit",), ()], ids=["asked to quit", "SIGTERM"])
def test_a_window_whose_keyring_hangs_ends_and_leaves_its_lock(
    tmp_path: Path, home: Path, sandbox: Running, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "tests.security.hung_keyring.HungKeyring")
    profile = profile_with(tmp_path / "profile", sandbox, credentials="keyring")
    callup = Callup(home, profile)
    window = start_window(home, "--profile", profile)
    with window:
        sent = callup("send", wav(tmp_path / "call.wav"), *DETAILS, "--patience", "3")
        assert sent.code == 75
        if command:
            start_window(home, *command).communicate(timeout=GONE_WITHIN)
        else:
            window.send_signal(signal.SIGTERM)
        said = window.communicate(timeout=GONE_WITHIN)
    assert window.returncode == 0, said
    assert callup("list").code == 0
