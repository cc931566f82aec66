"""Three replicas under load, killed at random, while S3, MongoDB and SQS are restarted: `make soak-gateway`.

Dialers post recordings, most with an Idempotency-Key, and repeat them to any replica until they are answered 201; some
hang up in the middle. A worker takes messages off the queue and calls on. In the end the servers are asked for the
promise: lost 0, doubled 0, orphaned 0, every 201 announced.

MongoDB and SQS are killed. The sandbox's S3 is restarted in good order: it may lose what it acknowledged just before it
is killed, which the real one does not. Its SQS forgets everything with each restart, so that what was announced has to
be announced again.

With `--laptops 6` so many laptops with a token and no keys send in the place of dialers (`make soak-laptops`): the real
console, each on a home of its own, killed at any time, through proxies that do harm before gateway and storage. They
take calls back and pause.
"""

import argparse
import hashlib
import http.client
import json
import math
import os
import random
import sys
import tempfile
import threading
import time
import traceback
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError
from pymongo.errors import PyMongoError

from callup_desktop.config.profile import load_profile
from callup_desktop.sandbox.embedded import Sandbox
from callup_desktop.sandbox.ports import choose_ports
from callup_desktop.sandbox.servers import Server
from tests.faults.crashes import Rep, noise, zygote
from tests.faults.http_talk import http_talk
from tests.faults.proxy import LOOPBACK, Proxy
from tests.faults.through_gateway import ENTRIES, TOKEN
from tests.gateway.look import Document, Look
from tests.gateway.raw import BOUNDARY, form_of
from tests.gateway.replica import UPLOAD, Replica, replica, write_profile
from tests.gateway.soak_laptops import SoakLaptop, Weather, balanced

REPLICAS = 3
DIALERS = 6
SETTINGS = {
    "lease": 5,
    "relay_interval": 0.5,
    "registry_timeout": 2,
    "tries": 2,
    "settle_after": 5,
    "announce_again_after": 5,
    "shutdown_timeout": 10,
}
"""Of every replica: what dies is taken over within seconds, so that ten minutes see many deaths."""
_KEYED = 0.8
_HANGS_UP = 0.08
_SIZES = (((1_000, 200_000), 70), ((200_000, 3_000_000), 15), ((9_000_000, 26_000_000), 15))
_ANSWER_TIMEOUT = 60.0
_LONGEST_PAUSE = 2.0
_SETTLE_TIMEOUT = 180.0
"""Seconds for answers that are under way when the trouble ends, and then without any progress of what is stored."""
_BETWEEN_KILLS = (3.0, 15.0)
_BETWEEN_RESTARTS = (12.0, 30.0)


@dataclass
class Count:
    """What happened, and what broke the promise. Any thread."""

    happened: Counter[str] = field(default_factory=Counter)
    broken: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, what: str) -> None:
        """It happened."""
        with self._lock:
            self.happened[what] += 1

    def find(self, kind: str, what: str) -> None:
        """Against the promise."""
        with self._lock:
            self.broken[kind].append(what)

    @property
    def holds(self) -> bool:
        """Whether the promise does."""
        return not any(self.broken.values())

    def __str__(self) -> str:
        with self._lock:
            happened = ", ".join(f"{times} {what}" for what, times in sorted(self.happened.items()))
            kinds = ("lost", "doubled", "orphaned", "unannounced")
            return f"{happened}; {', '.join(f'{kind} {len(self.broken[kind])}' for kind in kinds)}"


@dataclass(frozen=True, slots=True)
class Posted:
    """One recording that a dialer posted, and the call that it became by a 201; "" without one."""

    digest: str
    keyed: bool
    call_id: str = ""


@dataclass
class Ring:
    """The replicas, each on a port of its own, started again after every death."""

    profile: Path
    folder: Path
    chance: random.Random
    count: Count
    ports: tuple[int, ...]
    settings: Mapping[str, object] = field(default_factory=lambda: SETTINGS)
    _running: dict[int, tuple[ExitStack, Replica]] = field(default_factory=dict)

    def start(self, port: int) -> None:
        """A replica on the port."""
        stack = ExitStack()
        running = stack.enter_context(replica(self.profile, self.folder / str(port), port=port, **self.settings))
        self._running[port] = (stack, running)

    def kill(self, port: int, pause: Callable[[float], bool]) -> None:
        """A power cut of one, which comes back after a moment."""
        stack, running = self._running[port]
        running.kill()
        self.count.add("kills of replicas")
        stack.close()
        pause(self.chance.random())
        self.start(port)

    @contextmanager
    def up(self) -> Iterator[None]:
        """All of them; in the end they are stopped in good order."""
        try:
            for port in self.ports:
                self.start(port)
            yield
        finally:
            for stack, _running in self._running.values():
                stack.close()


@dataclass
class Dialer:
    """Posts recordings one after the other, each to its end."""

    name: str
    ports: Sequence[int]
    folder: Path
    chance: random.Random
    count: Count
    stop: threading.Event
    until: threading.Event
    """Set when nobody waits for an answer any more."""
    posted: list[Posted] = field(default_factory=list)

    def run(self) -> None:
        """Until told to stop; what was begun with a key is brought to its end."""
        while not self.stop.is_set():
            path = noise(self.folder / f"{self.name}.wav", _size(self.chance), self.chance)
            digest, body = hashlib.sha256(path.read_bytes()).hexdigest(), form_of(path)
            if self.chance.random() < _HANGS_UP:
                self._hang_up(body)
                self.posted.append(Posted(digest, keyed=False))
            else:
                self.posted.append(self._post(digest, body))

    def _post(self, digest: str, body: bytes) -> Posted:
        """With a key it is repeated until it has arrived; without one nobody can know, so it is not."""
        key = str(uuid.uuid4()) if self.chance.random() < _KEYED else None
        heard: set[str] = set()
        while not self.until.is_set():
            status, answer, pause = self._answered(body, key)
            self.count.add(f"answers {status}" if status else "answers lost")
            if status == 201:
                heard.add(answer["call_id"])
                if self.chance.random() < 0.1 and key and len(heard) == 1:
                    continue  # the repeat of an answered request is the same call
                break
            if key is None:
                break
            if status and status not in {409, 429, 500, 503}:
                self.count.find("lost", f"{status} {answer}")
                break
            self.until.wait(pause)
        if len(heard) > 1:
            self.count.find("doubled", f"one key, calls {sorted(heard)}")
        if key and not heard:
            self.count.find("lost", f"{digest} never arrived")
        return Posted(digest, keyed=key is not None, call_id=next(iter(heard), ""))

    def _answered(self, body: bytes, key: str | None) -> tuple[int, Document, float]:
        """Status, content and seconds to the next try; 0 where the replica died or the connection did."""
        headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        if key is not None:
            headers["Idempotency-Key"] = key
        connection = http.client.HTTPConnection("127.0.0.1", self.chance.choice(self.ports), timeout=_ANSWER_TIMEOUT)
        try:
            connection.request("POST", UPLOAD, body, headers)
            answer = connection.getresponse()
            told = json.loads(answer.read())
            asked = float(answer.headers.get("Retry-After") or 0)
            return answer.status, told, min(asked, _LONGEST_PAUSE) * self.chance.random()
        except (OSError, http.client.HTTPException, ValueError):
            return 0, {}, 0.3
        finally:
            connection.close()

    def _hang_up(self, body: bytes) -> None:
        """A client that is gone in the middle of its request."""
        connection = http.client.HTTPConnection("127.0.0.1", self.chance.choice(self.ports), timeout=_ANSWER_TIMEOUT)
        with suppress(OSError):
            connection.putrequest("POST", UPLOAD)
            connection.putheader("Content-Type", f"multipart/form-data; boundary={BOUNDARY}")
            connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body[: self.chance.randrange(len(body))])
        connection.close()
        self.count.add("clients gone in the middle")


@dataclass
class Worker:
    """The transcription: takes messages, looks the call up, calls it on."""

    look: Look
    count: Count
    stop: threading.Event
    heard: Counter[str] = field(default_factory=Counter)

    def run(self) -> None:
        """Until told to stop."""
        while not self.stop.is_set():
            try:
                batch = self.look.sqs.receive_message(
                    QueueUrl=self.look.queue_url, MaxNumberOfMessages=10, WaitTimeSeconds=1
                ).get("Messages", [])
                for message in batch:
                    self._take(json.loads(message["Body"]))
                    self.look.sqs.delete_message(QueueUrl=self.look.queue_url, ReceiptHandle=message["ReceiptHandle"])
            except (BotoCoreError, ClientError, PyMongoError):
                self.stop.wait(0.5)

    def _take(self, task: Mapping[str, str]) -> None:
        """The call moves on; a message whose call is not there is judged in the end."""
        call_id = task["call_id"]
        self.look.calls.update_one({"_id": call_id}, {"$set": {"status": "transcribing"}})
        self.count.add("messages more than once" if self.heard[call_id] else "messages")
        self.heard[call_id] += 1


@dataclass
class Senders:
    """Who sends, and what became of it as they were told."""

    ring: Ring
    folder: Path
    seed: int
    stop: threading.Event
    until: threading.Event
    trouble: list[Callable[[], None]] = field(default_factory=list)
    """What goes wrong on their side, until told to stop."""
    _dialers: list[Dialer] = field(default_factory=list)
    _laptops: list[SoakLaptop] = field(default_factory=list)

    def dialers(self, number: int) -> list[Callable[[], None]]:
        """What so many dialers do."""
        ring = self.ring
        self._dialers = [
            Dialer(
                f"dialer-{n}", ring.ports, self.folder, self._chance(f"dialer {n}"), ring.count, self.stop, self.until
            )
            for n in range(number)
        ]
        return [dialer.run for dialer in self._dialers]

    def laptops(self, number: int, stack: ExitStack) -> list[Callable[[], None]]:
        """What so many laptops do, on a bad network that lasts as long as the stack."""
        ring = self.ring
        straight = load_profile(ring.profile)
        s3 = stack.enter_context(Proxy((LOOPBACK, urlsplit(straight.endpoint or "").port or 0), http_talk))
        behind = straight.model_copy(update={"endpoint": f"http://{LOOPBACK}:{s3.port}"})
        ring.profile = write_profile(self.folder / "profile", behind, ring.profile)
        ring.settings = {**ring.settings, "tokens": ENTRIES}
        ways = stack.enter_context(balanced(ring.ports, s3, self._chance("balancer")))
        stack.enter_context(environment("CALLUP_GATEWAY_TOKEN", TOKEN))
        starter = stack.enter_context(zygote())
        self.trouble.append(Weather(ways, self._chance("weather"), ring.count.add, self.stop).run)
        self._laptops = [
            SoakLaptop(
                Rep(self.folder / f"laptop-{n}", ways, {}, starter, self._chance(f"laptop {n}")),
                ring.count.add,
                ring.count.find,
                self.stop,
                self.until,
                _size,
            )
            for n in range(number)
        ]
        return [laptop.run for laptop in self._laptops]

    @property
    def posted(self) -> list[Posted]:
        """What was sent, and as which call it arrived."""
        sent = [each for laptop in self._laptops for each in laptop.sent]
        direct = [Posted(each.digest, keyed=True, call_id=each.call_id if each.arrived else "") for each in sent]
        return [*(each for dialer in self._dialers for each in dialer.posted), *direct]

    @property
    def taken_back(self) -> set[str]:
        """Calls of which nothing may be left."""
        return {each.call_id for laptop in self._laptops for each in laptop.sent if not each.arrived}

    def _chance(self, name: str) -> random.Random:
        return random.Random(f"{self.seed} {name}")


@contextmanager
def environment(name: str, value: str) -> Iterator[None]:
    """The variable, for the processes that are started meanwhile."""
    os.environ[name] = value
    try:
        yield
    finally:
        del os.environ[name]


@dataclass(frozen=True)
class Verdict:
    """The servers, asked for the promise once everything is quiet."""

    look: Look
    count: Count
    senders: "Senders"
    heard: Counter[str]

    def under_way(self) -> dict[str, int]:
        """What is not at its end: rows that are not announced yet, and those whose message nobody has heard."""
        announced = {row["_id"] for row in self.look.uploads.find({"announced_at": {"$exists": True}}, {"_id": True})}
        rows = self.look.uploads.count_documents({})
        return {"not announced": rows - len(announced), "not heard": len(announced - self.heard.keys())}

    def judge(self) -> None:
        """Find what was lost, doubled, orphaned or never announced."""
        documents = {found["_id"]: found for found in self.look.calls.find()}
        arrived = {posted.call_id: posted for posted in self.senders.posted if posted.call_id}
        digests: dict[str, list[str]] = defaultdict(list)
        for call_id, found in documents.items():
            digest = self._digest_of(found["audio"]["s3_key"])
            if not digest:
                self.count.find("lost", f"object of {call_id}")
            digests[digest].append(call_id)
            if not self.heard[call_id]:
                self.count.find("unannounced", call_id)
        for call_id, posted in arrived.items():
            if call_id not in documents:
                self.count.find("lost", f"document of {call_id}")
            elif digests[posted.digest] != [call_id]:
                self.count.find("lost", f"{call_id} holds other bytes than were sent")
        for digest, calls in digests.items():
            if len(calls) > 1:
                self.count.find("doubled", f"{digest} became {calls}")
        for call_id in self.senders.taken_back & documents.keys():
            self.count.find("orphaned", f"document of {call_id}, which was taken back")
        self._find_orphans(documents)

    def _digest_of(self, key: str) -> str:
        try:
            return hashlib.sha256(self.look.content(key)).hexdigest()
        except ClientError:
            return ""

    def _find_orphans(self, documents: Mapping[str, Document]) -> None:
        named = {found["audio"]["s3_key"] for found in documents.values()}
        left = {
            "object": self.look.stored_keys() - named,
            "upload": self.look.open_uploads(),
            "row": {row["_id"] for row in self.look.unfinished()},
            "resting row": {row["_id"] for row in self.look.uploads.find({"registered_at": {"$exists": False}})},
            "message": self.heard.keys() - documents.keys(),
        }
        for what, found in left.items():
            for name in sorted(found):
                self.count.find("orphaned", f"{what} {name}")


def _restart_one(sandbox: Sandbox, chance: random.Random, count: Count) -> None:
    server = chance.choice(tuple(Server))
    if server is not Server.S3:
        sandbox.kill(server)
    sandbox.restart(server)
    count.add(f"restarts of {server}")


def _every(between: tuple[float, float], chance: random.Random, stop: threading.Event, act: Callable[[], None]) -> None:
    while not stop.wait(chance.uniform(*between)):
        act()


def _size(chance: random.Random) -> int:
    (smallest, largest), _weight = chance.choices(_SIZES, [weight for _sizes, weight in _SIZES])[0]
    return chance.randint(smallest, largest)


def soak(minutes: float, seed: int, folder: Path, say: Callable[[str], None], *, laptops: int = 0) -> Count:
    """Let it all go on for so long, then judge; so many `laptops` send in the place of dialers."""
    count, stop, until, end = Count(), threading.Event(), threading.Event(), threading.Event()
    sandbox = Sandbox(folder / "servers")
    with ExitStack() as stack:
        running = stack.enter_context(sandbox)
        look = stack.enter_context(Look.at(running))
        ring = Ring(running.profile, folder / "replicas", _chance(seed, "ring"), count, choose_ports(REPLICAS))
        senders = Senders(ring, folder, seed, stop, until)
        work_of = senders.laptops(laptops, stack) if laptops else senders.dialers(DIALERS)
        stack.enter_context(ring.up())
        worker = Worker(look, count, end)
        pool = stack.enter_context(ThreadPoolExecutor(len(work_of) + REPLICAS + 3))
        work = [pool.submit(run) for run in work_of]
        trouble = [
            *(pool.submit(run) for run in senders.trouble),
            *(
                pool.submit(
                    _every, _BETWEEN_KILLS, _chance(seed, f"kills {port}"), stop, partial(ring.kill, port, stop.wait)
                )
                for port in ring.ports
            ),
            pool.submit(
                _every,
                _BETWEEN_RESTARTS,
                (chance := _chance(seed, "restarts")),
                stop,
                lambda: _restart_one(sandbox, chance, count),
            ),
        ]
        listening = pool.submit(worker.run)
        try:
            _watch([*work, *trouble, listening], minutes * 60, count, say)
            stop.set()
            wait(trouble)
            say("nothing is killed any more; what is under way comes to its end")
            done = wait(work, timeout=_SETTLE_TIMEOUT)
            until.set()
            wait(done.not_done)
            verdict = Verdict(look, count, senders, worker.heard)
            _wait_until_settled(verdict, say)
        finally:
            for event in (stop, until, end):
                event.set()
        wait([listening])
        verdict.judge()
        for future in (*work, *trouble, listening):
            if (exc := future.exception()) is not None:
                count.find("lost", "".join(traceback.format_exception(exc)))
        _tell_sizes(look, senders.posted, say)
    return count


def _chance(seed: int, name: str) -> random.Random:
    return random.Random(f"{seed} {name}")


def _watch(work: Sequence["Future[None]"], seconds: float, count: Count, say: Callable[[str], None]) -> None:
    """Tell what happened so far, until the time is over or something ended early."""
    began = time.monotonic()
    while (left := began + seconds - time.monotonic()) > 0:
        if wait(work, timeout=min(30.0, left), return_when="FIRST_COMPLETED").done:
            return
        say(f"{(time.monotonic() - began) / 60:.1f} min: {count}")


def _wait_until_settled(verdict: Verdict, say: Callable[[str], None]) -> None:
    """Until nothing is under way, or nothing of it has come to its end for too long.

    The sandbox's MongoDB looks at every row for each question, so that ten minutes' outbox takes it minutes.
    """
    began = moved = time.monotonic()
    least = math.inf
    while left := sum((under_way := verdict.under_way()).values()):
        if left < least:
            least, moved = left, time.monotonic()
        if time.monotonic() - moved > _SETTLE_TIMEOUT:
            say(f"it did not settle: {under_way}")
            return
        time.sleep(0.2)
    say(f"settled {time.monotonic() - began:.1f} s after the last answer")


def _tell_sizes(look: Look, posted: Sequence[Posted], say: Callable[[str], None]) -> None:
    answered = sum(1 for each in posted if each.call_id)
    size = sum(found["audio"]["file_size_bytes"] for found in look.calls.find())
    say(
        f"{len(posted)} recordings posted, {answered} answered 201, {look.calls.count_documents({})} documents,"
        f" {len(look.stored_keys())} objects with {size / 1e6:.0f} MB"
    )


def _passing_folder() -> "tempfile.TemporaryDirectory[str]":
    return tempfile.TemporaryDirectory(prefix="callup-soak-", ignore_cleanup_errors=True)


def main() -> int:
    """The exit code: 0 if the promise holds."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--laptops", type=int, default=0, help="so many laptops without keys send, instead of dialers")
    parser.add_argument("--keep", type=Path, help="a new folder for journals and logs, which stays")
    options = parser.parse_args()
    senders = f"{options.laptops} laptops" if options.laptops else f"{DIALERS} dialers"
    _say(f"seed {options.seed}, {options.minutes:g} minutes, {REPLICAS} replicas, {senders}")
    with ExitStack() as stack:
        folder = options.keep or Path(stack.enter_context(_passing_folder()))
        folder.mkdir(parents=True, exist_ok=True)
        count = soak(options.minutes, options.seed, folder, _say, laptops=options.laptops)
    for kind, found in count.broken.items():
        for what in found:
            _say(f"{kind}: {what}")
    _say(f"in the end: {count}")
    return 0 if count.holds else 1


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
