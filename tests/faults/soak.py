"""The long form: laptops that meet random faults, deaths, power cuts and pauses, for as long as they are told to.

    python -m tests.faults.soak --minutes 60 --seed 7

Each laptop is a thread with a network and servers of its own, and sends batch after batch with the real program. After
each batch the servers are asked for the promise and emptied, so that what is there in the end is nobody's. Prints what
happened each half minute, then how many calls were lost, doubled or orphaned; the exit code is 0 if none was.
"""

import argparse
import random
import shutil
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from callup_desktop.config.profile import load_profile
from callup_desktop.engine.job import Job
from callup_desktop.sandbox.embedded import Sandbox
from callup_desktop.sandbox.servers import Server
from tests.faults import harms
from tests.faults.crashes import Batch, Deadly, Moment, Rep, Zygote, noise, zygote
from tests.faults.laptop import Network, network_before
from tests.faults.matrix import CASES, Case
from tests.faults.outcome import Ground, Servers, servers_of
from tests.faults.proxy import Exchange
from tests.faults.quirks import QUIRKS, forget

LAPTOPS = 2
_BATCHES_OF_A_HOME = 12
_RUNS_OF_A_BATCH = 8
_RUNS_TO_THE_END = 20
_OWN = frozenset({"server killed", "server killed mid-insert", "duplicate key", "412, an earlier try arrived"})
"""Cases that need what only their own test has; servers die in another way here."""
_FAULTS = tuple(case for case in CASES if case.fault not in _OWN)
_DEADLY = (
    *("create", "part", "part", "put", "put", "put", "list", "complete", "complete", "head", "head"),
    *("register", "register", "register", "announce", "announce", "announce", "list uploads", "delete"),
)
_VERSIONED = 0.3
"""How often the bucket keeps what is deleted."""
_CUTS = {Server.S3: ("create", "part", "part", "list"), Server.MONGO: ("register",)}


@dataclass
class Count:
    """What happened, over all laptops. Any thread."""

    happened: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    orphaned: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, what: str, times: int = 1) -> None:
        """It happened."""
        with self._lock:
            self.happened[what] += times

    def find(self, kind: list[str], what: str) -> None:
        """Against the promise."""
        with self._lock:
            kind.append(what)
        _say(what)

    @property
    def holds(self) -> bool:
        """Whether the promise does."""
        return not (self.lost or self.doubled or self.orphaned)

    def __str__(self) -> str:
        with self._lock:
            happened = ", ".join(f"{times} {what}" for what, times in sorted(self.happened.items()))
            return f"{happened}; lost {len(self.lost)}, doubled {len(self.doubled)}, orphaned {len(self.orphaned)}"


@dataclass
class Soaked:
    """One laptop."""

    rep: Rep
    servers: Servers
    count: Count
    _batches: int = 0

    @property
    def chance(self) -> random.Random:
        """All that is random here."""
        return self.rep.chance

    @property
    def network(self) -> Network:
        """Its ways straight to the servers."""
        assert isinstance(self.rep.network, Network)
        return self.rep.network

    def batch(self) -> None:
        """Send some recordings under some mishaps, to the end, and ask the servers for the promise."""
        if self._batches % _BATCHES_OF_A_HOME == 0:
            shutil.rmtree(self.rep.home, ignore_errors=True)
            self.rep.begin()
        self._batches += 1
        self.rep.network.forget()
        self._choose_quirks()
        files = [self._recording(number) for number in range(self.chance.randint(1, 6))]
        batch = SoakedBatch(self.rep, files, laptop=self)
        for _ in range(self.chance.randint(1, _RUNS_OF_A_BATCH)):
            batch.mishap()
        batch.come_to_rest()
        batch.judge()
        for path in batch.files:
            path.unlink()

    def _choose_quirks(self) -> None:
        """For this batch the servers are of some maker; what passes by itself comes once."""
        forget(self.network)
        for name in self.chance.sample(sorted(QUIRKS), self.chance.choice((0, 1, 1, 2))):
            QUIRKS[name](self.network, self.chance)
            self.count.add(f"batches under {name}")
        versioned = self.chance.random() < _VERSIONED
        self.servers.keep_versions(on=versioned)
        self.count.add("batches in a versioned bucket", int(versioned))

    def _recording(self, number: int) -> Path:
        path = self.rep.folder / f"batch-{self._batches}-{number}.wav"
        smallest, largest = self.chance.choices(
            ((1_000, 200_000), (200_000, 3_000_000), (3_000_000, 9_900_000), (11_000_000, 30_000_000)),
            (70, 18, 6, 6),
        )[0]
        return noise(path, self.chance.randint(smallest, largest), self.chance)

    def leftovers(self) -> None:
        """What the servers hold once every batch was judged and taken away."""
        for key in self.servers.all_keys():
            self.count.find(self.count.orphaned, f"object {key}")
        for key in self.servers.open_uploads():
            self.count.find(self.count.orphaned, f"upload {key}")
        for document in self.servers.calls.find():
            self.count.find(self.count.orphaned, f"document {document['call_id']}")


@dataclass
class SoakedBatch(Batch):
    """A batch under mishaps, judged in the end."""

    laptop: Soaked = field(kw_only=True)

    @property
    def _chance(self) -> random.Random:
        return self.laptop.chance

    # --- mishaps ------------------------------------------------------------------------------------------------------

    def mishap(self) -> None:
        """One run of the program in which something goes wrong."""
        if self._chance.random() < 0.2:
            self.change_of_mind()
        arguments = self.next_command()
        if arguments is None:
            return
        self._order_faults()
        actions = (self._at_a_step, self._with_a_server, self._at_any_time, self._paused, self._survives)
        self._chance.choices(actions, (8, 2, 6, 2, 2))[0](arguments)

    def _order_faults(self) -> None:
        for case in self._chance.sample(_FAULTS, self._chance.randint(0, 4)):
            self._order(case)

    def _order(self, case: Case) -> None:
        harm = case.make(self.laptop.servers, self.files[0])

        def counted(exchange: Exchange) -> None:
            self.laptop.count.add("faults")
            harm(exchange)

        self.rep.network.of(case.step).plan.order(case.step, counted, times=self._chance.randint(1, 2))

    def _at_a_step(self, arguments: Sequence[str | Path]) -> None:
        moment = self._chance.choice(tuple(Moment))
        self._die(
            arguments,
            Deadly(
                self._chance.choice(_DEADLY),
                moment,
                nth=self._chance.choice((1, 1, 1, 2, 4)),
                after_bytes=self._chance.randrange(5_000_000),
            ),
        )

    def _with_a_server(self, arguments: Sequence[str | Path]) -> None:
        """The sandbox's S3 may lose what it completed just before it dies, which the real one does not: so wait."""
        server = self._chance.choice(tuple(_CUTS))
        if server is Server.S3:
            for operation in ("put", "complete"):
                self.laptop.network.s3.plan.order(operation, harms.reset_before, times=None)
        operation = self._chance.choice(_CUTS[server])
        moment = self._chance.choice((Moment.ASKED, Moment.BYTES, Moment.ACTED))
        if self._die(arguments, Deadly(operation, moment, nth=self._chance.randint(1, 2), server=server)):
            self.laptop.count.add(f"power cuts of {server}")

    def _die(self, arguments: Sequence[str | Path], deadly: Deadly) -> bool:
        killed = self.rep.die(arguments, deadly, at_latest=self._chance.random() * 3)
        self.laptop.count.add("kills", int(killed))
        return killed

    def _at_any_time(self, arguments: Sequence[str | Path]) -> None:
        console = self.rep.run(*arguments)
        if not console.ended_within(self._chance.random() * 0.8):
            console.kill()
            self.laptop.count.add("kills")
        console.wait()
        self.rep.settle()

    def _paused(self, arguments: Sequence[str | Path]) -> None:
        """While it runs, or before it starts."""
        console = self.rep.run(*arguments)
        console.ended_within(self._chance.random())
        self.rep.run("pause").wait()
        self.laptop.count.add("pauses")
        if not console.ended_within(self._chance.random()):
            console.kill()
            self.laptop.count.add("kills")
        console.wait()
        self.rep.settle()

    def _survives(self, arguments: Sequence[str | Path]) -> None:
        """The faults end after a while, and the program goes on; a server may be killed under it."""
        if self._chance.random() < 0.3:
            self.laptop.network.mongo.plan.order("register", harms.killed(self.laptop.servers.sandbox, Server.MONGO))
        console = self.rep.run(*arguments)
        console.ended_within(self._chance.random() * 3)
        self.rep.network.lift()
        console.wait()
        self.rep.settle()
        self.laptop.count.add("runs under faults that were lived through")

    # --- the end ------------------------------------------------------------------------------------------------------

    def come_to_rest(self) -> None:
        """Without any more mishap; what the rep does not want is taken back."""
        for _ in range(_RUNS_TO_THE_END):
            arguments = self.next_command()
            if arguments is None:
                return
            self.rep.run(*arguments).wait()
        raise AssertionError(f"the calls did not come to an end: {self.looked_up()}\n{self.rep.said}")

    def judge(self) -> None:
        """Ask the servers for the promise, and take away what they hold of this batch."""
        count, servers = self.laptop.count, self.laptop.servers
        messages = servers.messages()
        ended = {job.id: job for job in self.looked_up()}
        paths = Counter(job.path for job in self.calls.values())
        for path in self.files:
            if paths[path] != 1:
                count.find(count.doubled if paths[path] else count.lost, f"{path.name} became {paths[path]} calls")
        for call, job in self.calls.items():
            told = [message for message in messages if message["call_id"] == call]
            if call in ended:
                self._judge_sent(job, told)
            else:
                self._judge_taken_back(job, told)
            servers.forget(job)
        for message in messages:
            if message["call_id"] not in self.calls:
                count.find(count.orphaned, f"message of {message['call_id']}")
        self._rep_sent_no_stored_part_again()

    def _judge_sent(self, job: Job, told: list[dict[str, object]]) -> None:
        count, servers = self.laptop.count, self.laptop.servers
        keys, documents = servers.keys_with(job.id), servers.documents_of(job)
        if not keys or servers.content_of(keys[0]) != job.path.read_bytes():
            count.find(count.lost, f"object of {job.id}")
        if not documents or not told:
            count.find(count.lost, f"{'message' if documents else 'document'} of {job.id}")
        if len(keys) > 1 or len(documents) > 1:
            count.find(count.doubled, f"{len(keys)} objects, {len(documents)} documents of {job.id}")
        if servers.open_uploads_of(job):
            count.find(count.orphaned, f"upload of {job.id}")
        count.add("calls sent")
        count.add("messages more than once", int(len(told) > 1))

    def _judge_taken_back(self, job: Job, told: list[dict[str, object]]) -> None:
        count, servers = self.laptop.count, self.laptop.servers
        if job.id not in self.unwanted:
            count.find(count.lost, f"{job.id} was taken back by nobody")
        left = [*servers.versions_with(job.id), *servers.open_uploads_of(job), *servers.documents_of(job), *told]
        if left:
            count.find(count.orphaned, f"{left} of {job.id}, which was taken back")
        count.add("calls taken back")

    def _rep_sent_no_stored_part_again(self) -> None:
        try:
            self.rep.no_stored_part_was_sent_again()
        except AssertionError as exc:
            self.laptop.count.find(self.laptop.count.doubled, f"a part: {exc}")


def laptop_on(folder: Path, starter: Zygote, chance: random.Random, count: Count, stack: ExitStack) -> Soaked:
    """A laptop with a network and servers of its own, for as long as the stack."""
    sandbox = Sandbox(folder / "servers")
    ground = Ground(sandbox, stack.enter_context(sandbox))
    network = stack.enter_context(network_before(load_profile(ground.running.profile)))
    servers = stack.enter_context(servers_of(ground))
    return Soaked(Rep(folder / "rep", network, ground.keys, starter, chance, sandbox), servers, count)


def soak(minutes: float, seed: int, folder: Path, say: Callable[[str], None]) -> Count:
    """Let the laptops go on for so long."""
    count, until = Count(), time.monotonic() + minutes * 60
    with ThreadPoolExecutor(LAPTOPS) as pool, ExitStack() as stack:
        starter = stack.enter_context(zygote())
        chances = [random.Random(f"{seed} {number}") for number in range(LAPTOPS)]
        laptops = [
            laptop_on(folder / f"laptop-{number}", starter, chance, count, stack)
            for number, chance in enumerate(chances)
        ]
        told = [pool.submit(_go_on, laptop, until) for laptop in laptops]
        for line in _told_while(told, count):
            say(line)
        for laptop in laptops:
            laptop.leftovers()
    return count


def _go_on(laptop: Soaked, until: float) -> None:
    while time.monotonic() < until:
        try:
            laptop.batch()
        except Exception:  # noqa: BLE001 - whatever ends a laptop, its calls have no end
            laptop.count.find(laptop.count.lost, traceback.format_exc())
            return


def _told_while(told: Sequence["Future[None]"], count: Count) -> Iterator[str]:
    started = time.monotonic()
    while wait(told, timeout=30).not_done:
        yield f"{(time.monotonic() - started) / 60:.1f} min: {count}"


def main() -> int:
    """The exit code: 0 if nothing was lost, doubled or orphaned."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    _say(f"seed {options.seed}, {options.minutes:g} minutes, {LAPTOPS} laptops")
    with tempfile.TemporaryDirectory(prefix="callup-soak-", ignore_cleanup_errors=True) as folder:
        count = soak(options.minutes, options.seed, Path(folder), _say)
    for kind, found in (("lost", count.lost), ("doubled", count.doubled), ("orphaned", count.orphaned)):
        for what in found:
            _say(f"{kind}: {what}")
    _say(f"in the end: {count}")
    return 0 if count.holds else 1


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
