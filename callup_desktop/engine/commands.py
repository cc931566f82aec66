"""What a front end may ask of the engine: each call posts one item and returns at once, from any thread."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from callup_desktop.calls.metadata import Details
from callup_desktop.calls.search import SentOrder
from callup_desktop.files.watched import WatchedFile


@dataclass(frozen=True, slots=True)
class DetailsChange:
    """An edit of the form for several calls; None leaves a field as it is."""

    company_name: str | None = None
    contact_email: str | None = None
    call_type: str | None = None


class Commands(Protocol):
    """The engine as the window, the console and the hand-over see it. Answers come as events."""

    def add(self, paths: tuple[Path, ...], *, ids: tuple[str, ...] = ()) -> None:
        """Take files (folders are walked by the front end); each becomes a DRAFT and is probed.

        `ids` are UUID v4 chosen by the caller, one a path, where it must follow its own files.
        """
        ...

    def take_watched(
        self, watching: str, files: tuple[WatchedFile, ...], sent: Mapping[Path, Details] | None = None
    ) -> None:
        """Files of the watched folder: each settled one that is new becomes a DRAFT, once, whatever becomes of it.

        New is what was not there at the first call with this name of the watching, is no call's file, and, once it is
        read, has no content that came from the folder before. One in `sent` is sent with these details once it is read,
        as by `send`.
        """
        ...

    def describe(self, job_ids: tuple[str, ...], change: DetailsChange) -> None:
        """Edit details; JobChanged for each. Those of a call that was sent must be complete: CommandRejected(DETAILS).

        A registered call waits until the registry took them; CommandRejected(MOVED_ON) where the pipeline has begun.
        """
        ...

    def send(
        self,
        job_ids: tuple[str, ...],
        details: DetailsChange | None = None,
        *,
        anyway: bool = False,
        again: bool = False,
    ) -> None:
        """Send drafts, described by `details` first; one that is not read yet keeps the wish and goes once it is.

        `anyway` sends a doubtful recording, `again` one that was sent before or is in the list already. CommandRejected
        where the rep has to act first: TURNED_AWAY, DETAILS, DOUBT, DUPLICATE, IN_LIST; also later, once the probe has
        read the file.
        """
        ...

    def pause(self, job_ids: tuple[str, ...]) -> None:
        """Pause queued or running jobs, keeping their parts."""
        ...

    def resume(self, job_ids: tuple[str, ...]) -> None:
        """Queue paused jobs again."""
        ...

    def pause_all(self) -> None:
        """Pause every queued or running job, and from now on each one that is sent, until `resume_all`."""
        ...

    def resume_all(self) -> None:
        """Queue every paused job again; what is sent from now on goes at once."""
        ...

    def retry(self, job_ids: tuple[str, ...]) -> None:
        """Queue failed jobs again, make waiting ones due now, probe refused drafts again."""
        ...

    def cancel(self, job_ids: tuple[str, ...]) -> None:
        """Cancel; CommandRejected(REGISTERED) where it is too late. Cleans the store, also after a restart."""
        ...

    def announce(self, job_ids: tuple[str, ...]) -> None:
        """Send the messages of sent calls once more, as where the queue was purged; one under way sends its own anyway.

        CommandRejected(OTHER_DESTINATION) where the call went to the servers of another profile.
        """
        ...

    def forget(self, job_ids: tuple[str, ...]) -> None:
        """Take refused drafts, and finished jobs, off the list."""
        ...

    def relocate(self, job_id: str, path: Path) -> None:
        """The rep points at where a moved recording is now; CommandRejected(OTHER_FILE) if it is another one."""
        ...

    def use_sound(self, job_ids: tuple[str, ...]) -> None:
        """Of drafts of videos beside which the recorder saved the sound: take that file instead; details stay."""
        ...

    def check_again(self) -> None:
        """Try at once everything that waits: the account's block, backoff, files that were not ready."""
        ...

    def renew_credentials(self) -> None:
        """Keys or passwords were saved: forget the old ones, and try at once everything that waits."""
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
        """Ask for a JobChanged of each call, sent ones too; CommandRejected(UNKNOWN) for one that is not here."""
        ...

    def page_sent(self, offset: int, limit: int, search: str = "", order: SentOrder = SentOrder.NEWEST) -> None:
        """Ask for a SentPage."""
        ...

    def ask_statuses(self, job_ids: tuple[str, ...]) -> None:
        """Ask the registry what became of sent calls; Statuses if it answers, nothing if it does not."""
        ...

    def stop(self) -> None:
        """End: running calls are cut short, facts are on disk, Stopped is the last event."""
        ...
