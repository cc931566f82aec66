"""The bill of materials names what lies in a bundle, and nothing that does not."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from installers.bill import BillError, bill, native_parts

NOW = datetime(2026, 11, 27, tzinfo=UTC)
FILES = (
    "callup",
    "_internal/libpython3.13.so.1.0",
    "_internal/libcrypto.so.3",
    "_internal/PySide6/Qt/lib/libQt6Core.so.6",
    "_internal/cryptography/hazmat/bindings/_rust.abi3.so",
    "_internal/libsqlite3.so.0",
    "_internal/resources/sample.mp3",
)


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    folder = tmp_path / "callup-desktop"
    for name in FILES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    return folder


def test_a_lawyer_and_a_scanner_find_qt_python_openssl_and_each_library_by_version(bundle: Path) -> None:
    parts = {
        (part["name"], part["version"])
        for part in bill(bundle, native_parts(), now=NOW)["components"]
        if "purl" in part
    }

    assert {(part.name, part.version) for part in native_parts()} < parts
    assert {"CPython", "Qt", "OpenSSL", "boto3", "pyside6-essentials", "awscrt"} <= {name for name, _version in parts}


def test_each_native_file_is_named_with_its_hash(bundle: Path) -> None:
    files = [part for part in bill(bundle, native_parts(), now=NOW)["components"] if part["type"] == "file"]

    assert {part["name"] for part in files} == {name for name in FILES if not name.endswith(".mp3")}
    program = next(part for part in files if part["name"] == "callup")
    assert program["hashes"] == [{"alg": "SHA-256", "content": hashlib.sha256(b"callup").hexdigest()}]


def test_a_part_that_is_not_in_the_bundle_is_not_claimed(bundle: Path) -> None:
    (bundle / "_internal/PySide6/Qt/lib/libQt6Core.so.6").unlink()

    with pytest.raises(BillError, match="Qt"):
        bill(bundle, native_parts(), now=NOW)
