"""Which recordings of the watched folder become drafts: each once, whatever the rep did with it. Engine thread."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from callup_desktop.calls.metadata import Details
from callup_desktop.engine.job import Job, State
from callup_desktop.engine.live_jobs import LiveJobs
from callup_desktop.engine.ports import Clock
from callup_desktop.files.watched import WatchedFile
from callup_desktop.recordings.kinds import sound_beside
from callup_desktop.recordings.recording import Recording


class WatchedFiles:
    """Knows files by path and identity, and recordings by content, over restarts and after their drafts are gone."""

    def __init__(self, *, live: LiveJobs, clock: Clock, destination: str) -> None:
        self._live = live
        self._clock = clock
        self._destination = destination

    def take(self, watching: str, files: tuple[WatchedFile, ...], sent: Mapping[Path, Details]) -> None:
        """Make a draft of each settled file that is new; one with details in `sent` keeps the wish to be sent.

        `watching` is the name of this watching. What is there when another one begins is known from then on. Of a video
        and the sound that its recorder saves beside it one is taken: the sound, or the video that was there before it.
        """
        journal = self._live.journal
        if journal.watching != watching:
            journal.begin_watching(watching, files)
            return
        listed = {job.path for job in self._live.jobs.values()}
        listed |= {sound for path in listed if (sound := _sound_of(path)) is not None}
        for file in files:
            if not file.settled or journal.knows_file(file):
                continue
            sound = _sound_of(file.path)
            if file.path in listed or journal.expects_sound(file.path):
                # The rep was faster, and added it by hand; or the video of the same call was taken.
                journal.note_file(file, sound)
                continue
            self._live.add(self._draft(file.path, sent.get(file.path)), file, sound)

    def _draft(self, path: Path, sent: Details | None) -> Job:
        now = self._clock.now()
        job = Job(
            id=str(uuid.uuid4()),
            state=State.DRAFT,
            path=path,
            added_at=now,
            destination=self._destination,
            watched=True,
        )
        return job if sent is None else replace(job, details=sent, send_asked_at=now)

    def is_known(self, job: Job, recording: Recording) -> bool:
        """Whether the draft came from the watched folder, and this very recording did so before."""
        return job.watched and self._live.journal.knows_content(job.id, recording)


def _sound_of(path: Path) -> Path | None:
    """Where the recorder of this video saves its sound, None where it does not."""
    name = sound_beside(path.name)
    return path.with_name(name) if name else None
