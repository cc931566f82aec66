"""Files handed to a running program were lost or doubled when there were many, or when that program died meanwhile.

With ten thousand calls, or a thousand with long paths, the console said that the program had been closed; repeated, it
sent them twice. Killed in between, it had taken files that nobody kept, and the console said that everything was.
"""

import json
import random
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import pytest
from pymongo.collection import Collection

from callup_desktop.engine.job import Job, State
from callup_desktop.engine.journal.journal import open_journal
from callup_desktop.instance.messages import PAGE, PROTOCOL
from callup_desktop.sandbox.embedded import Running
from tests.cli.console import DETAILS, POLL_INTERVAL, RUN_WITHIN, Callup, profile_with, start_window, until, wav

CONSOLES = 8
DEATHS = 3


@pytest.fixture
def callup(home: Path, sandbox: Running) -> Callup:
    return Callup(home, sandbox.profile)


@contextmanager
def window_on(home: Path, profile: Path) -> Iterator["subprocess.Popen[str]"]:
    """The window, which owns the home."""
    window = start_window(home, "--profile", profile)
    try:
        until(lambda: (home / "owner.json").exists(), window)
        yield window
    finally:
        window.send_signal(signal.SIGTERM)
        window.communicate(timeout=RUN_WITHIN)


@contextmanager
def owner_of(home: Path, protocol: int = PROTOCOL) -> Iterator["subprocess.Popen[str]"]:
    """A process that takes everything and keeps nothing."""
    command = [sys.executable, "-m", "tests.reports.owner", str(home), str(protocol)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as owner:
        try:
            heard_until(owner, "ready")
            yield owner
        finally:
            owner.kill()


def heard_until(owner: "subprocess.Popen[str]", verb: str) -> None:
    assert owner.stdout is not None
    for line in owner.stdout:
        if line.strip() == verb:
            return
    raise AssertionError(f"nobody asked for {verb}")


def registered(calls: Collection[dict[str, Any]], company: str) -> int:
    return calls.count_documents({"metadata.company_name": company})


def as_company(company: str) -> tuple[str, ...]:
    return ("--company", company, *DETAILS[2:])


def test_a_list_that_is_longer_than_any_message_is_told_whole(callup: Callup, home: Path) -> None:
    journal, count = open_journal(home / "journal.sqlite3"), 2_500
    for number in range(count):
        path = Path("/", *("x" * 250 for _ in range(14)), f"{number}.wav")
        journal.add(Job(f"call-{number}", State.DRAFT, path, datetime.now(UTC)))
    journal.close()
    with window_on(home, callup.profile):
        answer = callup("list", "--json")

    assert answer.code == 0, answer.err
    assert [row["call_id"] for row in answer.values] == [f"call-{number}" for number in range(count)]
    assert len(answer.out) > 8 * 1024 * 1024


def test_more_files_than_a_request_carries_are_all_taken_and_all_told(
    callup: Callup, home: Path, tmp_path: Path
) -> None:
    files = [tmp_path / f"{number}.wav" for number in range(2 * PAGE + 20)]
    for file in files:
        file.touch()
    with window_on(home, callup.profile):
        answer = callup("send", *files, *DETAILS, "--json")
        left = callup("list", "--json")

    assert answer.code == 1
    assert sorted(told["file"] for told in answer.values) == sorted(map(str, files))
    assert {told["error"]["code"] for told in answer.values} == {"empty"}
    assert left.values == []


def test_what_an_owner_took_but_did_not_keep_is_sent_by_the_console_once_that_owner_is_dead(
    callup: Callup, home: Path, calls: Collection[dict[str, Any]], tmp_path: Path
) -> None:
    path = wav(tmp_path / "call.wav", seed=20)
    with owner_of(home) as owner:
        console = callup.start("send", path, *as_company("Not kept"), "--json", "--patience", "60")
        heard_until(owner, "changes")
        owner.kill()
        owner.wait()
        out, err = console.communicate(timeout=RUN_WITHIN)

    assert console.returncode == 0, (out, err)
    assert json.loads(out)["file"] == str(path)
    assert registered(calls, "Not kept") == 1


def test_what_nobody_keeps_is_not_said_to_be_kept(callup: Callup, home: Path, tmp_path: Path) -> None:
    path = wav(tmp_path / "call.wav", seed=21)
    with owner_of(home):
        answer = callup("send", path, *DETAILS, "--json", "--patience", "1")

    (told,) = answer.values
    assert (answer.code, told["file"], told["error"]["code"]) == (1, str(path), "not_taken")
    assert told["error"]["message"] == "CallUp has not taken this recording. Please send it again."


def test_an_owner_that_is_stopped_while_it_is_followed_is_told_and_so_is_what_it_does_not_keep(
    callup: Callup, home: Path, tmp_path: Path
) -> None:
    path = wav(tmp_path / "call.wav", seed=22)
    with owner_of(home) as owner:
        console = callup.start("send", path, *DETAILS, "--json", "--patience", "600")
        heard_until(owner, "changes")
        owner.send_signal(signal.SIGSTOP)
        out, err = console.communicate(timeout=RUN_WITHIN)

    told = [json.loads(line) for line in out.splitlines()]
    assert [(line["file"], line["error"]["code"]) for line in told] == [("", "owner_silent"), (str(path), "not_taken")]
    assert (console.returncode, err) == (1, "")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux sets the limits of a running process")
def test_what_a_running_program_cannot_write_down_is_told_with_the_reason_and_not_said_to_be_kept(
    callup: Callup, home: Path, tmp_path: Path
) -> None:
    with window_on(home, callup.profile) as window:
        assert callup("list").code == 0
        _soft, hard = resource.prlimit(window.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(window.pid, resource.RLIMIT_FSIZE, (1, hard))
        path = wav(tmp_path / "call.wav", seed=23)
        answer = callup("send", path, *DETAILS, "--json", "--patience", "10")
        resource.prlimit(window.pid, resource.RLIMIT_FSIZE, (hard, hard))

    told = [(line["file"], line["error"]["code"]) for line in answer.values]
    assert told == [("", "journal_disk_full"), (str(path), "not_taken")]
    assert answer.code == 1


def test_an_owner_of_another_build_is_told_for_that_and_can_be_asked_to_quit(callup: Callup, home: Path) -> None:
    with owner_of(home, PROTOCOL + 1) as owner:
        answer = callup("list", "--json")
        quitting = start_window(home, "--quit")
        quitting.communicate(timeout=RUN_WITHIN)
        assert owner.wait(RUN_WITHIN) == 0

    assert (answer.code, answer.values[0]["error"]["code"]) == (78, "owner_other_build")
    assert quitting.returncode == 0


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="looks in Linux's list of sockets")
def test_eight_consoles_whose_owners_die_at_random_send_every_file_once(
    home: Path, sandbox: Running, calls: Collection[dict[str, Any]], tmp_path: Path
) -> None:
    chance = random.Random(20261126)
    slow = Callup(home, profile_with(tmp_path / "slow", sandbox, bandwidth_limit=1_000_000))
    files = [wav(tmp_path / f"{number}.wav", seconds=2, seed=300 + number) for number in range(CONSOLES + 2)]
    commands: list[list[str | Path]] = [
        ["send", *files[number : number + 3], *as_company("Eight"), "--json", "--patience", "60"]
        for number in range(CONSOLES)
    ]
    consoles = [slow.start(*command) for command in commands]
    killed: set[int] = set()
    for _ in range(DEATHS):
        owner = wait_for_owner(home, consoles)
        steps = len(slow.log()) + chance.randint(1, 15)
        with suppress(psutil.NoSuchProcess):
            while owner.is_running() and len(slow.log()) < steps:
                with suppress(psutil.TimeoutExpired):
                    owner.wait(POLL_INTERVAL)
            owner.kill()
            killed.add(owner.pid)

    for console, command in zip(consoles, commands, strict=True):
        out, err = console.communicate(timeout=CONSOLES * RUN_WITHIN)
        if console.pid in killed and console.returncode == -signal.SIGKILL:
            answer = slow(*command)
            assert answer.code in {0, 3}, answer
        else:
            assert console.returncode in {0, 3}, (out, err)
    assert registered(calls, "Eight") == len(files)
    assert {row["state"] for row in slow("list", "--json").values} == {"done"}


def wait_for_owner(home: Path, consoles: "list[subprocess.Popen[str]]") -> psutil.Process:
    """The console that listens for the others."""
    while running := [console for console in consoles if console.poll() is None]:
        for console in running:
            with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                process = psutil.Process(console.pid)
                if any(str(found.laddr) == str(home / "owner.sock") for found in process.net_connections("unix")):
                    return process
            with suppress(subprocess.TimeoutExpired):
                console.wait(POLL_INTERVAL)
    raise AssertionError("all consoles ended before enough of them could die")
