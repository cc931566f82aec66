"""What three replicas of the gateway answer 2,000 laptops that come back at once: `python -m benchmarks.herd_gateway`.

The replicas are processes on the sandbox's real servers. A laptop is a thread with the program's own clients of a
gateway, its connections and its waits; it has noticed the end of the outage as the engine does, within the interval of
its probes and the spread after it. Each asks who has sent its recording, goes on after three seconds without an answer,
and opens its upload. Whoever is refused waits as the engine would, and is refused for too long where it is so again.
"""

import argparse
import hashlib
import json
import random
import resource
import sys
import tempfile
import threading
import time
import uuid
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from callup_desktop.config.profile import GatewayProfile, load_profile
from callup_desktop.engine.backoff import NETWORK, Backoff
from callup_desktop.engine.errors import CallError, TransientError, info_of
from callup_desktop.engine.ports import Target
from callup_desktop.engine.reachability import PROBE_INTERVAL
from callup_desktop.engine.retries import BACK_ONLINE_WITHIN
from callup_desktop.recordings.formats import FORMATS, Format
from callup_desktop.sandbox.embedded import Running, Sandbox
from callup_desktop.services.gateway.calls import GatewayElsewhere
from callup_desktop.services.gateway.store import GatewayStore
from callup_desktop.services.gateway_tokens import GatewaySecrets, open_gateway_secrets
from callup_desktop.services.secrets import Vault
from tests.gateway.replica import Replica, replica, write_profile
from tests.services.outside import MIB, crc64nvme
from tests.services.test_secrets import GoodKeyring

REPLICAS = 3
_OPEN_FILES = 32_768
_STACK = 256 * 1024
_SIZE = 10 * MIB


@dataclass
class Seen:
    """What all laptops met, by seconds since the replicas are back. Any thread."""

    began: float
    asked: list[float] = field(default_factory=list)
    answered: list[float] = field(default_factory=list)
    without_answer: int = 0
    """Laptops that do not know who has sent their recording, and go on."""
    refusals: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    """How often each laptop was, those that never were left out."""
    told_to_wait: list[float] = field(default_factory=list)
    """Seconds."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def asks(self) -> None:
        """A request leaves."""
        with self._lock:
            self.asked.append(time.monotonic() - self.began)

    def unanswered(self) -> None:
        """Nobody said who has sent the recording."""
        with self._lock:
            self.without_answer += 1

    def is_refused(self, laptop: str, exc: CallError) -> None:
        """A request was refused."""
        retry_after = exc.retry_after if isinstance(exc, TransientError) else None
        with self._lock:
            self.refusals[f"{exc.code}, {'with' if retry_after else 'without'} Retry-After"] += 1
            self.refused[laptop] += 1
            self.told_to_wait.append(retry_after or 0.0)

    def told(self) -> dict[str, object]:
        """All of it, as JSON has it."""
        with self._lock:
            return {
                "requests": len(self.asked),
                "peak_requests_a_second": most_in_a_second(self.asked),
                "peak_answers_a_second": most_in_a_second(self.answered),
                "answered": len(self.answered),
                "seconds_to_the_last": round(max(self.answered, default=0.0), 1),
                "unanswered_questions": self.without_answer,
                "laptops_refused": len(self.refused),
                "refused_again_after_waiting": sum(times > 1 for times in self.refused.values()),
                "longest_retry_after": max(self.told_to_wait, default=0.0),
                "refusals": dict(self.refusals),
            }

    def arrives(self) -> None:
        """All that a laptop asked was answered."""
        with self._lock:
            self.answered.append(time.monotonic() - self.began)


@dataclass(frozen=True)
class Laptop:
    """One laptop with one recording."""

    profile: GatewayProfile
    secrets: GatewaySecrets
    seen: Seen
    backoff: Backoff
    until: threading.Event

    def run(self) -> None:
        """From the moment at which it notices that the replicas are back."""
        self.until.wait(random.uniform(0, PROBE_INTERVAL) + self.backoff.spread(BACK_ONLINE_WITHIN))  # noqa: S311
        store, elsewhere = GatewayStore(self.profile, self.secrets), GatewayElsewhere(self.profile, self.secrets)
        call_id, crc = str(uuid.uuid4()), crc64nvme(uuid.uuid4().bytes)
        target = Target("", "", FORMATS[Format.MP3].content_type, _SIZE, crc, "", call_id, 5 * MIB)
        self.seen.asks()
        try:
            elsewhere(crc, _SIZE)
        except CallError:
            self.seen.unanswered()
        times = 0
        while not self.until.is_set():
            self.seen.asks()
            try:
                store.create(target)
                break
            except CallError as exc:
                self.seen.is_refused(call_id, exc)
                asked = exc.retry_after if isinstance(exc, TransientError) else None
                self.until.wait(self.backoff.wait(info_of(exc.code).backoff or NETWORK, times, asked))
                times += 1
        if not self.until.is_set():
            self.seen.arrives()
        store.reset()
        elsewhere.reset()


@contextmanager
def replicas(folder: Path, running: Running, laptops: int) -> Iterator[tuple[list[Replica], list[str]]]:
    """Three of them, and a token for each laptop."""
    tokens = [uuid.uuid4().hex for _ in range(laptops)]
    entries = [{"sha256": hashlib.sha256(t.encode()).hexdigest(), "caller": f"rep-{n}"} for n, t in enumerate(tokens)]
    known = folder / "tokens.json"
    known.write_text(json.dumps(entries), encoding="utf-8")
    profile = write_profile(folder / "gateway", load_profile(running.profile), running.profile)
    with ExitStack() as stack:
        started = [
            stack.enter_context(replica(profile, folder / f"replica-{number}", tokens_file=known))
            for number in range(REPLICAS)
        ]
        yield started, tokens


def come_back(started: Sequence[Replica], tokens: Sequence[str], *, within: float) -> Seen:
    """Let all laptops come back at once, and wait until each was answered, or the time is over."""
    seen, until = Seen(time.monotonic()), threading.Event()
    threading.stack_size(_STACK)
    threads = []
    for number, token in enumerate(tokens):
        profile = GatewayProfile(name="Herd", gateway=started[number % len(started)].address)
        secrets = open_gateway_secrets(profile, Vault("herd", GoodKeyring()), {"CALLUP_GATEWAY_TOKEN": token})
        laptop = Laptop(profile, secrets, seen, Backoff(), until)
        threads.append(threading.Thread(target=laptop.run, daemon=True))
    seen.began = time.monotonic()
    for thread in threads:
        thread.start()
    ends = time.monotonic() + within
    for thread in threads:
        thread.join(max(0.0, ends - time.monotonic()))
    until.set()
    return seen


def most_in_a_second(moments: Sequence[float]) -> int:
    """The most of them in any second."""
    ordered = sorted(moments)
    return max((at - bisect_left(ordered, moment - 1.0) + 1 for at, moment in enumerate(ordered)), default=0)


def main() -> None:
    """Print what was seen."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition(":")[0])
    parser.add_argument("--laptops", type=int, default=2_000)
    parser.add_argument("--within", type=float, default=100.0, help="seconds")
    options = parser.parse_args()
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(_OPEN_FILES, hard), hard))
    with (
        tempfile.TemporaryDirectory() as name,
        Sandbox(Path(name) / "sandbox") as running,
        replicas(Path(name), running, options.laptops) as (started, tokens),
    ):
        seen = come_back(started, tokens, within=options.within)
        sys.stdout.write(json.dumps({"laptops": options.laptops, **seen.told()}) + "\n")
        sys.stdout.flush()
        for each in started:
            # Whoever still waits for an answer is no part of what was measured.
            each.kill()


if __name__ == "__main__":
    main()
