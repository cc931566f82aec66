"""Reads calls of the sandbox back and compares them: `python -m installers.read_back PROFILE FILE`.

Every registered call of the size of FILE must lie in the store as FILE is; at least one has to be there.
"""

import json
import sys
from pathlib import Path

import boto3
import pymongo

from callup_desktop.calls.documents import Audio
from callup_desktop.config.profile import load_profile


def stored_calls(profile_file: Path, file: Path) -> list[str]:
    """The ids of the calls that arrived as the file is; raises SystemExit for one that did not."""
    profile = load_profile(profile_file)
    keys = json.loads((profile_file.parent / "keys.json").read_text(encoding="utf-8"))
    session = boto3.Session(keys["access_key_id"], keys["secret_access_key"], region_name=profile.region)
    s3 = session.client("s3", endpoint_url=profile.endpoint)
    wanted = file.read_bytes()
    with pymongo.MongoClient[dict[str, object]](profile.mongo_uri) as mongo:
        documents = list(mongo[profile.database][profile.collection].find({"audio.file_size_bytes": len(wanted)}))
    for document in documents:
        audio = Audio.model_validate(document["audio"])
        if s3.get_object(Bucket=audio.s3_bucket, Key=audio.s3_key)["Body"].read() != wanted:
            raise SystemExit(f"{audio.s3_key} is not what was sent")
    return [str(document["_id"]) for document in documents]


def main(profile: str, file: str) -> None:
    """One line; fails if nothing has arrived."""
    calls = stored_calls(Path(profile), Path(file))
    if not calls:
        raise SystemExit(f"{file} has not arrived")
    sys.stdout.write(f"{len(calls)} x {file} arrived, byte for byte\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
