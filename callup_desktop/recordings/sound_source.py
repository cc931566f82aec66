"""The sound of a video while it is sent: the spans of an M4A, read from the open video. Shared by pool threads."""

import threading
from pathlib import Path

from callup_desktop.files.errors import FileChangedError, RefusedError
from callup_desktop.files.source import Source, Span
from callup_desktop.recordings.headers import OpenEndedError
from callup_desktop.recordings.video_sound import VideoSound, sound_of


class SoundSource(Source):
    """One video held open; its spans are those of its sound, its identity is its own."""

    def __init__(self, path: Path) -> None:
        """Open the video; its sound is looked for when the first span is read."""
        super().__init__(path)
        self._video = _Video(self)
        self._making = threading.Lock()
        self._sound: VideoSound | None = None

    def read(self, span: Span) -> memoryview:
        """Exactly the bytes of the span of the M4A; raises what `Source.read` raises."""
        data = self._sound_of_it().read_at(span.offset, span.size)
        if len(data) != span.size:
            raise FileChangedError(f"{len(data)} of {span.size} bytes at {span.offset}")
        return memoryview(data)

    def read_video(self, offset: int, length: int) -> bytes:
        """The bytes of the video itself, fewer only at its end; raises what `Source.read` raises."""
        size = max(0, min(length, self.identity().size - offset))
        return bytes(super().read(Span(0, offset, size)))

    def _sound_of_it(self) -> VideoSound:
        with self._making:
            if self._sound is None:
                try:
                    self._sound = sound_of(self._video, self.identity().size)
                except (RefusedError, OpenEndedError) as exc:
                    # It was taken a moment ago.
                    raise FileChangedError("no sound in the video any more") from exc
            return self._sound


class _Video:
    """The open video as the writer of its sound reads it."""

    def __init__(self, source: SoundSource) -> None:
        self._source = source

    def read_at(self, offset: int, length: int) -> bytes:
        return self._source.read_video(offset, length)
