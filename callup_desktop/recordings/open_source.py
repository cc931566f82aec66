"""Opens what is sent of a file: the file itself, or the sound of a video. Called on pool threads."""

from pathlib import Path

from callup_desktop.files.source import Source
from callup_desktop.recordings.recording import Recording


def open_source(path: Path, recording: Recording) -> Source:
    """What is sent of the file at the path; raises RefusedError or NotReadyError."""
    if not recording.sound_of:
        return Source(path)
    # Few recordings are videos, and every start would load the readers of their containers.
    from callup_desktop.recordings.sound_source import SoundSource

    return SoundSource(path)
