"""Calls arrived, the console failed over their receipts, and the script that believed it sent them all again.

Windows pipes speak cp1252 or cp437, cron jobs ASCII; the pipe's reader had gone, the disk with the log was full, or the
service that started the console gave it no streams at all. Names with control characters redrew the terminal.
"""

import json
import os
import pty
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from pymongo.collection import Collection

from callup_desktop.cli.progress import progress
from callup_desktop.engine.job import State
from callup_desktop.instance.messages import CallStatus
from callup_desktop.sandbox.embedded import Running
from tests.cli.console import DETAILS, RUN_WITHIN, Callup, wav

NAME = "Gespräch Żółć 通話 \x1b]0;owned\x07 1\n2.wav"
SHOWN = r"\x1b]0;owned\x07 1\n2.wav"

posix = pytest.mark.skipif(sys.platform == "win32", reason="descriptors and /dev/full are POSIX's")


@pytest.fixture
def callup(home: Path, sandbox: Running) -> Callup:
    return Callup(home, sandbox.profile)


def run(callup: Callup, encoding: str, *arguments: str | Path) -> "subprocess.CompletedProcess[bytes]":
    environ = {**callup.environment(), "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    return subprocess.run(callup.command(*arguments), env=environ, capture_output=True, timeout=RUN_WITHIN)


@posix
@pytest.mark.parametrize("encoding", ["cp1252", "cp437", "ascii"])
def test_a_pipe_that_lacks_letters_gets_receipts_lists_and_verdicts(
    callup: Callup, calls: Collection[dict[str, Any]], tmp_path: Path, encoding: str
) -> None:
    path = wav(tmp_path / NAME, seed=len(encoding))
    company = f"Żółć {encoding}"

    sent = run(callup, encoding, "send", path, "--company", company, *DETAILS[2:], "--json")
    listed = run(callup, encoding, "list")
    judged = run(callup, encoding, "probe", path, tmp_path / f"missing {NAME}")
    again = run(callup, encoding, "send", path, "--company", company, *DETAILS[2:])

    assert (sent.returncode, sent.stderr) == (0, b"")
    assert json.loads(sent.stdout)["file"] == str(path)
    assert sent.stdout.isascii()
    assert (listed.returncode, listed.stderr) == (0, b"")
    assert SHOWN.encode() in listed.stdout
    assert [json.loads(line)["verdict"] for line in judged.stdout.splitlines()] == ["ok", "refused"]
    assert SHOWN.encode() in judged.stderr
    assert again.returncode == 3
    assert SHOWN.encode() in again.stderr
    assert b"\x1b" not in listed.stdout + judged.stderr + again.stderr
    assert calls.count_documents({"metadata.company_name": company}) == 1


@posix
@pytest.mark.parametrize("streams", [">&-", ">&- 2>&-", "<&- >&- 2>&-", ">/dev/full", ">/dev/full 2>/dev/full"])
def test_a_stream_that_is_closed_or_full_is_no_reason_to_fail(
    callup: Callup, calls: Collection[dict[str, Any]], tmp_path: Path, streams: str
) -> None:
    path, company = wav(tmp_path / "call.wav", seed=len(streams)), f"Streams {streams}"
    command = callup.command("send", path, tmp_path / "missing.wav", "--company", company, *DETAILS[2:])

    sent = subprocess.run(
        ["/bin/sh", "-c", f'"$@" {streams}', "sh", *command],
        env=callup.environment(),
        capture_output=True,
        timeout=RUN_WITHIN,
    )

    assert b"Traceback" not in sent.stderr
    assert b"Exception ignored" not in sent.stderr
    assert sent.returncode == 1, "one file is missing, and that alone is a failure"
    assert calls.count_documents({"metadata.company_name": company}) == 1


@posix
def test_a_reader_that_has_gone_is_no_reason_to_fail(
    callup: Callup, calls: Collection[dict[str, Any]], tmp_path: Path
) -> None:
    command = callup.command("send", wav(tmp_path / "call.wav", seed=77), "--company", "Gone reader", *DETAILS[2:])
    reader, writer = os.pipe()
    os.close(reader)

    sent = subprocess.run(command, env=callup.environment(), stdout=writer, stderr=subprocess.PIPE, timeout=RUN_WITHIN)

    os.close(writer)
    assert (sent.returncode, sent.stderr) == (0, b"")
    assert calls.count_documents({"metadata.company_name": "Gone reader"}) == 1


def drained(reader: int) -> bytes:
    """All that was written to a terminal that is closed by now, which tells its end by an error."""
    data = b""
    with suppress(OSError):
        while piece := os.read(reader, 65536):
            data += piece
    return data


@posix
def test_a_bar_never_passes_its_end_though_a_part_is_sent_once_more(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, terminal = pty.openpty()
    with open(terminal, "w", encoding="utf-8") as stderr:  # noqa: PTH123 - a descriptor
        monkeypatch.setattr(sys, "stderr", stderr)
        monkeypatch.setenv("COLUMNS", "200")
        status = CallStatus(
            call_id="1",
            asked_id="1",
            path=b"call.wav",
            state=State.RUNNING,
            size=1000,
            stored=900,
            in_flight=400,
        )
        with progress() as bars:
            bars.show(status)
    drawn = drained(reader).decode()
    os.close(reader)
    assert re.findall(r"([\d.]+)/([\d.]+) kB", drawn)[-1] == ("1.0", "1.0"), ascii(drawn)
