"""Recordings pass through in constant memory, and one sender does not keep another waiting."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from callup_desktop.sandbox.embedded import Running
from tests.gateway.clients import FIELDS, by_curl
from tests.gateway.conftest import QUICK
from tests.gateway.look import Before, Look
from tests.gateway.raw import ALL_FIELDS, END, answer_on, connected, file_begin, form_of, head, say
from tests.gateway.replica import Replica, eventually, replica

MIB = 1024 * 1024
GIB = 1024**3
MOST_MEMORY = 180 * MIB
"""Of a whole replica with one upload under way; a generous bound over the 150 MB that are wanted."""


def sound(size: int) -> Iterator[bytes]:
    """A WAV of this size, made as it is sent."""
    rate, head_size = 48_000, 44
    data = size - head_size
    numbers = [36 + data, 16, 1 | 2 << 16, rate, rate * 4, 4 | 16 << 16]
    riff, form, kind, per_second, byte_rate, block = (number.to_bytes(4, "little") for number in numbers)
    yield (
        b"RIFF"
        + riff
        + b"WAVEfmt "
        + form
        + kind
        + per_second
        + byte_rate
        + block
        + b"data"
        + data.to_bytes(4, "little")
    )
    noise = bytes(range(1, 251)) * 4195
    while data > 0:
        yield noise[: min(len(noise), data)]
        data -= len(noise)


class Memory:
    """The most that a replica held while the context lasted, and what it wrote; looked at by a thread."""

    def __init__(self, watched: Replica) -> None:
        self._process = watched.memory
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self.most = 0
        self.files: set[Path] = set()
        """Every file that it had open for writing at a look."""

    def __enter__(self) -> "Memory":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stopped.wait(0.05):
            self.most = max(self.most, self._process.memory_info().rss)
            self.files |= {
                Path(file.path) for file in self._process.open_files() if "w" in file.mode or "a" in file.mode
            }


@pytest.mark.slow
def test_one_gibibyte_passes_in_constant_memory_and_without_a_temporary_file(
    sandbox: Running, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, look: Look
) -> None:
    length = len(ALL_FIELDS + file_begin()) + GIB + len(END)
    monkeypatch.setenv("TMPDIR", str(tmp_path))

    with replica(sandbox.profile, folder / "large", **QUICK) as running, Memory(running) as memory:
        answer = say(running, head(length), ALL_FIELDS + file_begin(), *sound(GIB), END)

    assert answer.status == 201, answer.text
    key = look.document(answer.json["call_id"])["audio"]["s3_key"]
    assert look.s3.head_object(Bucket=look.bucket, Key=key)["ContentLength"] == GIB
    assert memory.most < MOST_MEMORY, f"{memory.most / MIB:.0f} MiB"
    assert memory.files <= {running.log}
    assert not list(tmp_path.iterdir())
    look.s3.delete_object(Bucket=look.bucket, Key=key)


def test_a_refused_sender_that_does_not_ask_first_costs_no_memory(gateway: Replica, look: Look) -> None:
    before = Before.of(look)
    junk = b"%PDF-1.7 " + b"x" * (MIB - 9)

    with Memory(gateway) as memory:
        answer = say(gateway, head(300 * MIB), ALL_FIELDS + file_begin(), *[junk] * 200)

    assert (answer.status, answer.json["type"]) == (400, "unsupported_type")
    assert memory.most < MOST_MEMORY, f"{memory.most / MIB:.0f} MiB"
    before.assert_nothing_added()


def test_ten_slow_senders_do_not_keep_others_waiting(
    gateway: Replica, recordings: Mapping[str, Path], long_call: Path, look: Look
) -> None:
    body, before = form_of(long_call), look.open_uploads()
    stopped = threading.Event()
    with ExitStack() as stack:
        slow = [stack.enter_context(connected(gateway)) for _ in range(10)]
        for sock in slow:
            sock.sendall(head(len(body)) + body[: 9 * MIB])

        def dribble() -> None:
            at = 9 * MIB
            while not stopped.wait(1.0):
                for sock in slow:
                    sock.sendall(body[at : at + 1024])
                at += 1024

        thread = threading.Thread(target=dribble)
        thread.start()
        try:
            eventually(lambda: len(look.unfinished()) >= 10, "all ten are under way")
            answers = [by_curl(gateway.upload, FIELDS, recordings["mp3"], {}) for _ in range(5)]
            still_sending = len(look.unfinished())
        finally:
            stopped.set()
            thread.join()

    assert [answer.status for answer in answers] == [201] * 5
    assert still_sending >= 10
    eventually(lambda: not look.unfinished(), "what the slow ones sent is cleaned up")
    assert not look.open_uploads() - before


def test_a_sender_below_the_least_rate_is_given_up(sandbox: Running, folder: Path, look: Look) -> None:
    """The minute itself is not waited for here: see test_body."""
    before = Before.of(look)
    settings = {**QUICK, "silence_timeout": 0.5}
    with replica(sandbox.profile, folder / "impatient", **settings) as running, connected(running) as sock:
        sock.sendall(head(MIB) + ALL_FIELDS[:20])
        answer = answer_on(sock)

    assert (answer.status, answer.json["type"]) == (408, "sender_too_slow")
    before.assert_nothing_added()


def test_a_caller_with_too_many_uploads_and_a_replica_without_room_say_so(
    sandbox: Running, folder: Path, recordings: Mapping[str, Path], long_call: Path, look: Look
) -> None:
    body = form_of(long_call)
    cases = (
        ({"uploads_a_caller": 1}, 429, "caller_busy"),
        ({"memory_budget": 24 * MIB}, 503, "gateway_busy"),
    )
    for settings, status, code in cases:
        with replica(sandbox.profile, folder / code, **{**QUICK, **settings}) as running, connected(running) as sock:
            sock.sendall(head(len(body)) + body[: len(body) // 2])
            eventually(look.unfinished, "the first one is under way")
            answer = by_curl(running.upload, FIELDS, long_call, {})
            assert (answer.status, answer.json["type"]) == (status, code)
            assert int(answer.headers["retry-after"]) >= 1
            sock.sendall(body[len(body) // 2 :])
            assert answer_on(sock).status == 201
            assert by_curl(running.upload, FIELDS, recordings["mp3"], {}).status == 201
