"""What the attacks have in common: a keyring that can be looked into, and files as a stranger would mail them."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import keyring
import pytest
import tomli_w

from tests.services.conftest import guarded as guarded_by_password
from tests.services.conftest import profile, seaweed, secrets
from tests.services.test_secrets import GoodKeyring

__all__ = ["guarded_by_password", "profile", "seaweed", "secrets"]

ACME = {
    "name": "Acme Sales",
    "bucket": "audio-pipeline-dev-audio",
    "region": "eu-west-1",
    "mongo_uri": "mongodb+srv://callup@cluster0.acme.mongodb.net/",
    "database": "calls",
    "queue_url": "https://sqs.eu-west-1.amazonaws.com/123456789012/transcription-tasks",
}
STRANGER = {
    **ACME,
    "endpoint": "https://s3.evil.test",
    "mongo_uri": "mongodb://callup@db.evil.test/?tls=true",
    "queue_url": "https://sqs.evil.test/1/queue",
}

Written = Callable[..., Path]

needs_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0 or shutil.which("useradd") is None,
    reason="another user of this computer can only be made by root",
)


@pytest.fixture
def backend(monkeypatch: pytest.MonkeyPatch) -> GoodKeyring:
    """This computer's keyring."""
    backend = GoodKeyring()
    monkeypatch.setattr(keyring, "get_keyring", lambda: backend)
    return backend


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """Writes a `.callup` file; keys that are None are left out."""

    def write(file_name: str, values: dict[str, object], **changes: object) -> Path:
        file = tmp_path / file_name
        kept = {key: value for key, value in {**values, **changes}.items() if value is not None}
        file.write_text(tomli_w.dumps(kept), encoding="utf-8")
        return file

    return write


@pytest.fixture
def stranger() -> Iterator[int]:
    """Another user of this computer."""
    name, add, remove = "callup-stranger", shutil.which("useradd"), shutil.which("userdel")
    assert add is not None
    assert remove is not None
    subprocess.run([add, "--no-create-home", name], check=False, capture_output=True)
    yield pwd.getpwnam(name).pw_uid
    subprocess.run([remove, name], check=False, capture_output=True)
