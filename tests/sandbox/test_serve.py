"""The sandbox as a program: one line when it is ready, a clean end when asked, and no server that outlives it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from callup_desktop.sandbox.embedded import Running, Sandbox
from callup_desktop.sandbox.ports import local_sockets
from tests.sandbox.clients import clients_of

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="sends POSIX signals")

SECONDS = 30.0


@contextmanager
def serving(data: Path) -> Iterator[tuple["subprocess.Popen[str]", Running]]:
    """The program on this folder, ready, and what it said about itself."""
    program = _start(data)
    try:
        assert program.stdout is not None
        yield program, Running(**_fields(program.stdout.readline()))
    finally:
        program.terminate()
        program.communicate(timeout=SECONDS)


def _start(data: Path, *options: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "callup_desktop.cli.main", "sandbox", "--data", str(data), *options],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def _fields(line: str) -> dict[str, Any]:
    fields: dict[str, Any] = json.loads(line)
    return fields | {"profile": Path(fields["profile"])}


def _servers_of(program: "subprocess.Popen[str]") -> list[psutil.Process]:
    """The three servers; each is the child of a supervisor."""
    return [server for supervisor in psutil.Process(program.pid).children() for server in supervisor.children()]


def _all_end(servers: list[psutil.Process]) -> bool:
    _gone, alive = psutil.wait_procs(servers, timeout=SECONDS)
    return not alive


def test_it_says_where_it_is_and_leaves_its_data_when_asked_to_end(tmp_path: Path) -> None:
    with serving(tmp_path) as (program, running):
        servers = _servers_of(program)
        with clients_of(running) as clients:
            clients.s3.put_object(Bucket=running.bucket, Key="kept", Body=b"audio")
        program.terminate()
        assert program.wait(SECONDS) == 0
        assert len(servers) == 3
        assert not any(server.is_running() for server in servers)

    with Sandbox(tmp_path) as again, clients_of(again) as clients:
        assert clients.s3.get_object(Bucket=again.bucket, Key="kept")["Body"].read() == b"audio"


def test_servers_of_a_killed_program_end_and_the_next_start_goes_on(tmp_path: Path) -> None:
    with serving(tmp_path) as (program, _running):
        servers = _servers_of(program)
        program.kill()
        program.wait(SECONDS)

        with Sandbox(tmp_path) as again, clients_of(again) as clients:
            assert clients.s3.list_buckets()["Buckets"]

    assert _all_end(servers)


def test_a_killed_program_leaves_no_socket_in_the_temporary_folder(tmp_path: Path) -> None:
    with serving(tmp_path) as (program, _running):
        supervisors = psutil.Process(program.pid).children()
        ports = json.loads((tmp_path / "ports.json").read_text(encoding="utf-8"))["s3"]
        sockets = [path for port in ports for path in local_sockets(port)]
        assert any(path.exists() for path in sockets)

        program.kill()
        program.wait(SECONDS)
        assert _all_end(supervisors)

    assert [path for path in sockets if path.exists()] == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
def test_a_server_whose_keeper_was_killed_ends_too(tmp_path: Path) -> None:
    with serving(tmp_path) as (program, _running):
        servers = _servers_of(program)
        for supervisor in psutil.Process(program.pid).children():
            supervisor.kill()

        assert _all_end(servers)


def test_ctrl_c_in_a_terminal_does_not_reach_the_servers_behind_the_programs_back(tmp_path: Path) -> None:
    with serving(tmp_path) as (program, _running):
        assert all(os.getpgid(server.pid) != program.pid for server in _servers_of(program))
        os.killpg(program.pid, signal.SIGINT)

        _output, errors = program.communicate(timeout=SECONDS)
        assert (program.returncode, errors) == (0, "")


def test_a_server_that_ends_by_itself_ends_the_program_in_a_sentence(tmp_path: Path) -> None:
    with serving(tmp_path) as (program, _running):
        next(server for server in _servers_of(program) if "moto" in " ".join(server.cmdline())).kill()

        _output, errors = program.communicate(timeout=SECONDS)
        assert (program.returncode, errors) == (1, "The sandbox's sqs server ended; so does the sandbox.\n")


def test_a_folder_in_use_is_a_sentence_and_an_exit_code(tmp_path: Path) -> None:
    with Sandbox(tmp_path):
        program = _start(tmp_path)
        output, errors = program.communicate(timeout=SECONDS)

    assert (program.returncode, output) == (1, "")
    assert errors.startswith("Another CallUp runs the sandbox")
    assert "Traceback" not in errors


def test_a_script_reads_the_code_and_what_the_server_said_last(damaged_folder: Path) -> None:
    program = _start(damaged_folder, "--json")
    output, errors = program.communicate(timeout=SECONDS)

    error = json.loads(output)["error"]
    assert (program.returncode, errors) == (1, "")
    assert (error["code"], error["message"]) == (
        "sandbox_server_failed",
        "The sandbox's mongo server ended as soon as it was started.",
    )
    assert "WiredTiger" in error["detail"]
