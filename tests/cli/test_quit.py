"""`callup-desktop --quit`, by which an installer asks the owner of the home to stop, and waits for it."""

from pathlib import Path

from callup_desktop.sandbox.embedded import Running
from tests.cli.console import DETAILS, Callup, profile_with, start_window, until, wav

WITHIN = 60


def test_quit_ends_the_running_window_in_good_order_and_waits_for_it(home: Path, sandbox: Running) -> None:
    window = start_window(home, "--profile", sandbox.profile)
    until(lambda: (home / "owner.json").exists(), window)

    asking = start_window(home, "--quit")
    out, err = asking.communicate(timeout=WITHIN)

    assert asking.returncode == 0, (out, err)
    out, err = window.communicate(timeout=WITHIN)
    assert window.returncode == 0, (out, err)
    assert not (home / "owner.json").exists()


def test_quit_where_nothing_runs_is_done_at_once(home: Path) -> None:
    asking = start_window(home, "--quit")
    asking.communicate(timeout=WITHIN)

    assert asking.returncode == 0


def test_quit_ends_a_console_that_sends_and_its_call_is_kept(home: Path, sandbox: Running, tmp_path: Path) -> None:
    console = Callup(home, profile_with(tmp_path / "slow", sandbox, bandwidth_limit=200_000))
    sending = console.start("send", wav(tmp_path / "long.wav", seconds=120), *DETAILS, "--json")
    until(lambda: (home / "owner.json").exists(), sending)
    # A call that is not checked yet would be a draft still.
    until(lambda: [row["state"] for row in console("list", "--json").values] == ["running"], sending)

    asking = start_window(home, "--quit")
    asking.communicate(timeout=WITHIN)
    out, err = sending.communicate(timeout=WITHIN)

    assert asking.returncode == 0
    assert sending.returncode == 75, (out, err)
    assert [row["state"] for row in console("list", "--json").values] == ["queued"]
