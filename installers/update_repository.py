"""Makes and signs the repository in which laptops look for newer versions (TUF). Runs where the keys are.

python -m installers.update_repository begin REPOSITORY KEYS
python -m installers.update_repository publish REPOSITORY KEYS VERSION [--days 90]

`begin` makes two keys, `root.pem` (goes to the safe afterwards) and `release.pem`, and prints what the profile needs.
`publish` needs `release.pem` only; publishing the same version again renews the signatures. Serve REPOSITORY as it is.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from cryptography.hazmat.primitives.serialization import load_pem_private_key
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Metadata, MetaFile, Root, Snapshot, TargetFile, Targets, Timestamp

from callup_desktop.services.updates import METADATA, TARGET, TARGETS, Latest

_ROOT_DAYS = 5 * 365
_RELEASE_DAYS = 90
_Role = TypeVar("_Role", Targets, Snapshot, Timestamp)


def begin(repository: Path, keys: Path) -> str:
    """Make the keys and the first root; its fingerprint. Raises FileExistsError rather than replace either."""
    root_signer, release_signer = _made(keys / "root.pem"), _made(keys / "release.pem")
    root = Root(expires=_in_days(_ROOT_DAYS))
    root.add_key(root_signer.public_key, Root.type)
    for role in (Timestamp.type, Snapshot.type, Targets.type):
        root.add_key(release_signer.public_key, role)
    signed = Metadata(root)
    signed.sign(root_signer)
    folder = repository / METADATA
    folder.mkdir(parents=True)
    data = signed.to_bytes()
    (folder / "1.root.json").write_bytes(data)
    return hashlib.sha256(data).hexdigest()


def publish(repository: Path, keys: Path, version: str, *, days: float = _RELEASE_DAYS) -> int:
    """Sign for this version as the newest, `days` long; the number of this publication."""
    signer = _loaded(keys / "release.pem")
    folder = repository / METADATA
    expires, number = _in_days(days), _publications(folder) + 1
    data = Latest(version=version).model_dump_json().encode()
    target = TargetFile.from_data(TARGET, data, ["sha256"])
    place = repository / TARGETS / f"{target.hashes['sha256']}.{TARGET}"
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(data)
    targets = _signed(Targets(version=number, expires=expires, targets={TARGET: target}), signer)
    meta = {"targets.json": _named(targets, number)}
    snapshot = _signed(Snapshot(version=number, expires=expires, meta=meta), signer)
    timestamp = _signed(Timestamp(version=number, expires=expires, snapshot_meta=_named(snapshot, number)), signer)
    (folder / f"{number}.targets.json").write_bytes(targets)
    (folder / f"{number}.snapshot.json").write_bytes(snapshot)
    # Last: a laptop that looks in this moment finds the publication before.
    arriving = folder / "timestamp.json.new"
    arriving.write_bytes(timestamp)
    arriving.replace(folder / "timestamp.json")
    return number


def _signed(role: _Role, signer: CryptoSigner) -> bytes:
    metadata = Metadata(role)
    metadata.sign(signer)
    return metadata.to_bytes()


def _named(data: bytes, number: int) -> MetaFile:
    """What the file above says of this one, down to its hash."""
    return MetaFile.from_data(number, data, ["sha256"])


def _publications(folder: Path) -> int:
    return max((int(file.name.partition(".")[0]) for file in folder.glob("*.snapshot.json")), default=0)


def _in_days(days: float) -> datetime:
    return (datetime.now(UTC) + timedelta(days=days)).replace(microsecond=0)


def _made(path: Path) -> CryptoSigner:
    signer = CryptoSigner.generate_ed25519()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600, exist_ok=False)
    path.write_bytes(signer.private_bytes)
    return signer


def _loaded(path: Path) -> CryptoSigner:
    return CryptoSigner(load_pem_private_key(path.read_bytes(), None))


def main(arguments: Sequence[str]) -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True, dest="command")
    for name in ("begin", "publish"):
        command = commands.add_parser(name)
        command.add_argument("repository", type=Path)
        command.add_argument("keys", type=Path)
        if name == "publish":
            command.add_argument("version")
            command.add_argument("--days", type=float, default=_RELEASE_DAYS, help="how long laptops believe it")
    options = parser.parse_args(arguments)
    if options.command == "begin":
        fingerprint = begin(options.repository, options.keys)
        sys.stdout.write(f"For the profile:\nupdate_root = {json.dumps(fingerprint)}\n")
    else:
        number = publish(options.repository, options.keys, options.version, days=options.days)
        sys.stdout.write(f"publication {number}: {options.version}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
