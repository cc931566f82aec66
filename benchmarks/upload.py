"""1 GiB through `callup send` and through boto3's upload_file, in turn, against the same sandbox; printed as a ratio.

    python -m benchmarks.upload [--size MIB] [--rounds N]

The sandbox's server, not the client, is the limit here (docs/facts.md, "The sandbox's servers"); benchmarks/peers.py
measures the client alone.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import wave
from pathlib import Path

from callup_desktop.sandbox.embedded import Running, Sandbox

MIB = 1024 * 1024
_WAV_HEADER = 44
BOTO3 = """
import sys, boto3
endpoint, bucket, path = sys.argv[1:]
boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1").upload_file(path, bucket, "benchmark.wav")
"""


def recording(path: Path, size: int) -> Path:
    """A WAV of noise with exactly `size` bytes."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(48_000)
        block = os.urandom(MIB)
        for _ in range(size // MIB - 1):
            file.writeframesraw(block)
        file.writeframes(block[: MIB - _WAV_HEADER])
    return path


def timed(command: list[str], environment: dict[str, str]) -> float:
    """Seconds of the whole process."""
    started = time.perf_counter()
    subprocess.run(command, env={**os.environ, **environment}, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def main() -> None:
    """Run the rounds and print each and their medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=1024, help="MiB")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Sandbox(Path(folder) / "sandbox") as running:
        compare(Path(folder), running, running.profile, running.s3_endpoint, options.size * MIB, options.rounds)


def compare(folder: Path, running: Running, profile: Path, endpoint: str, size: int, count: int) -> None:
    """One unmeasured call first, so that the uplink is known as it is on a rep's second day."""
    path = recording(folder / "call.wav", size)
    keys = {"AWS_ACCESS_KEY_ID": running.access_key_id, "AWS_SECRET_ACCESS_KEY": running.secret_access_key}
    home = {"CALLUP_HOME": str(folder / "home")}
    details = ["--company", "Acme", "--email", "john@acme.com", "--type", "demo"]
    callup = [sys.executable, "-m", "callup_desktop.cli.main", "send", "--profile", str(profile), *details]
    boto3 = [sys.executable, "-c", BOTO3, endpoint, running.bucket]
    timed([*callup, str(recording(folder / "first.wav", min(size, 128 * MIB)))], home)
    ours, theirs = [], []
    for number in range(count):
        ours.append(timed([*callup, str(path)], home))
        theirs.append(timed([*boto3, str(path)], keys))
        print(f"round {number + 1}: callup send {ours[-1]:.2f} s, boto3 upload_file {theirs[-1]:.2f} s")
    pairs = [a / b for a, b in zip(ours, theirs, strict=True)]
    summary = {
        "size_mib": size // MIB,
        "callup_send_s": round(statistics.median(ours), 2),
        "boto3_upload_file_s": round(statistics.median(theirs), 2),
        "ratio": round(statistics.median(pairs), 3),
    }
    print(json.dumps(summary))


if __name__ == "__main__":
    main()
