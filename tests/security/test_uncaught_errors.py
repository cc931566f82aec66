"""What nobody caught is written without secrets, in whichever program and thread it happens."""

import json
import os
import subprocess
import sys
import threading
from functools import partial
from pathlib import Path

import pytest

from callup_desktop.logs import FILE_NAME, open_log
from callup_desktop.sandbox.embedded import Running
from callup_desktop.uncaught import UncaughtErrors
from tests.cli.console import profile_with

CANARY = "c4n4ry"
KINDS = ("main thread", "another thread", "thrown away", "a library", "a warning")
ARGUMENTS = {"console": ("check", "--profile"), "window": ("--profile",), "worker": ()}


@pytest.mark.parametrize("program", ARGUMENTS)
def test_whatever_fails_no_secret_is_printed_with_it(
    tmp_path: Path, home: Path, sandbox: Running, program: str
) -> None:
    mongo = sandbox.mongo_uri.replace("mongodb://", "mongodb://rep@")
    profile = profile_with(tmp_path / "profile", sandbox, credentials="keyring", mongo_uri=mongo)
    environ = {
        "CALLUP_HOME": str(home),
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHON_KEYRING_BACKEND": "tests.security.planted_keyring.PlantedKeyring",
        "CANARY_KEYRING": f"mongo_password={CANARY}-keyring",
        "AWS_SECRET_ACCESS_KEY": f"{CANARY}-environment",
    }
    if program == "worker":
        environ |= {"CALLUP_GATEWAY_PROFILE": str(profile), "CALLUP_MONGO_PASSWORD": f"{CANARY}-environment-too"}
    arguments = [*ARGUMENTS[program], str(profile)] if ARGUMENTS[program] else []
    command = [sys.executable, "-m", "tests.security.failing_program", program, *arguments]

    done = subprocess.run(command, env={**os.environ, **environ}, capture_output=True, text=True, timeout=90)

    kinds = (*KINDS, *(("a slot", "a thread of Qt") if program == "window" else ()))
    assert [kind for kind in kinds if f"{kind}: ***" not in done.stderr] == [], done.stderr
    assert CANARY not in done.stdout + done.stderr
    assert done.returncode == 1


def test_an_error_that_cannot_be_told_is_not_printed_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    def broken() -> tuple[str, ...]:
        raise OSError("no keyring")

    with pytest.raises(SystemExit), UncaughtErrors(broken).told():
        raise ValueError(CANARY)

    assert capsys.readouterr().err == "ValueError, which cannot be told: OSError\n"


def test_the_log_of_a_running_engine_has_it_too(home: Path) -> None:
    uncaught = UncaughtErrors(lambda: (CANARY,))
    with open_log(home) as log, uncaught.told_too(lambda text: log.error("uncaught", traceback=text)), uncaught.told():
        thread = threading.Thread(target=partial(int, CANARY))
        thread.start()
        thread.join()

    (line,) = (home / FILE_NAME).read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["event"] == "uncaught"
    assert "invalid literal" in line
    assert CANARY not in line


def test_ctrl_c_ends_a_program_without_what_was_under_way(capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted() -> None:
        try:
            raise ValueError(CANARY)
        finally:
            raise KeyboardInterrupt

    with pytest.raises(SystemExit) as ended, UncaughtErrors().told():
        interrupted()

    assert ended.value.code == 130
    assert capsys.readouterr().err == ""
