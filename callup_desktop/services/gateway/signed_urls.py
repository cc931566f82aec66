"""URLs of parts, asked for several at a time, each kept until its part leaves. Any thread."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from threading import Lock

from callup_desktop.engine.parts import spans
from callup_desktop.engine.ports import Algorithm, Target
from callup_desktop.recordings.recording import crc64nvmes_between
from callup_desktop.services.direct_shapes import MOST_SIGNED, PartsWanted, SignedPartView
from callup_desktop.services.s3.requests import joined_crc64nvme

CHECKSUM_HEADER = f"x-amz-checksum-{Algorithm.CRC64NVME.lower()}"
_SPARE = timedelta(seconds=30)
"""A URL that ends sooner is asked for again: a part may wait for its connection."""


@dataclass(slots=True)
class _Upload:
    """The URLs of one call; `taken` are parts that left, or are stored, and are not asked for ahead."""

    asking: Lock = field(default_factory=Lock)
    kept: dict[int, SignedPartView] = field(default_factory=dict)
    taken: set[int] = field(default_factory=set)

    def ends_before(self, moment: datetime) -> bool:
        return all(each.expires_at <= moment for each in self.kept.values())


@dataclass(frozen=True, slots=True)
class _Wanted:
    """One part to be signed; its bytes' CRC64NVME in base64."""

    number: int
    size: int
    checksum: str


class SignedUrls:
    """A URL for each part, bound to its length and checksum.

    Those of parts that follow are asked for with it where the probe has left their checksums, so that nobody waits for
    a URL that is there.
    """

    def __init__(
        self, ask: Callable[[Target, PartsWanted], Iterable[SignedPartView]], now: Callable[[], datetime]
    ) -> None:
        """`now` is the gateway's time."""
        self._ask = ask
        self._now = now
        self._lock = Lock()
        self._uploads: dict[str, _Upload] = {}

    def keep(self, target: Target, signed: Iterable[SignedPartView]) -> None:
        """Take over what was given without being asked for."""
        self._upload(target).kept.update((each.number, each) for each in signed)

    def are_stored(self, target: Target, numbers: Iterable[int]) -> None:
        """No URL of these parts is asked for ahead."""
        self._upload(target).taken.update(numbers)

    def take(self, target: Target, number: int, size: int, checksum: str, *, anew: bool = False) -> SignedPartView:
        """A URL that stores just this part; `anew`: one of before was refused. Raises what asking raises."""
        upload = self._upload(target)
        with upload.asking:
            if anew:
                upload.kept.clear()
            upload.taken.add(number)
            found = upload.kept.pop(number, None)
            if found is not None and self._lasts(found) and found.headers.get(CHECKSUM_HEADER) == checksum:
                return found
            upload.kept = {each.number: each for each in upload.kept.values() if self._lasts(each)}
            wanted = [_Wanted(number, size, checksum), *self._ahead(target, number, upload)]
            upload.kept.update((each.number, each) for each in self._ask(target, _asked_for(wanted)))
            return upload.kept.pop(number)

    def forget(self, target: Target) -> None:
        """The upload is over."""
        with self._lock:
            self._uploads.pop(target.call_id, None)

    def _upload(self, target: Target) -> _Upload:
        with self._lock:
            if target.call_id not in self._uploads:
                # Calls that were paused for long leave theirs behind.
                ended = [call for call, upload in self._uploads.items() if upload.ends_before(self._now())]
                for call in ended:
                    del self._uploads[call]
            return self._uploads.setdefault(target.call_id, _Upload())

    def _ahead(self, target: Target, number: int, upload: _Upload) -> Iterator[_Wanted]:
        """The parts that follow, as far as their checksums are known and one request may ask."""
        if not target.part_size or not target.piece_crc64nvmes:
            return
        following = (
            each
            for each in spans(target.size, target.part_size)[number:]
            if each.number not in upload.taken and each.number not in upload.kept
        )
        for each in islice(following, MOST_SIGNED - 1):
            pieces = crc64nvmes_between(target.piece_crc64nvmes, target.size, each.offset, each.size)
            if pieces:
                yield _Wanted(each.number, each.size, joined_crc64nvme(pieces, each.size))

    def _lasts(self, signed: SignedPartView) -> bool:
        return signed.expires_at > self._now() + _SPARE


def _asked_for(parts: Sequence[_Wanted]) -> PartsWanted:
    return PartsWanted(
        numbers=[part.number for part in parts],
        lengths=[part.size for part in parts],
        checksums=[part.checksum for part in parts],
    )
