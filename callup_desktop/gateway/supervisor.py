"""Keeps the gateway's workers running: one that dies is replaced at once, whatever the others do. Main thread."""

import socket
import time
from collections.abc import Callable
from pickle import UnpicklingError

from uvicorn import Config
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess
from uvicorn.supervisors.multiprocess import Process


class Liveness:
    """Which workers live. Each is asked and none is waited for: one that still starts answers after seconds.

    uvicorn waits for the answer of one after the other, also of one that was killed before it gave it. Meanwhile it
    replaces nobody, and hears no signal.
    """

    def __init__(self, timeout: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._timeout = timeout
        self._monotonic = monotonic
        self._asked: dict[Process, float] = {}
        """When those were asked that have not answered yet."""

    def lives(self, worker: Process) -> bool:
        """Whether it runs, and has not been silent for `timeout` seconds."""
        if not worker.process.is_alive():
            self._asked.pop(worker, None)
            return False
        try:
            if worker in self._asked and worker.parent_conn.poll():
                worker.parent_conn.recv()
                del self._asked[worker]
            if worker not in self._asked:
                worker.parent_conn.send(b"ping")
                self._asked[worker] = self._monotonic()
        except (OSError, EOFError, UnpicklingError):
            self._asked.pop(worker, None)
            return False
        return self._monotonic() - self._asked[worker] < self._timeout


class Workers(Multiprocess):
    """uvicorn's supervisor with its own look at the workers, and a stop that refuses new connections.

    A connection that a stopping port held open would never be answered.
    """

    def __init__(self, config: Config, sockets: list[socket.socket]) -> None:
        super().__init__(config, sockets)
        self._liveness = Liveness(config.timeout_worker_healthcheck)
        self.has_failed = False
        """Whether a worker could not start, as none ever will."""

    def keep_subprocess_alive(self) -> None:
        """Replace each worker that does not live; end where one could not start."""
        for index, worker in enumerate(self.processes):
            if self._liveness.lives(worker):
                continue
            worker.kill()
            worker.join()
            if worker.exitcode == STARTUP_FAILURE:
                self.has_failed = True
                self.should_exit.set()
                return
            self.processes[index] = Process(self.config, self.sockets)
            self.processes[index].start()

    def terminate_all(self) -> None:
        """Let the port go, which each worker does at its own stop, then stop them."""
        for listener in self.sockets:
            listener.close()
        super().terminate_all()
