"""What an operator sees: health, metrics, log lines, the description at /docs, and how the gateway starts."""

import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryFile

import pytest
import requests
from pydantic import ValidationError

from callup_desktop.gateway.callers import tokens_in
from callup_desktop.gateway.settings import GatewaySettings
from callup_desktop.sandbox.embedded import Running
from tests.faults.laptop import Network
from tests.gateway.clients import FIELDS, by_curl
from tests.gateway.conftest import QUICK
from tests.gateway.look import Look
from tests.gateway.raw import connected, head
from tests.gateway.replica import ROOT, WITHIN, Replica, eventually, replica, started

CALLUP = [sys.executable, "-m", "callup_desktop.cli.main"]


def refused(*arguments: str, folder: Path, **settings: str) -> tuple[int, str]:
    """The exit code and the sentence of a start that fails."""
    environment = {**os.environ, "CALLUP_HOME": str(folder), **settings}
    with TemporaryFile("w") as out, TemporaryFile("w+") as err, started(list(arguments), environment, out, err) as run:
        code = run.wait(WITHIN)
        err.seek(0)
        told = err.read()
    assert "Traceback" not in told
    return code, told.strip()


def test_health_tells_which_service_is_down(outage_gateway: Replica, network: Network) -> None:
    def ready() -> tuple[int, dict[str, str]]:
        answer = requests.get(f"{outage_gateway.address}/health/ready", timeout=30)
        return answer.status_code, answer.json()["services"]

    eventually(lambda: ready() == (200, {}), "it is ready")
    network.s3.go_down()
    eventually(lambda: ready() == (503, {"storage": "connection"}), "storage is down")
    network.s3.come_back()
    network.mongo.go_down()
    eventually(lambda: ready() == (503, {"registry": "registry_unreachable"}), "the registry is down")
    assert requests.get(f"{outage_gateway.address}/health/live", timeout=10).json() == {"status": "ok"}
    network.mongo.come_back()
    eventually(lambda: ready() == (200, {}), "it is ready again")


def test_a_registry_that_is_down_is_told_before_the_body_is_asked_for(
    outage_gateway: Replica, network: Network, long_call: Path
) -> None:
    network.mongo.go_down()
    with connected(outage_gateway) as sock:
        sock.sendall(head(long_call.stat().st_size, headers=["Expect: 100-continue"]))
        told = b""
        while b"}" not in told:
            told += sock.recv(65536)

    assert told.startswith(b"HTTP/1.1 500")
    assert b'"not_registered"' in told


def test_the_log_has_a_line_for_each_call_with_the_seconds_of_each_stage(
    gateway: Replica, long_call: Path, look: Look
) -> None:
    answer = by_curl(gateway.upload, FIELDS, long_call, {"X-Request-Id": "from-the-proxy-1"})
    call_id = answer.json["call_id"]
    look.message(call_id)

    (line,) = [line for line in gateway.lines("call uploaded") if line["call_id"] == call_id]
    assert (line["request_id"], line["size"], line["format"]) == (
        "from-the-proxy-1",
        long_call.stat().st_size,
        "wav",
    )
    assert all(line[f"{stage}_seconds"] >= 0 for stage in ("receive", "store", "probe", "register"))
    announced = eventually(
        lambda: [line for line in gateway.lines("call announced") if line["call_id"] == call_id], "its line"
    )
    assert announced[0]["announce_seconds"] >= 0
    assert answer.headers["x-request-id"] == "from-the-proxy-1"


def test_a_failure_is_logged_with_its_type_and_traceback(
    outage_gateway: Replica, network: Network, recordings: Mapping[str, Path]
) -> None:
    network.s3.go_down()
    call_id = by_curl(outage_gateway.upload, FIELDS, recordings["mp3"], {}).json["call_id"]

    line = next(line for line in outage_gateway.lines("service failed") if line["call_id"] == call_id)
    assert (line["error_type"], line["code"], line["level"]) == ("TransientError", "connection", "error")
    assert "Traceback" in line["traceback"]


def test_metrics_count_what_happened(gateway: Replica, recordings: Mapping[str, Path], look: Look) -> None:
    def metric(name: str) -> float:
        text = requests.get(f"{gateway.address}/metrics", timeout=10).text
        return sum(float(line.rpartition(" ")[2]) for line in text.splitlines() if line.startswith(name))

    created = 'callup_requests_total{method="POST",route="/api/v1/calls/upload",status="201"}'
    before = {name: metric(name) for name in (created, 'callup_problems_total{type="form_fields"}')}
    announced, stored = metric("callup_announced_total"), metric('callup_stage_seconds_count{stage="store"}')

    look.message(by_curl(gateway.upload, FIELDS, recordings["mp3"], {}).json["call_id"])
    by_curl(gateway.upload, {}, recordings["mp3"], {})

    assert {name: metric(name) for name in before} == {name: count + 1 for name, count in before.items()}
    assert metric('callup_stage_seconds_count{stage="store"}') == stored + 1
    eventually(lambda: metric("callup_announced_total") > announced, "the announcement is counted")
    assert metric("callup_memory_held_bytes") == 0


def test_the_description_has_examples_and_nothing_on_the_page_comes_from_elsewhere(gateway: Replica) -> None:
    description = requests.get(f"{gateway.address}/openapi.json", timeout=10).json()
    page = requests.get(f"{gateway.address}/docs", timeout=10).text

    upload = description["paths"]["/api/v1/calls/upload"]["post"]
    assert upload["responses"]["201"]["content"]["application/json"]["example"]["status"] == "uploaded"
    form = upload["requestBody"]["content"]["multipart/form-data"]["schema"]
    assert set(form["required"]) == {*FIELDS, "file"}
    assert form["properties"]["company_name"]["example"] == "Acme Corp"
    assert {"400", "401", "403", "409", "413", "422", "429", "500", "503"} <= set(upload["responses"])
    sources = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert len(sources) >= 2
    for source in sources:
        assert source.startswith("/"), source
        assert requests.get(gateway.address + source, timeout=10).status_code == 200


def test_every_setting_is_documented_and_read_from_the_environment() -> None:
    for name, info in GatewaySettings.model_fields.items():
        assert info.description, name
    given = {"CALLUP_GATEWAY_PROFILE": "/etc/callup/gateway.callup", "CALLUP_GATEWAY_WORKERS": "4"}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in given.items():
            patch.setenv(name, value)
        settings = GatewaySettings()  # type: ignore[call-arg]
        assert (settings.profile, settings.workers) == (Path("/etc/callup/gateway.callup"), 4)
        assert {**given} == {name: settings.as_environment()[name] for name in given}


def test_it_starts_on_the_sandbox_with_one_command_and_its_line_can_be_copied(tmp_path: Path) -> None:
    command = [*CALLUP, "serve", "--sandbox", "--port", "0"]
    environment = {**os.environ, "CALLUP_HOME": str(tmp_path)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT, env=environment
    ) as program:
        try:
            assert program.stdout is not None
            told, line = program.stdout.readline(), program.stdout.readline()
            assert re.match(r"http://127\.0\.0\.1:\d+ takes calls", told)
            done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, timeout=60, check=True)  # noqa: S607
            assert json.loads(done.stdout)["status"] == "uploaded"
        finally:
            program.terminate()
        assert program.wait(60) == 0


def test_workers_share_one_port_and_their_metrics(
    sandbox: Running, folder: Path, recordings: Mapping[str, Path]
) -> None:
    with replica(sandbox.profile, folder / "workers", **{**QUICK, "workers": 2}) as running:
        for _ in range(6):
            assert by_curl(running.upload, FIELDS, recordings["mp3"], {}).status == 201
        text = requests.get(f"{running.address}/metrics", timeout=10).text
        assert running.stop() == 0

    assert 'callup_requests_total{method="POST",route="/api/v1/calls/upload",status="201"} 6.0' in text


def test_without_tokens_it_is_for_the_sandbox_on_this_computer_only(sandbox: Running, folder: Path) -> None:
    code, told = refused("serve", "--profile", str(sandbox.profile), "--host", "0.0.0.0", folder=folder)  # noqa: S104
    assert code == 78
    assert told.startswith("Without tokens the gateway runs on the sandbox")


def test_a_start_that_cannot_work_is_a_sentence(
    sandbox: Running, folder: Path, gateway: Replica, tmp_path: Path
) -> None:
    profile = ("serve", "--profile", str(sandbox.profile))
    tokens = tmp_path / "tokens.json"
    tokens.write_text('[{"sha256": "s3cr3t", "caller": "x"}]')

    assert refused(*profile, "--port", str(gateway.port), folder=folder)[1].startswith("The gateway cannot listen on")
    assert "port" in refused(*profile, "--port", "99999", folder=folder)[1]
    assert refused("serve", folder=tmp_path)[1].startswith("CallUp is not connected yet")
    broken = refused(*profile, folder=folder, CALLUP_GATEWAY_TOKENS_FILE=str(tokens))
    assert broken[0] == 78
    assert "tokens_file" in broken[1]
    assert "s3cr3t" not in broken[1]
    tokens.write_text("[]")
    assert "lists no token" in refused(*profile, folder=folder, CALLUP_GATEWAY_TOKENS_FILE=str(tokens))[1]
    half = refused(*profile, folder=folder, CALLUP_GATEWAY_OIDC_ISSUER="https://issuer.example.com")
    assert half[1].endswith("used: oidc_issuer, oidc_audience and oidc_jwks_url go together.")
    plain = refused(*profile, folder=folder, CALLUP_GATEWAY_TOKENS="s3cr3t")
    assert plain[0] == 78
    assert "tokens" in plain[1]
    assert "s3cr3t" not in plain[1]


@pytest.mark.parametrize(
    "content",
    [b"[" * 100_000, b"\xff", b"{}", b'"s3cr3t"', b'[{"sha256": "s3cr3t"}]', b""],
    ids=lambda content: repr(content[:8]),
)
def test_what_is_wrong_with_a_file_of_tokens_is_told_without_its_content(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "tokens.json"
    file.write_bytes(content)

    with pytest.raises(ValueError) as wrong:  # noqa: PT011 - as tokens_in tells
        tokens_in(file)

    assert "s3cr3t" not in str(wrong.value)
    assert "\n" not in str(wrong.value)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such rights")
def test_a_file_of_tokens_that_everybody_may_write_is_refused(tmp_path: Path) -> None:
    tokens = tmp_path / "tokens.json"
    tokens.write_text(json.dumps([{"sha256": "0" * 64, "caller": "x"}]))
    tokens.chmod(0o666)
    with pytest.raises(ValueError, match="everybody may write it"):
        tokens_in(tokens)
    tokens.chmod(0o644)
    assert len(tokens_in(tokens)) == 1


def test_a_number_without_end_is_no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALLUP_GATEWAY_LEASE", "inf")

    with pytest.raises(ValidationError, match="finite"):
        GatewaySettings(profile=Path("/etc/callup/gateway.callup"))


def test_a_misspelt_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALLUP_GATEWAY_MEMORY_BUDGT", "1073741824")

    with pytest.raises(ValidationError, match="no such setting: CALLUP_GATEWAY_MEMORY_BUDGT"):
        GatewaySettings(profile=Path("/etc/callup/gateway.callup"))


def test_an_empty_variable_is_one_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALLUP_GATEWAY_PROFILE", "/etc/callup/gateway.callup")
    monkeypatch.setenv("CALLUP_GATEWAY_OIDC_ISSUER", "https://issuer.example.com")
    monkeypatch.setenv("CALLUP_GATEWAY_OIDC_JWKS_URL", "https://issuer.example.com/jwks")
    monkeypatch.setenv("CALLUP_GATEWAY_OIDC_AUDIENCE", "")

    with pytest.raises(ValidationError, match="go together"):
        GatewaySettings()  # type: ignore[call-arg]


def test_a_token_is_told_once_and_its_entry_opens_the_gateway(
    sandbox: Running, folder: Path, recordings: Mapping[str, Path]
) -> None:
    made = subprocess.run(
        [*CALLUP, "token", "dialer-7", "--tenant", "acme", "--json"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    told = json.loads(made.stdout)
    assert told["entry"]["sha256"] == hashlib.sha256(told["token"].encode()).hexdigest()

    with replica(sandbox.profile, folder / "token", tokens=json.dumps([told["entry"]]), **QUICK) as running:
        bearer = {"Authorization": f"Bearer {told['token']}"}
        assert by_curl(running.upload, FIELDS, recordings["mp3"], bearer).status == 201
        assert by_curl(running.upload, FIELDS, recordings["mp3"], {}).status == 401


def test_a_server_without_room_for_connections_says_so_in_one_line() -> None:
    program = """
import asyncio, logging, sys
from callup_desktop.gateway.composition import hear_server
from callup_desktop.logs import open_stream_log
with open_stream_log(sys.stderr) as log:
    hear_server(log)
    loop = asyncio.new_event_loop()
    for _ in range(2_000):
        loop.call_exception_handler({"message": "no room", "exception": OSError(24, "Too many open files")})
    loop.close()
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True)

    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert {(line["event"], line["message"], line["error_type"]) for line in lines} == {
        ("server", "no room", "OSError")
    }
    assert len(lines) < 100


@pytest.mark.skipif(sys.platform == "win32", reason="Windows counts no open files")
def test_it_asks_for_as_many_connections_as_the_system_allows() -> None:
    program = """
import resource
from callup_desktop.gateway.server import allow_open_files
hard = min(resource.getrlimit(resource.RLIMIT_NOFILE)[1], 4096)
resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
allow_open_files()
assert resource.getrlimit(resource.RLIMIT_NOFILE) == (hard, hard)
"""
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)
