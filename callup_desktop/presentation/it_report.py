"""The report for IT: what runs where, what stands in the way, the end of the log; redacted. No Qt; main thread."""

import platform
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from callup_desktop import __version__
from callup_desktop.config.profile import Profile
from callup_desktop.engine.job import Job, Trouble
from callup_desktop.logs import FILE_NAME, redacted
from callup_desktop.presentation.view_state import ViewState

_TAIL = 48 * 1024
_MOST_JOBS = 20


class ItReportWriter:
    """Writes the report; in English, because IT reads it."""

    def __init__(self, profile: Profile, logs: Path | None, now: Callable[[], datetime]) -> None:
        """`logs` is the folder of the log, None if there is none."""
        self._profile = profile
        self._logs = logs
        self._now = now

    def write(self, state: ViewState, ended: Trouble | None) -> str:
        """The whole report; no secret in it, whatever a library may have put into a message."""
        parts = (
            self._about_us(),
            self._about_profile(),
            self._about_queue(state, ended),
            *(_about_job(job) for job in _troubled(state)[:_MOST_JOBS]),
            self._tail(),
        )
        return redacted("\n\n".join(part for part in parts if part)) + "\n"

    def _about_us(self) -> str:
        return (
            f"CallUp Desktop {__version__}, {self._now():%Y-%m-%d %H:%M:%S} UTC\n"
            f"{platform.platform()}, Python {platform.python_version()}, {'frozen' if _frozen() else 'from source'}"
        )

    def _about_profile(self) -> str:
        shown = self._profile.model_dump(include={"name", "bucket", "region", "endpoint", "queue_url", "credentials"})
        host = self._profile.mongo_uri.rpartition("@")[2]
        lines = [f"{key}: {value}" for key, value in shown.items() if value is not None]
        return "\n".join(("Profile", *lines, f"registry: {host}"))

    def _about_queue(self, state: ViewState, ended: Trouble | None) -> str:
        counts = ", ".join(f"{standing.value} {count}" for standing, count in sorted(state.counts.items()) if count)
        status = state.status
        lines = ["Queue", f"calls: {counts or 'none'}"]
        if status is not None:
            lines += [f"online: {status.online} since {status.since:%Y-%m-%d %H:%M:%S} UTC", f"sent: {status.sent}"]
        trouble = ended or (status.blocked if status else None)
        if trouble is not None:
            lines += [f"blocked: {_told(trouble)}"]
        return "\n".join(lines)

    def _tail(self) -> str:
        """The end of the log: little enough to be read at once on the main thread."""
        if self._logs is None:
            return ""
        try:
            with (self._logs / FILE_NAME).open("rb") as file:
                file.seek(0, 2)
                file.seek(max(0, file.tell() - _TAIL))
                text = file.read().decode("utf-8", "replace")
        except OSError:
            return "Log: cannot be read"
        return f"Log\n{text.partition(chr(10))[2] if len(text) >= _TAIL else text}".rstrip()


def _troubled(state: ViewState) -> list[Job]:
    return [job for job in state.jobs.values() if job.trouble is not None]


def _about_job(job: Job) -> str:
    trouble = _told(job.trouble) if job.trouble else ""
    return f"Call {job.id}\nstate: {job.state}, {job.stored} of {job.size} bytes stored\ntrouble: {trouble}"


def _told(trouble: Trouble) -> str:
    return f"{trouble.code} at {trouble.at:%Y-%m-%d %H:%M:%S} UTC {trouble.detail}".rstrip()


def _frozen() -> bool:
    return bool(getattr(sys, "frozen", False))
