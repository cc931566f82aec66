"""The report for IT: versions, profile, queue, troubles and the end of the log, redacted. No Qt; main thread."""

import platform
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from callup_desktop import __version__
from callup_desktop.config.profile import AnyProfile, Profile
from callup_desktop.engine.job import Job, Trouble
from callup_desktop.logs import FILE_NAME
from callup_desktop.presentation.view_state import ViewState
from callup_desktop.redaction import redacted

_SHOWN = {"name", "bucket", "region", "endpoint", "queue_url", "credentials", "gateway", "oidc_issuer"}
"""Keys of a profile; the registry's address is shown without the user it names."""
_LOG_TAIL = 48 * 1024
"""Bytes of the log: little enough to be read at once on the main thread."""
_MOST_JOBS = 20
"""Calls with a trouble; one trouble often stops all of them."""


class ItReportWriter:
    """Writes the report in English, because IT reads it."""

    def __init__(
        self,
        profile: AnyProfile,
        logs: Path | None,
        now: Callable[[], datetime],
        redact: Callable[[str], str] = redacted,
    ) -> None:
        """`logs` is the folder of the log, None if there is none; `redact` takes secrets out of a text."""
        self._profile = profile
        self._logs = logs
        self._now = now
        self._redact = redact

    def write(self, state: ViewState) -> str:
        """The whole report, redacted: no secret is in it, also none from a message of a library."""
        parts = (
            self._program(),
            self._profile_lines(),
            self._queue(state),
            *(_call(job) for job in _troubled(state)[:_MOST_JOBS]),
            self._log_tail(),
        )
        return self._redact("\n\n".join(part for part in parts if part)) + "\n"

    def _program(self) -> str:
        return (
            f"CallUp Desktop {__version__}, {self._now():%Y-%m-%d %H:%M:%S} UTC\n"
            f"{platform.platform()}, Python {platform.python_version()}, {'frozen' if _frozen() else 'from source'}"
        )

    def _profile_lines(self) -> str:
        shown = self._profile.model_dump(include=_SHOWN)
        lines = [f"{key}: {value}" for key, value in shown.items() if value is not None]
        if isinstance(self._profile, Profile):
            lines.append(f"registry: {self._profile.mongo_uri.rpartition('@')[2]}")
        return "\n".join(("Profile", *lines))

    def _queue(self, state: ViewState) -> str:
        counts = ", ".join(f"{phase.value} {count}" for phase, count in sorted(state.counts.items()) if count)
        status = state.status
        lines = ["Queue", f"calls: {counts or 'none'}"]
        if status is not None:
            lines += [f"online: {status.online} since {status.since:%Y-%m-%d %H:%M:%S} UTC", f"sent: {status.sent}"]
        trouble = state.stop_reason or (status.blocked if status else None)
        if trouble is not None:
            lines += [f"blocked: {_trouble_line(trouble)}"]
        return "\n".join(lines)

    def _log_tail(self) -> str:
        if self._logs is None:
            return ""
        try:
            with (self._logs / FILE_NAME).open("rb") as file:
                file.seek(0, 2)
                file.seek(max(0, file.tell() - _LOG_TAIL))
                text = file.read().decode("utf-8", "replace")
        except OSError:
            return "Log: cannot be read"
        return f"Log\n{text.partition(chr(10))[2] if len(text) >= _LOG_TAIL else text}".rstrip()


def _troubled(state: ViewState) -> list[Job]:
    return [job for job in state.jobs.values() if job.trouble is not None and job.question is None]


def _call(job: Job) -> str:
    trouble = _trouble_line(job.trouble) if job.trouble else ""
    return f"Call {job.id}\nstate: {job.state}, {job.stored} of {job.size} bytes stored\ntrouble: {trouble}"


def _trouble_line(trouble: Trouble) -> str:
    return f"{trouble.code} at {trouble.at:%Y-%m-%d %H:%M:%S} UTC {trouble.detail}".rstrip()


def _frozen() -> bool:
    return bool(getattr(sys, "frozen", False))
