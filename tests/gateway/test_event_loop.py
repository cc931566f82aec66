"""Nothing blocks the event loop: every system call that could is refused there while calls are taken."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from callup_desktop.sandbox.embedded import Running
from tests.gateway.replica import ROOT


def test_no_call_blocks_while_recordings_are_taken_refused_and_listed(
    sandbox: Running, recordings: Mapping[str, Path], long_call: Path
) -> None:
    files = (str(path) for path in (sandbox.profile, recordings["mp3"], long_call))
    command = [sys.executable, "-m", "tests.gateway.watched", *files]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=100, check=False)

    lines = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]
    blocked = [line["traceback"] for line in lines if "BlockingError" in line.get("traceback", "")]
    assert not blocked, blocked[0]
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == [201, 201, 400, 200, 200, 200, 201, 200, 200, 409, 204]
    assert [line for line in lines if line["event"] == "call announced"]
