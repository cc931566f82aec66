"""What a front door may ask of the engine: each call posts one item and returns at once, from any thread."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class DetailsChange:
    """An edit of the form for several calls; None leaves a field as it is."""

    company_name: str | None = None
    contact_email: str | None = None
    call_type: str | None = None


class Commands(Protocol):
    """The engine as the window, the console and the hand-over see it. Answers come as events."""

    def add(self, paths: tuple[Path, ...], *, ids: tuple[str, ...] = ()) -> None:
        """Take files (folders are walked by the front door); each becomes a DRAFT and is probed.

        `ids` are UUID v4 chosen by the caller, one a path, where it must follow its own files.
        """
        ...

    def describe(self, job_ids: tuple[str, ...], change: DetailsChange) -> None:
        """Edit the details of drafts; JobChanged for each."""
        ...

    def accept(self, job_ids: tuple[str, ...]) -> None:
        """The rep says "Send anyway" or "Send again"."""
        ...

    def submit(self, job_ids: tuple[str, ...]) -> None:
        """Send drafts; CommandRejected where not ready: `checking`, `refused`, `details`, `doubt`, `duplicate`."""
        ...

    def pause(self, job_ids: tuple[str, ...]) -> None:
        """Pause queued or running jobs, keeping their parts."""
        ...

    def resume(self, job_ids: tuple[str, ...]) -> None:
        """Queue paused jobs again."""
        ...

    def retry(self, job_ids: tuple[str, ...]) -> None:
        """Queue failed jobs again, make waiting ones due now, probe refused drafts again."""
        ...

    def cancel(self, job_ids: tuple[str, ...]) -> None:
        """Cancel; CommandRejected(`registered`) where it is too late. Cleans the store, also after a restart."""
        ...

    def forget(self, job_ids: tuple[str, ...]) -> None:
        """Take refused drafts, and finished jobs, off the list."""
        ...

    def relocate(self, job_id: str, path: Path) -> None:
        """The rep points at where a moved recording is now; CommandRejected(`other_file`) if it is another one."""
        ...

    def check_again(self) -> None:
        """Try at once everything that waits: the account's block, backoff, files that were not ready."""
        ...

    def set_online(self, *, online: bool) -> None:
        """A hint from the system; True also drops pooled connections and makes waiting jobs due."""
        ...

    def set_limit(self, bytes_a_second: int | None) -> None:
        """Limit the uplink; None is no limit."""
        ...

    def set_files_at_once(self, files: int) -> None:
        """How many recordings are sent side by side."""
        ...

    def hold(self, *, held: bool) -> None:
        """Start no new step while held (metered network); running calls end early, everything is kept."""
        ...

    def tell(self, job_ids: tuple[str, ...]) -> None:
        """Ask for a JobChanged of each call, sent ones too; CommandRejected(`unknown`) for one that is not here."""
        ...

    def page_sent(self, offset: int, limit: int, search: str = "") -> None:
        """Ask for a SentPage."""
        ...

    def ask_statuses(self, job_ids: tuple[str, ...]) -> None:
        """Ask the registry what became of sent calls; Statuses if it answers, nothing if it does not."""
        ...

    def stop(self) -> None:
        """End: running calls are cut short, facts are on disk, Stopped is the last event."""
        ...
