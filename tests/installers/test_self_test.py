"""`--self-test` as an admin runs it on a new laptop, and as a build runs it on its bundle."""

import json
import os
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

from PySide6.QtGui import QImage

from callup_desktop.sandbox.embedded import Running
from callup_desktop.self_test import PICTURE
from callup_desktop.self_test_report import REPORT

RUN_WITHIN = 110
ROOT = Path(__file__).parents[2]
OF_THE_GATEWAY = {
    *("fastapi", "fastapi_offline", "starlette", "uvicorn", "httptools", "multipart", "prometheus_client"),
    *("pydantic_settings", "opentelemetry"),
}
"""What the extra `gateway` of the package brings."""


def run_self_test(folder: Path, profile: Path, *options: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    folder.mkdir()
    command = [sys.executable, *options, "-m", "callup_desktop.app"]
    command += ["--self-test", str(folder), "--profile", str(profile)]
    environ = os.environ | {"QT_QPA_PLATFORM": "offscreen"} | variables
    return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=RUN_WITHIN)


def findings_of(report: str) -> dict[str, dict[str, Any]]:
    return {finding["check"]: finding for finding in map(json.loads, report.splitlines())}


def test_a_whole_installation_sends_the_sample_and_leaves_a_picture(sandbox: Running, tmp_path: Path) -> None:
    folder = tmp_path / "report"
    done = run_self_test(folder, sandbox.profile)

    findings = findings_of(done.stdout)
    assert [name for name, finding in findings.items() if not finding["ok"]] == [], done.stdout
    assert done.returncode == 0, done.stderr
    assert findings_of((folder / REPORT).read_text(encoding="utf-8")) == findings
    assert sandbox.bucket in findings["upload"]["detail"]
    assert not QImage(str(folder / PICTURE)).isNull()


def test_an_installation_without_the_gateway_is_whole(sandbox: Running, tmp_path: Path) -> None:
    """As `pipx install .` makes it."""
    libraries = tmp_path / "libraries"
    libraries.mkdir()
    for entry in Path(sysconfig.get_path("purelib")).iterdir():
        if entry.name.partition("-")[0] not in OF_THE_GATEWAY:
            (libraries / entry.name).symlink_to(entry)

    done = run_self_test(
        tmp_path / "report", sandbox.profile, "-S", PYTHONPATH=os.pathsep.join((str(libraries), str(ROOT)))
    )

    findings = findings_of(done.stdout)
    assert [name for name, finding in findings.items() if not finding["ok"]] == [], done.stdout
    assert findings["imports"]["detail"].endswith("; the gateway is not installed")
    assert done.returncode == 0, done.stderr


def test_the_reps_own_list_stays_untouched(sandbox: Running, tmp_path: Path, home: Path) -> None:
    run_self_test(tmp_path / "report", sandbox.profile)

    assert list(home.iterdir()) == []


def test_a_profile_that_cannot_be_used_is_no_broken_installation(tmp_path: Path) -> None:
    profile = tmp_path / "bad.callup"
    profile.write_text('name = "Bad"\n')

    done = run_self_test(tmp_path / "report", profile)

    assert done.returncode == 78
    assert "can't be used" in done.stderr
