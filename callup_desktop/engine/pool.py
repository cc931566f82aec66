"""Threads for blocking calls, started when needed. The front end says what a thread is (QThread or threading)."""

import queue
import threading
import time
from collections.abc import Callable
from typing import Protocol


class Joinable(Protocol):
    """A started thread that can be waited for."""

    def join(self, timeout: float | None = None) -> None:
        """Wait until it ended, or `timeout` seconds."""
        ...


Spawn = Callable[[str, Callable[[], None]], Joinable]
"""Start a named thread that runs the function."""


def daemon_thread(name: str, work: Callable[[], None]) -> Joinable:
    """A stdlib thread that never holds the interpreter's exit: every fact is on disk."""
    thread = threading.Thread(target=work, name=name, daemon=True)
    thread.start()
    return thread


class ThreadPool:
    """At most `size` threads; each ends when the pool is closed."""

    def __init__(self, size: int, spawn: Spawn = daemon_thread) -> None:
        """No thread is started before the first task."""
        self._size = size
        self._spawn = spawn
        self._tasks: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._threads: list[Joinable] = []
        self._idle = 0
        self._closed = False

    def run(self, task: Callable[[], None]) -> None:
        """Queue the task; a new thread is started if none is free."""
        with self._lock:
            if self._closed:
                raise RuntimeError("the pool is closed")
            self._tasks.put(task)
            if self._idle > 0:
                self._idle -= 1
            elif len(self._threads) < self._size:
                self._threads.append(self._spawn(f"transfer-{len(self._threads) + 1}", self._work))

    def close(self, timeout: float = 10.0) -> None:
        """Take no more tasks; wait up to `timeout` seconds for those that run."""
        with self._lock:
            self._closed = True
            threads = tuple(self._threads)
        for _ in threads:
            self._tasks.put(None)
        until = time.monotonic() + timeout
        for thread in threads:
            thread.join(max(0.0, until - time.monotonic()))

    def _work(self) -> None:
        while (task := self._tasks.get()) is not None:
            task()
            with self._lock:
                self._idle += 1
