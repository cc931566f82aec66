"""A computer in memory: one file whose bytes, age, attributes and troubles a test decides; it counts its reads."""

from collections.abc import Callable
from pathlib import Path

from callup_desktop.files.access import FileState, FileSystem
from callup_desktop.recordings.headers import Headers
from callup_desktop.recordings.pages import Pages
from callup_desktop.recordings.probe import inspect, probe, read_headers
from callup_desktop.recordings.recording import Recording, VideoPolicy
from callup_desktop.recordings.verdict import Verdict, verdict_of

NOW = 1_762_252_200.0
PATH = Path("calls") / "call.mp3"


class Shelf:
    """One file. `at_read` is called before every read with how many there were, and may change or raise anything."""

    def __init__(self, data: bytes, *, age: float = 86_400.0) -> None:
        self.data = data
        self.now = NOW
        self.mtime = NOW - age
        self.online_only = False
        self.kind = ""
        self.reads: list[tuple[int, int]] = []
        self.naps = 0
        self.opened = 0
        self.at_read: Callable[[int], None] = lambda _reads: None
        self.at_nap: Callable[[], None] = lambda: None
        self.at_look: Callable[[], None] = lambda: None

    # --- the file ---

    def look(self, _path: Path = PATH) -> FileState:
        self.at_look()
        return FileState(self.kind, len(self.data), round(self.mtime * 1e9), self.online_only)

    def read_at(self, offset: int, length: int) -> bytes:
        self.at_read(len(self.reads))
        self.reads.append((offset, length))
        return self.data[offset : offset + length]

    def close(self) -> None:
        self.opened -= 1

    # --- the computer ---

    @property
    def machine(self) -> FileSystem:
        return FileSystem(look=self.look, open=self._open, now=lambda: self.now, pause=self._pause)

    def _open(self, _path: Path) -> "Shelf":
        self.opened += 1
        return self

    def _pause(self, seconds: float) -> None:
        self.naps += 1
        self.now += seconds
        self.at_nap()

    # --- what a test asks ---

    def probe(
        self, cancelled: Callable[[], bool] = lambda: False, wants_crc32: Callable[[], bool] = lambda: False
    ) -> Recording:
        return probe(
            PATH,
            cancelled=cancelled,
            progress=lambda _done, _size: None,
            machine=self.machine,
            wants_crc32=wants_crc32,
        )

    def inspect(self) -> Headers:
        return inspect(PATH, machine=self.machine)

    def verdict_of(self) -> Verdict:
        return self.verdict_at(PATH)

    def verdict_at(self, path: Path) -> Verdict:
        return verdict_of(path, machine=self.machine)

    def verdict_of_sound(self) -> Verdict:
        return verdict_of(PATH, machine=self.machine, video=VideoPolicy.SOUND)


def headers_of(data: bytes) -> Headers:
    """The headers of bytes in memory; raises what the containers raise."""
    return read_headers(Pages(Shelf(data), len(data)))
