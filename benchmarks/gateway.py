"""Recordings through the gateway, through the story's own endpoint, and by aws-cli straight to the same store, in turn.

    python -m benchmarks.gateway [--rounds N] [--only CASE ...]

10 MB, 100 MB and 1 GB one at a time, then 50 times 10 MB at once; curl is the client of both endpoints. Printed are
medians, ratios, and the gateway's seconds by step. The store runs on this computer, so that all share its processors.
aws-cli and python-multipart, which CallUp does not use, are installed into a folder of their own for the measurement.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from urllib.request import urlopen

import psutil

from benchmarks.upload import recording
from callup_desktop.sandbox.embedded import Running, Sandbox
from callup_desktop.sandbox.ports import choose_ports

MIB = 1024 * 1024
SIZES = {"10 MB": 10, "100 MB": 100, "1 GB": 1023}
"""MiB; the form around the largest may not take it past 1 GiB."""
AT_ONCE = 50
CROWD = f"{AT_ONCE} x 10 MB"
POSTS = {"10 MB": 20}
"""How often a recording is posted one after the other in a round, so that a clock of 10 ms tells its CPU."""
LIMITS = {"10 MB": 5.0, "100 MB": 30.0, "1 GB": 120.0}
"""The story's, in seconds."""
_SAMPLE_INTERVAL = 0.02
_FIELDS = ("-F", "company_name=Acme", "-F", "contact_email=john@acme.com", "-F", "call_type=demo")


@dataclass(frozen=True, slots=True)
class Measured:
    """One run: seconds as the client saw them; MiB at the most and processor seconds of the server, or of aws-cli."""

    seconds: float
    memory: float
    cpu: float


@dataclass
class Watch:
    """The most memory that a process and its children had, in bytes; what it grew by its temporary files counts too."""

    process: psutil.Process
    most: int = 0
    _over: threading.Event = field(default_factory=threading.Event)

    def sample(self) -> None:
        """Until told to stop."""
        while not self._over.wait(_SAMPLE_INTERVAL):
            try:
                family = [self.process, *self.process.children(recursive=True)]
                self.most = max(self.most, sum(each.memory_info().rss for each in family))
            except psutil.Error:
                return

    @classmethod
    @contextmanager
    def over(cls, pid: int) -> "Iterator[Watch]":
        """Watch the process as long as the context lasts."""
        watch = cls(psutil.Process(pid))
        thread = threading.Thread(target=watch.sample)
        thread.start()
        try:
            yield watch
        finally:
            watch._over.set()
            thread.join()


@dataclass
class Server:
    """A running endpoint."""

    process: "subprocess.Popen[str]"
    address: str

    def posted(self, files: list[Path]) -> Measured:
        """All of them at once."""
        before, began = self._cpu(), time.perf_counter()
        with Watch.over(self.process.pid) as watch:
            clients = [
                subprocess.Popen(
                    [*_curl(), *_FIELDS, "-F", f"file=@{file}", f"{self.address}/api/v1/calls/upload"],
                    stdout=subprocess.DEVNULL,
                )
                for file in files
            ]
            failed = [client.args for client in clients if client.wait()]
        if failed:
            raise RuntimeError(f"{len(failed)} requests failed")
        return Measured(time.perf_counter() - began, watch.most / MIB, self._cpu() - before)

    def posted_one_by_one(self, file: Path, times: int) -> Measured:
        """The same one so many times; means, and the most memory."""
        each = [self.posted([file]) for _ in range(times)]
        return Measured(
            statistics.mean(one.seconds for one in each),
            max(one.memory for one in each),
            statistics.mean(one.cpu for one in each),
        )

    def _cpu(self) -> float:
        times = psutil.Process(self.process.pid).cpu_times()
        return times.user + times.system


def _curl() -> tuple[str, ...]:
    return (shutil.which("curl") or "curl", "-sS", "--fail-with-body", "-m", "900")


@dataclass(frozen=True)
class Bench:
    """What is measured against what, and where."""

    folder: Path
    running: Running
    extras: Path

    @contextmanager
    def gateway(self) -> Iterator[Server]:
        """`callup serve`, one worker."""
        command = [sys.executable, "-m", "callup_desktop.cli.main", "serve", "--json", "--port", "0"]
        environment = {"CALLUP_HOME": str(self.folder / "home"), "CALLUP_GATEWAY_UPLOADS_A_CALLER": str(AT_ONCE)}
        with self._process([*command, "--profile", str(self.running.profile)], environment, self.log) as process:
            (line,) = islice(process.stdout or (), 1)
            yield Server(process, json.loads(line)["address"])

    @contextmanager
    def naive(self) -> Iterator[Server]:
        """The story's endpoint."""
        (port,) = choose_ports(1)
        command = [sys.executable, "-m", "uvicorn", "benchmarks.naive_endpoint:app", "--port", str(port)]
        running = self.running
        environment = {
            **self._keys,
            "ENDPOINT": running.s3_endpoint,
            "BUCKET": running.bucket,
            "MONGO": running.mongo_uri,
            "DATABASE": running.database,
            "QUEUE": running.queue_url,
            "PYTHONPATH": str(self.extras / "python-multipart"),
        }
        with self._process([*command, "--log-level", "warning"], environment, self.folder / "naive.log") as process:
            address = f"http://127.0.0.1:{port}"
            _wait_for(f"{address}/openapi.json")
            yield Server(process, address)

    def aws(self, source: Path) -> Measured:
        """`aws s3 cp`; a folder with all that is in it."""
        command = [sys.executable, "-m", "awscli", "s3", "cp", "--endpoint-url", self.running.s3_endpoint, "--quiet"]
        if source.is_dir():
            command.append("--recursive")
        environment = {**self._keys, "PYTHONPATH": str(self.extras / "awscli"), "AWS_DEFAULT_REGION": "us-east-1"}
        began = time.perf_counter()
        before = os.times()
        target = f"s3://{self.running.bucket}/aws/{source.name}"
        with (
            subprocess.Popen([*command, str(source), target], env={**os.environ, **environment}) as process,
            Watch.over(process.pid) as watch,
        ):
            code = process.wait()
        after = os.times()
        if code:
            raise RuntimeError("aws-cli failed")
        cpu = after.children_user + after.children_system - before.children_user - before.children_system
        return Measured(time.perf_counter() - began, watch.most / MIB, cpu)

    @property
    def log(self) -> Path:
        """What the gateway told."""
        return self.folder / "gateway.log"

    @property
    def _keys(self) -> dict[str, str]:
        running = self.running
        return {"AWS_ACCESS_KEY_ID": running.access_key_id, "AWS_SECRET_ACCESS_KEY": running.secret_access_key}

    @contextmanager
    def _process(
        self, command: list[str], environment: Mapping[str, str], log: Path
    ) -> "Iterator[subprocess.Popen[str]]":
        with log.open("a") as errors:
            process = subprocess.Popen(
                command, env={**os.environ, **environment}, stdout=subprocess.PIPE, stderr=errors, text=True
            )
            try:
                yield process
            finally:
                process.terminate()
                process.wait()


def _wait_for(url: str) -> None:
    while True:
        try:
            with urlopen(url):  # noqa: S310 - our own server
                return
        except OSError:
            time.sleep(0.05)


def measure(bench: Bench, rounds: int, only: Collection[str]) -> dict[str, dict[str, list[Measured]]]:
    """Everything, by case and by way; a fresh server for each case and way, warmed by one call of two parts."""
    small = recording(bench.folder / "small.wav", 10 * MIB)
    results: dict[str, dict[str, list[Measured]]] = {}
    for case, files in _cases(bench.folder, only):
        found: dict[str, list[Measured]] = defaultdict(list)
        for number in range(1 if case == "1 GB" else rounds):
            found["aws-cli"].append(bench.aws(files[0] if len(files) == 1 else files[0].parent))
            for name, start in (("gateway", bench.gateway), ("naive", bench.naive)):
                with start() as server:
                    server.posted([small])
                    alone = len(files) == 1
                    found[name].append(
                        server.posted_one_by_one(files[0], POSTS.get(case, 1)) if alone else server.posted(files)
                    )
            _say(f"{case} round {number + 1}: " + _told({way: measured[-1] for way, measured in found.items()}))
        results[case] = found
    return results


def _cases(folder: Path, only: Collection[str]) -> Iterator[tuple[str, list[Path]]]:
    for case, size in ((case, size) for case, size in SIZES.items() if case in only):
        file = recording(folder / "call.wav", size * MIB)
        yield case, [file]
        file.unlink()
    if CROWD not in only:
        return
    many = folder / "many"
    many.mkdir()
    yield CROWD, [recording(many / f"{number}.wav", 10 * MIB) for number in range(AT_ONCE)]


def summary(results: Mapping[str, Mapping[str, list[Measured]]]) -> list[dict[str, object]]:
    """One row a case: medians and ratios."""
    rows: list[dict[str, object]] = []
    for case, found in results.items():
        ours, naive, aws = (_median(found[way]) for way in ("gateway", "naive", "aws-cli"))
        rows.append(
            {
                "case": case,
                "gateway_s": round(ours.seconds, 2),
                "naive_s": round(naive.seconds, 2),
                "aws_cli_s": round(aws.seconds, 2),
                "to_aws_cli": round(ours.seconds / aws.seconds, 2),
                "memory_mib": round(ours.memory),
                "naive_memory_mib": round(naive.memory),
                "memory_to_naive": round(ours.memory / naive.memory, 2),
                "cpu_s": round(ours.cpu, 3),
                "naive_cpu_s": round(naive.cpu, 3),
                "cpu_to_naive": round(ours.cpu / naive.cpu, 2),
                "within_story": ours.seconds < LIMITS.get(case, float("inf")),
            }
        )
    return rows


def steps(log: Path) -> dict[str, dict[str, float]]:
    """The median seconds of each step by the size of the recording, as the gateway logged them."""
    by_size: dict[int, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for line in log.read_text().splitlines():
        told = json.loads(line)
        if told["event"] == "call uploaded":
            for name, value in told.items():
                if name.endswith("_seconds"):
                    by_size[told["size"]][name.removesuffix("_seconds")].append(value)
    return {
        f"{size / MIB:.0f} MiB": {step: round(statistics.median(values), 3) for step, values in found.items()}
        for size, found in sorted(by_size.items())
    }


def _median(found: list[Measured]) -> Measured:
    return Measured(*(statistics.median(getattr(each, name) for each in found) for name in Measured.__slots__))


def _told(found: Mapping[str, Measured]) -> str:
    return "; ".join(f"{way} {m.seconds:.2f} s, {m.memory:.0f} MiB, {m.cpu:.2f} s CPU" for way, m in found.items())


def _installed(folder: Path) -> Path:
    for package in ("awscli", "python-multipart"):
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(folder / package), package]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    return folder


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """Run all and print it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="+", choices=(*SIZES, CROWD), default=(*SIZES, CROWD), metavar="CASE")
    parser.add_argument("--extras", type=Path, help="a folder with awscli and python-multipart, from an earlier run")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, Sandbox(Path(name) / "sandbox") as running:
        folder = Path(name)
        bench = Bench(folder, running, options.extras or _installed(folder / "extras"))
        for row in summary(measure(bench, options.rounds, options.only)):
            _say(json.dumps(row))
        _say(json.dumps({"seconds_by_step": steps(bench.log)}))


if __name__ == "__main__":
    main()
