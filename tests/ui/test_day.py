"""A rep's whole day, by mouse, keyboard and drops, on a real screen with a window manager and a tray."""

import json
import signal
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import tomli_w
from pymongo.collection import Collection

from callup_desktop.config.profile import load_profile
from callup_desktop.sandbox.embedded import Running
from tests.cli.console import profile_with, wav
from tests.faults.laptop import Network, network_before
from tests.ui.screen import desktop, environ, only_linux, screen

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

WITHIN = 150
"""Seconds in which a day has to end, also on a machine that is busy with something else."""
ROOT = Path(__file__).parents[2]
LONG = 110
"""Seconds of the long recording: five parts, two at a time, so that there is time to pause it once some are stored."""


class Day:
    """What a rep of `rep_of_a_day` needs, and a network that goes and comes back when the rep says so."""

    def __init__(self, folder: Path, environment: dict[str, str], network: Network) -> None:
        self._folder = folder
        self._environment = environment
        self._network = network
        self._up = Path(environment["CALLUP_HOME"]) / "network"

    def run(self, script: str) -> dict[str, dict[str, Any]]:
        """Play it to its end; what the rep told, by what was done."""
        self._up.touch()
        command = [sys.executable, "-m", "tests.ui.rep_of_a_day", script, str(self._folder)]
        rep = subprocess.Popen(
            command, cwd=ROOT, env=self._environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        patience = threading.Timer(WITHIN, rep.send_signal, (signal.SIGUSR1,))
        patience.start()
        told: dict[str, dict[str, Any]] = {}
        try:
            assert rep.stdout is not None
            for line in rep.stdout:
                seen = json.loads(line)
                told[seen["did"]] = seen
                self._arrange(seen["did"])
            _out, errors = rep.communicate()
        finally:
            patience.cancel()
            rep.kill()
        assert rep.returncode == 0, f"after {list(told)[-1:]}: {errors}"
        assert "Traceback" not in errors, errors
        return told

    def _arrange(self, did: str) -> None:
        if did == "network down":
            self._network.go_down()
            self._up.unlink()
        elif did == "network back":
            self._network.come_back()


@contextmanager
def working_day(folder: Path, home: Path, sandbox: Running) -> Iterator[Day]:
    changed = profile_with(
        folder, sandbox, name="Acme", credentials="keyring", bandwidth_limit=4_000_000, requests_at_once=2
    )
    with network_before(load_profile(changed)) as network, screen() as display, desktop(folder, display):
        values = tomllib.loads(changed.read_text(encoding="utf-8"))
        for name in ("endpoint", "mongo_uri", "queue_url"):
            values[name] = str(getattr(network.profile, name))
        (folder / "day.callup").write_text(tomli_w.dumps(values), encoding="utf-8")
        environment = environ(
            display,
            home,
            PYTHON_KEYRING_BACKEND="tests.ui.kept_keyring.KeptKeyring",
            KEPT_KEYRING=str(folder / "keyring.json"),
            LC_ALL="C.UTF-8",
        )
        yield Day(folder, {name: value for name, value in environment.items() if "PYTEST" not in name}, network)


@only_linux
@pytest.mark.timeout(2 * WITHIN + 60)
def test_a_whole_day_from_the_first_start_to_the_next_morning(
    home: Path, tmp_path: Path, sandbox: Running, s3: "S3Client", calls: Collection[dict[str, Any]]
) -> None:
    folder = tmp_path / "rep"
    folder.mkdir()
    names = ("rec_001.wav", "rec_002.wav", "Globex-001.wav", "Initech-002.wav", "tomorrow.wav")
    files = {name: wav(folder / name, seconds=0.5, seed=number) for number, name in enumerate(names)}
    files["long.wav"] = wav(folder / "long.wav", seconds=LONG, seed=4711)
    before = {call["_id"] for call in calls.find({}, {"_id": 1})}

    with working_day(folder, home, sandbox) as working:
        told = working.run("day")
        next_morning = working.run("morning")

    assert told["asked for keys"]["dot"] != "ok"
    assert told["connected"]["place"].startswith("Connected to Acme")
    assert told["took the entry"]["state"] == "draft"
    assert "%" in told["sending"]["overall"]
    assert told["sending"]["title"].endswith("CallUp Desktop")
    assert told["paused"]["stored"] > 0
    assert told["offline"]["says"]
    assert told["found"]["file"] == "Globex-001.wav"
    assert told["reminded"]["text"] == "1 recording is not sent yet. It stays on the list."
    assert (next_morning["back"]["company"], next_morning["back"]["rows"]) == ("Umbrella", 1)

    documents = [call for call in calls.find({}) if call["_id"] not in before]
    stored = {
        call["_id"]: s3.get_object(Bucket=sandbox.bucket, Key=call["audio"]["s3_key"])["Body"].read()
        for call in documents
    }
    sent = {path.read_bytes(): name for name, path in files.items()}
    assert {sent[stored[call["_id"]]]: call["metadata"]["company_name"] for call in documents} == {
        "rec_001.wav": "Acme Corp",
        "rec_002.wav": "Acme Corp",
        "Globex-001.wav": "Globex",
        "Initech-002.wav": "Initech",
        "long.wav": "Hooli XYZ",
    }
    assert len(documents) == 5, "each once"
