"""A bad network between the program and a real server: a TCP relay that does harm on order. Threads of its own.

A `Talk` is the protocol of one connection (`http_talk`, `mongo_talk`): it cuts the stream into exchanges. A `Harm` is
what happens to one exchange, in place of passing request and reply on. `Plan` says which exchange meets which harm.
"""

import socket
import struct
import threading
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType

from tests.services.front import Reply

LOOPBACK = "127.0.0.1"
_LINGER_ZERO = struct.pack("ii", 1, 0)
_SILENT_AT_MOST = 60.0


class Hangup(Exception):  # noqa: N818 - an end, not an error
    """Raised inside an exchange when one of the two sides is gone, or when the proxy hangs up."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A request that reached the proxy; `part` and `upload_id` only where it names them."""

    operation: str
    key: str = ""
    upload_id: str = ""
    part: int = 0


class Exchange(ABC):
    """One request on its way; `acted` once the server answered that it did what was asked."""

    def __init__(self, line: "Line", arrived: Arrived) -> None:
        self.line = line
        self.arrived = arrived
        self.acted = False

    @abstractmethod
    def read(self) -> None:
        """Take the whole request from the program; does nothing the second time."""

    @abstractmethod
    def hand_over(self) -> None:
        """Give the server the whole request, without waiting for what it does."""

    @abstractmethod
    def forward(self) -> None:
        """Let the server act; its reply is kept."""

    @abstractmethod
    def reply(self, *, cut: bool = False) -> None:
        """Give the program the server's reply, or half of it and then hang up."""

    def pass_on(self) -> None:
        """What happens without harm."""
        self.forward()
        self.reply()

    def reset(self) -> None:
        """Hang up with RST, as a router does that lost its table."""
        self.line.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_ZERO)
        raise Hangup

    def fall_silent(self) -> None:
        """Say nothing until the program has had enough, or the harm is lifted."""
        self.line.client.settimeout(0.05)
        for _ in range(int(_SILENT_AT_MOST / 0.05)):
            if self.line.proxy.plan.lifted.is_set():
                break
            try:
                gone = not self.line.client.recv(65536)
            except TimeoutError:
                gone = False
            except OSError:
                gone = True
            if gone:
                break
        raise Hangup


Harm = Callable[[Exchange], None]


Habit = Callable[[Arrived, Reply], Reply]


def plainly(_arrived: Arrived, reply: Reply) -> Reply:
    """As the real server wrote it."""
    return reply


@dataclass
class Rule:
    """The next `times` exchanges of an operation meet the harm; None: all, until lifted."""

    operation: str
    harm: Harm
    times: int | None
    applies: Callable[[Arrived], bool]


class Plan:
    """What will go wrong, and what arrived. Any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: list[Rule] = []
        self._exchanges: list[Exchange] = []
        self._harmed: Counter[str] = Counter()
        self._under_way = 0
        self._held = 0
        self._changed = threading.Condition(self._lock)
        self.lifted = threading.Event()

    def order(
        self,
        operation: str,
        harm: Harm,
        *,
        times: int | None = 1,
        applies: Callable[[Arrived], bool] = lambda _arrived: True,
    ) -> None:
        """Do this harm, after what was ordered before for the same operation."""
        self.lifted.clear()
        with self._lock:
            self._rules.append(Rule(operation, harm, times, applies))

    def lift(self) -> None:
        """No more harm; who was kept waiting is let go."""
        with self._lock:
            self._rules.clear()
        self.lifted.set()

    def forget(self) -> None:
        """Start over: no harm, nothing arrived."""
        self.lift()
        with self._lock:
            self._exchanges.clear()
            self._harmed.clear()
            self._held = 0

    def met(self, operation: str) -> int:
        """How many exchanges of the operation met a harm."""
        with self._lock:
            return self._harmed[operation]

    def wait_met(self, operation: str, within: float = 30.0) -> None:
        """Return once an exchange of the operation meets a harm."""
        with self._changed:
            assert self._changed.wait_for(lambda: self._harmed[operation] > 0, within), f"nobody asked to {operation}"

    def hold(self, within: float = 30.0) -> None:
        """Return once the harm is lifted; the server has done what was asked."""
        with self._changed:
            self._held += 1
            self._changed.notify_all()
        self.lifted.wait(within)

    def wait_held(self, within: float = 30.0) -> None:
        """Return once the reply to something that the server has done is held."""
        with self._changed:
            assert self._changed.wait_for(lambda: self._held > 0, within), "no reply is held"

    @property
    def spent(self) -> bool:
        """Whether all that was ordered a number of times was met as often."""
        with self._lock:
            return not any(rule.times for rule in self._rules)

    def exchanges(self, operation: str = "") -> tuple[Exchange, ...]:
        """What arrived, in order."""
        with self._lock:
            return tuple(seen for seen in self._exchanges if operation in {"", seen.arrived.operation})

    def begin(self, exchange: Exchange) -> Harm | None:
        """Write it down; the harm that it meets."""
        with self._lock:
            self._exchanges.append(exchange)
            self._under_way += 1
            for rule in self._rules:
                if rule.operation == exchange.arrived.operation and rule.applies(exchange.arrived):
                    if rule.times is not None:
                        rule.times -= 1
                        if rule.times == 0:
                            self._rules.remove(rule)
                    self._harmed[rule.operation] += 1
                    self._changed.notify_all()
                    return rule.harm
        return None

    def end(self) -> None:
        """The exchange is over."""
        with self._changed:
            self._under_way -= 1
            self._changed.notify_all()

    def wait_idle(self, within: float = 30.0) -> None:
        """Return once no request is on its way to the server any more."""
        with self._changed:
            assert self._changed.wait_for(lambda: self._under_way == 0, within), "a request is still under way"


@dataclass
class Link:
    """How good the line is: bytes a second, and after how many bytes of the program it drops; None: as many as come."""

    rate: float | None = None
    drops_after: int | None = None


@dataclass(eq=False)
class Line:
    """One connection of the program, and the one to the server that belongs to it."""

    proxy: "Proxy"
    client: socket.socket
    taken: int = 0
    _server: socket.socket | None = field(default=None)

    @property
    def server(self) -> socket.socket:
        """The connection to the server, opened when it is first needed."""
        if self._server is None:
            try:
                self._server = socket.create_connection(self.proxy.backend, timeout=30)
            except OSError as exc:
                raise Hangup from exc
        return self._server

    def take(self, at_most: int) -> bytes:
        """Bytes of the program, as slowly as the link is; raises Hangup at their end."""
        link = self.proxy.link
        if link.rate is not None:
            at_most = max(1, min(at_most, int(link.rate / 20)))
        if link.drops_after is not None:
            if self.taken >= link.drops_after:
                self.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_ZERO)
                raise Hangup
            at_most = min(at_most, link.drops_after - self.taken)
        data = _received(self.client, at_most)
        self.taken += len(data)
        if link.rate is not None:
            self.proxy.plan_pause(len(data) / link.rate)
        return data

    def take_exactly(self, size: int) -> bytes:
        """This many bytes of the program."""
        data = b""
        while len(data) < size:
            data += self.take(min(65536, size - len(data)))
        return data

    def take_to(self, end: bytes) -> bytes:
        """The bytes of the program up to the first `end`, and no more."""
        data = b""
        while not data.endswith(end):
            known = data + _received(self.client, 65536, socket.MSG_PEEK)
            place = known.find(end)
            data += self.take((len(known) if place < 0 else place + len(end)) - len(data))
        return data

    def cut(self) -> None:
        """Wake the threads that wait on either side, to hang up."""
        for end in (self.client, self._server):
            if end is not None:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Hang up on both sides."""
        for end in (self.client, self._server):
            if end is not None:
                end.close()


def _received(end: socket.socket, at_most: int, flags: int = 0) -> bytes:
    try:
        data = end.recv(at_most, flags)
    except OSError as exc:
        raise Hangup from exc
    if not data:
        raise Hangup
    return data


def receive_exactly(end: socket.socket, size: int) -> bytes:
    """This many bytes; raises Hangup if they end before."""
    data = b""
    while len(data) < size:
        data += _received(end, size - len(data))
    return data


def send_all(end: socket.socket, data: bytes) -> None:
    """All bytes; raises Hangup where nobody takes them."""
    try:
        end.sendall(data)
    except OSError as exc:
        raise Hangup from exc


Talk = Callable[[Line], None]
"""Carries on one connection to its end, exchange by exchange; ends in Hangup."""


def play(exchange: Exchange) -> None:
    """Let the exchange meet its harm, or pass it on."""
    plan = exchange.line.proxy.plan
    harm = plan.begin(exchange)
    try:
        if harm is None:
            exchange.pass_on()
        else:
            harm(exchange)
    finally:
        plan.end()


class Proxy:
    """Listens on a port of its own, in front of the server at `backend`."""

    def __init__(self, backend: tuple[str, int], talk: Talk) -> None:
        self.backend = backend
        self.plan = Plan()
        self.link = Link()
        self.habit: Habit = plainly
        """How the maker of an HTTP server writes its replies."""
        self._talk = talk
        self._lock = threading.Lock()
        self._lines: set[Line] = set()
        self._threads: list[threading.Thread] = []
        self._closed = threading.Event()
        self._down = False
        self._listener = self._listen(0)
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> "Proxy":
        self._accept_on(self._listener)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closed.set()
        self.plan.lift()
        self.go_down()
        for thread in self._threads:
            thread.join(10)

    def go_down(self) -> None:
        """From now on connections are refused; those that stand end."""
        with self._lock:
            with suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._down = True
        self.hang_up()

    def hang_up(self) -> None:
        """End all connections that stand."""
        with self._lock:
            lines = tuple(self._lines)
        for line in lines:
            line.cut()

    def come_back(self) -> None:
        """Listen again, on the same port; does nothing if it does already."""
        with self._lock:
            if not self._down:
                return
            self._listener, self._down = self._listen(self.port), False
        self._accept_on(self._listener)

    def plan_pause(self, seconds: float) -> None:
        """Bytes take their time on a slow link."""
        if self._closed.wait(seconds):
            raise Hangup

    def _listen(self, port: int) -> socket.socket:
        return socket.create_server((LOOPBACK, port), backlog=64)

    def _accept_on(self, listener: socket.socket) -> None:
        def accept() -> None:
            with suppress(OSError):
                while True:
                    client, _ = listener.accept()
                    self._start(self._serve, client)

        self._start(accept)

    def _start(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, name="proxy", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _serve(self, client: socket.socket) -> None:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line = Line(self, client)
        with self._lock:
            self._lines.add(line)
        try:
            with suppress(Hangup):
                while True:
                    self._talk(line)
        finally:
            with self._lock:
                self._lines.discard(line)
            line.close()
