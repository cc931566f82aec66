"""Every sentence a person reads about a call, made from codes and facts. No Qt: the console uses it too. Any thread."""

import math
import re
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from callup_desktop.calls.metadata import FieldProblem
from callup_desktop.engine.errors import Code
from callup_desktop.engine.job import Job, State, Trouble
from callup_desktop.files.errors import Refusal, Wait
from callup_desktop.presentation.language import Language, Translatable
from callup_desktop.recordings.recording import MAX_SIZE, Doubt, Doubtful

_KIB = 1024
_MIB = 1024**2
_GIB = 1024**3
_MINUTE = 60
_HOUR = 3600
_DAY = 24 * _HOUR
_MOMENT = 3
_BLOCKED_HOURS = 24
"""A registry that does not answer for so long is a matter for IT."""
_BEGUN_EMAIL = re.compile(r"[^@\s]*(@[^@\s.]*)?")
"""An address that only needs more letters."""
_PROVIDERS = ("OneDrive", "Dropbox", "Google Drive", "iCloud Drive", "Box Sync")
_LONGEST_ESTIMATE = 100 * _HOUR
"""Beyond this an estimate tells nothing."""

Fact = str | int | float
Facts = Mapping[str, Fact]


class Who(StrEnum):
    """Who can end a trouble."""

    NOBODY = "nobody"
    REP = "rep"
    IT = "it"


_NOBODY = {
    Code.OFFLINE,
    Code.CONNECTION,
    Code.STORAGE_BUSY,
    Code.PART_DAMAGED,
    Code.REGISTRY_UNREACHABLE,
    Code.QUEUE_UNREACHABLE,
    Code.UPLOAD_EXPIRED,
    Code.STILL_STORED,
    Code.FILE_CHANGED,
    Code.DRIVE_GONE,
    Code.FILE_LOCKED,
    Wait.UNFINISHED,
    Wait.LOCKED,
    "journal_busy",
}
_IT = {
    Code.KEYS_REVOKED,
    Code.ACCESS_DENIED,
    Code.WRONG_BUCKET,
    Code.ENCRYPTION_DENIED,
    Code.TLS_UNTRUSTED,
    Code.PROXY_BLOCKS,
    Code.REGISTRY_DENIED,
    Code.QUEUE_DENIED,
    Code.REGISTRY_REFUSED,
    Code.QUEUE_REFUSED,
    Code.STORE_REFUSED,
    Code.MISMATCH,
    Code.BUG,
    Code.NO_CREDENTIALS,
    "journal_newer",
    "journal_broken",
    "journal_read_only",
}


def who_acts(trouble: Trouble) -> Who:
    """Who can end this trouble; an unknown code is the rep's, who at least can ask."""
    if trouble.code in _NOBODY or (trouble.code == Code.MISMATCH and "again" in (trouble.params or {})):
        return Who.NOBODY
    return Who.IT if trouble.code in _IT else Who.REP


def _provider_of(folder: str) -> str:
    """Whose cloud a folder belongs to, as its name tells; "" if it does not."""
    return next((name for name in _PROVIDERS if name in folder), "")


class Messages(Translatable):
    """Sentences of FAILURES.md, chips, sizes and times in one language."""

    def __init__(self, language: Language | None = None) -> None:
        """Speak the language; English without one."""
        super().__init__(language)
        self._sentences = {**self._about_files(), **self._about_network(), **self._about_account(), **self._about_us()}
        self._chips = {**self._file_chips(), **self._call_chips()}

    # --- what is wrong --------------------------------------------------------------------------------------------

    def sentence(self, trouble: Trouble) -> str:
        """What happened and what happens next, one or two sentences."""
        facts = trouble.params or {}
        match str(trouble.code):
            case Refusal.UNSUPPORTED if "kind" in facts:
                return self.tr("This is a {kind} file. Please add an MP3, WAV, M4A or FLAC recording.").format(
                    kind=facts["kind"]
                )
            case Refusal.TOO_LARGE if "size" in facts:
                return self._too_large(facts)
            case Refusal.CORRUPT if facts.get("reason") == "unfinished":
                return self.tr("The recorder never finished this file. Open Zoom to convert it, then add it again.")
            case Refusal.NO_PERMISSION | Code.FILE_UNREADABLE if "folder" in facts:
                return self.tr(
                    "This computer isn't letting us read {folder}. Allow it in Settings, then try again."
                ).format(folder=facts["folder"])
            case Code.DRIVE_GONE if facts.get("drive"):
                return self.tr("The drive {drive} is disconnected. We'll go on when it is back.").format(
                    drive=facts["drive"]
                )
            case Code.FILE_MISSING if "name" in facts:
                return self.tr("We can't find {name} any more. Show us where it is, or remove it.").format(
                    name=facts["name"]
                )
            case Code.TLS_UNTRUSTED if facts.get("issuer"):
                return self.tr(
                    "Your company's network is checking this connection with a certificate we don't trust ({issuer})."
                    " Please send this to IT."
                ).format(issuer=facts["issuer"])
            case Code.CLOCK_WRONG if facts.get("seconds_ahead"):
                return self.tr("Your computer's clock is {time} off. Please turn on automatic time.").format(
                    time=self._span(abs(float(facts["seconds_ahead"])))
                )
            case Code.REGISTRY_UNREACHABLE if float(facts.get("hours", 0)) >= _BLOCKED_HOURS:
                return self.tr(
                    "Your recording is safe in storage, but this network blocks the call list. Please send this to IT."
                )
            case Code.MISMATCH if "again" in facts:
                return self.tr("The copy in storage didn't match, so we're sending it again.")
            case Wait.ONLINE_ONLY if provider := _provider_of(str(facts.get("folder", ""))):
                return self.tr("{provider} isn't running. Open {provider}, then try again.").format(provider=provider)
        return self._sentences.get(str(trouble.code), self._unknown())

    def _span(self, seconds: float) -> str:
        if seconds < _HOUR:
            return self.tr("%n min", None, max(1, round(seconds / _MINUTE)))
        if seconds < _DAY:
            return self.tr("%n h", None, round(seconds / _HOUR))
        return self.tr("%n day(s)", None, round(seconds / _DAY))

    def _too_large(self, facts: Facts) -> str:
        size, limit = self.size(int(facts["size"])), self.size(int(facts.get("limit", MAX_SIZE)))
        if size == limit:
            return self.tr(
                "This recording is a little over {limit}, which is the limit. Export it as MP3 or M4A and add it again."
            ).format(limit=limit)
        return self.tr(
            "This recording is {size}; the limit is {limit}. Export it as MP3 or M4A and add it again."
        ).format(size=size, limit=limit)

    def _unknown(self) -> str:
        return self.tr("Something went wrong that we did not expect. Your recording is kept; please send this to IT.")

    def _about_files(self) -> dict[str, str]:
        return {
            Refusal.UNSUPPORTED: self.tr(
                "This isn't a recording we can take. Please add an MP3, WAV, M4A or FLAC recording."
            ),
            Refusal.TOO_LARGE: self.tr(
                "This recording is larger than the limit of 1 GB. Export it as MP3 or M4A and add it again."
            ),
            Refusal.EMPTY: self.tr("This file is empty. Check that the recording finished saving."),
            Refusal.CORRUPT: self.tr("This recording can't be read. Try playing it; if it plays, export it again."),
            Refusal.VIDEO: self.tr(
                "This is a video. We can only take the audio – export audio only, or ask IT."  # noqa: RUF001 - a dash
            ),
            Refusal.PROTECTED: self.tr("This file is protected and can't be uploaded."),
            Refusal.WEB_PAGE: self.tr(
                "This is a web page, not a recording. The download probably needed you to sign in."
            ),
            Refusal.NOT_FOUND: self.tr("We can't find this file any more. Add it again from where it is now."),
            Refusal.NO_PERMISSION: self.tr(
                "This computer isn't letting us read this file. Allow it in Settings, then try again."
            ),
            Refusal.NOT_A_FILE: self.tr("This isn't a file we can read. Please add the recording itself."),
            Refusal.LINK_LOOP: self.tr("This shortcut leads back to itself. Please add the recording itself."),
            Refusal.UNREADABLE: self.tr(
                "This file can't be read reliably. Copy it to another folder and add it again."
            ),
            Wait.UNFINISHED: self.tr(
                "Waiting for your recorder to finish this file. It will be sent by itself.", "unfinished file"
            ),
            Wait.LOCKED: self.tr("Another program is using this file. We'll try again in a moment."),
            Wait.ONLINE_ONLY: self.tr("This file is still in the cloud. Open its cloud program, then try again."),
            Wait.DRIVE_GONE: self.tr("The drive with this file is disconnected. We'll go on when it is back."),
            Code.FILE_MISSING: self.tr("We can't find this file any more. Show us where it is, or remove it."),
            Code.FILE_UNREADABLE: self.tr(
                "This computer isn't letting us read this file. Allow it in Settings, then try again."
            ),
            Code.FILE_LOCKED: self.tr("Another program is using this file. We'll try again in a moment."),
            Code.FILE_CHANGED: self.tr("This recording changed while it was being sent, so we're starting it again."),
            Code.KEEPS_CHANGING: self.tr("It keeps changing – is it still recording?"),  # noqa: RUF001 - a dash
            Code.PART_UNREADABLE: self.tr(
                "Part of this file can't be read reliably. Copy it to another folder and add it again."
            ),
        }

    def _about_network(self) -> dict[str, str]:
        return {
            Code.OFFLINE: self.tr("You're offline. This recording will be sent when you're back online."),
            Code.CONNECTION: self.tr("The connection dropped. Trying again in a moment; nothing is lost."),
            Code.CAPTIVE_PORTAL: self.tr("This Wi-Fi needs you to sign in first."),
            Code.TLS_UNTRUSTED: self.tr(
                "Your company's network is checking this connection with a certificate we don't trust."
                " Please send this to IT."
            ),
            Code.PROXY_LOGIN: self.tr("Your company's internet proxy needs your password."),
            Code.PROXY_BLOCKS: self.tr("Your company's network is blocking our storage. Please send this to IT."),
            Code.STORAGE_BUSY: self.tr("Storage is busy. Trying again; nothing is lost."),
            Code.PART_DAMAGED: self.tr("A part arrived damaged. Sending it again; nothing is lost."),
            Code.UPLOAD_EXPIRED: self.tr("The earlier part of this upload expired, so we're sending it again."),
            Code.STILL_STORED: self.tr("Removing what was already sent. Trying again in a moment."),
            Code.REGISTRY_UNREACHABLE: self.tr("Sent safely. Waiting to register the call; we keep trying."),
            Code.QUEUE_UNREACHABLE: self.tr("Registered. Waiting to start the transcript; we keep trying."),
        }

    def _about_account(self) -> dict[str, str]:
        return {
            Code.SIGN_IN: self.tr("Please sign in again to continue. Your uploads are kept."),
            Code.NO_CREDENTIALS: self.tr(
                "There are no keys for storage on this computer yet. Open Connection to add them, or ask IT."
            ),
            Code.KEYRING_LOCKED: self.tr("Unlock your keychain so we can sign in."),
            Code.KEYS_REVOKED: self.tr(
                "Your access has been switched off. Please ask IT; your recordings are kept on this computer."
            ),
            Code.ACCESS_DENIED: self.tr("You don't have permission to send recordings yet. Please send this to IT."),
            Code.WRONG_BUCKET: self.tr("The storage address in our settings is wrong. Please send this to IT."),
            Code.ENCRYPTION_DENIED: self.tr("Storage encryption isn't set up for you yet. Please send this to IT."),
            Code.CLOCK_WRONG: self.tr("Your computer's clock is wrong. Please turn on automatic time."),
            Code.REGISTRY_DENIED: self.tr(
                "Your recording is safe in storage, but we couldn't register it. Please send this to IT."
            ),
            Code.REGISTRY_REFUSED: self.tr(
                "Your recording is safe in storage, but we couldn't register it. Please send this to IT."
            ),
            Code.QUEUE_DENIED: self.tr("Registered, but transcription isn't reachable. Please send this to IT."),
            Code.QUEUE_REFUSED: self.tr("Registered, but transcription didn't take it. Please send this to IT."),
            Code.STORE_REFUSED: self.tr("Storage didn't take this recording. Please send this to IT."),
            Code.MISMATCH: self.tr("The copy in storage didn't match this recording, twice. Please send this to IT."),
        }

    def _about_us(self) -> dict[str, str]:
        return {
            Code.BUG: self._unknown(),
            "journal_disk_full": self.tr(
                "This computer is almost out of space. Free 200 MB so we can keep track of your uploads."
            ),
            "journal_read_only": self.tr("We can't write to our own folder on this computer. Please send this to IT."),
            "journal_busy": self.tr("Another program is using our upload list. We'll try again in a moment."),
            "journal_newer": self.tr(
                "A newer version of this program was used here. Please install it again to see your calls."
            ),
            "journal_broken": self.tr("The upload list can't be read. Please send this to IT."),
        }

    def dropped(self, seconds: float) -> str:
        """The connection dropped, and in so many seconds it is tried again."""
        if seconds < _MOMENT:
            return self._sentences[Code.CONNECTION]
        if seconds < _MINUTE:
            time = self.tr("%n s", None, math.ceil(seconds / 5) * 5)
        else:
            time = self.tr("%n min", None, math.ceil(seconds / _MINUTE))
        return self.tr("The connection dropped. Trying again in {time}; nothing is lost.").format(time=time)

    def slow(self, seconds_left: float) -> str:
        """The link is slow, and what that means."""
        return self.tr("Your connection is slow; {time}. You can keep working.").format(
            time=self.time_left(seconds_left)
        )

    def repaired(self, count: int) -> str:
        """The journal was damaged, and so many calls of it were saved."""
        if count == 0:
            return self.tr("We repaired the upload list, but nothing in it could be read. Please add your calls again.")
        if count == 1:
            return self.tr("We repaired the upload list. Please check the last recording.")
        return self.tr("We repaired the upload list. Please check the last %n recordings.", None, count)

    def interrupted(self) -> str:
        """The last run ended in the middle of a call."""
        return self.tr("We closed unexpectedly. Your uploads are continuing.")

    def fetching(self, folder: str) -> str:
        """A cloud's program brings the file here."""
        if provider := _provider_of(folder):
            return self.tr("Getting this file from {provider}…").format(provider=provider)
        return self.tr("Getting this file from the cloud…")

    def woke(self) -> str:
        """The computer slept while calls were on their way."""
        return self.tr("Picking up where we left off.")

    def elevated(self) -> str:
        """The system keeps back drops."""
        return self.tr(
            "Dropping files is blocked because the app runs as administrator. Use Choose files, or restart normally."
        )

    def found_again(self, name: str) -> str:
        """A file was dropped that a call was missing."""
        return self.tr("{name} is the recording that was missing; its call goes on.").format(name=name)

    def advice(self, trouble: Trouble) -> str:
        """The few muted words after a chip: "it is a PDF", "ask your admin"; "" where the chip says it all."""
        facts = trouble.params or {}
        if trouble.code == Refusal.UNSUPPORTED and "kind" in facts:
            return self.tr("it is a {kind}").format(kind=facts["kind"])
        if trouble.code == Refusal.TOO_LARGE and "size" in facts:
            return self.tr("it is {size}").format(size=self.size(int(facts["size"])))
        if who_acts(trouble) is Who.IT:
            return self.tr("ask your admin")
        return ""

    def doubt(self, warned: Doubtful) -> str:
        """What the rep is asked before a doubtful recording is sent."""
        if warned.doubt is Doubt.SILENT:
            return self.tr("We couldn't hear anything in this recording. Send it anyway?")
        if warned.stops_at is None or warned.should_be is None:
            return self.tr("This recording seems cut off. Send anyway, or find the full file?")
        return self.tr(
            "This recording seems cut off at {stops_at} of {should_be}. Send anyway, or find the full file?"
        ).format(stops_at=self.duration(warned.stops_at), should_be=self.duration(warned.should_be))

    def duplicate(self, sent_at: datetime) -> str:
        """The question about a recording that was sent before."""
        return self.tr("You already sent this recording on {day}. Send it again?").format(
            day=self.language.day(sent_at.astimezone().date())
        )

    def field_problem(self, field: str, problem: FieldProblem, typed: str = "") -> str:
        """The sentence under a field of the form; `typed` is what stands in it."""
        match field, problem:
            case "company_name", FieldProblem.MISSING:
                return self.tr("Add the company name to send this recording.")
            case "contact_email", FieldProblem.MISSING:
                return self.tr("Add a contact email to send this recording.")
            case "call_type", FieldProblem.MISSING:
                return self.tr("Choose the call type to send this recording.")
            case _, FieldProblem.INVALID_EMAIL if typed and not _BEGUN_EMAIL.fullmatch(typed.strip()):
                return self.tr("That email address doesn't look right.")
            case _, FieldProblem.INVALID_EMAIL:
                return self.tr("Enter a full email address, such as john@acme.com.")
            case _, FieldProblem.UNKNOWN_TYPE:
                return self.tr("This call type is not on your company's list. Choose another.")
            case _:
                return self.tr("This is too long; 200 characters are the limit.")

    def command_refused(self, code: str) -> str:
        """Why a command was not carried out (events.CommandRejected)."""
        match code:
            case "registered":
                return self.tr("This call is already registered, so it can't be taken back any more.")
            case "checking":
                return self.tr("This recording is still being checked. Send it in a moment.")
            case "details":
                return self.tr("Some call details are missing.")
            case Doubt.TRUNCATED:
                return self.tr("This recording seems cut off. Send anyway, or find the full file?")
            case Doubt.SILENT:
                return self.tr("We couldn't hear anything in this recording. Send it anyway?")
            case "doubt":
                return self.tr("Something seems wrong with this recording. Look at it, then send it anyway.")
            case "duplicate":
                return self.tr("This recording was sent before. Look at it, then send it again if you want to.")
            case "other_file":
                return self.tr("That is another recording. Please show us the one that was moved.")
            case "refused":
                return self.tr("This file can't be sent.")
            case "sent":
                return self.tr("This call was sent already, so its details are fixed.")
            case "unknown":
                return self.tr("This call is not on this computer.")
            case "kept":
                return self.tr("Not sent yet. It is kept on this computer and goes on the next time.")
            case _:
                return self.tr("That is not possible while the call is under way.")

    # --- where a call stands --------------------------------------------------------------------------------------

    def stage(self, job: Job, *, described: bool = True) -> str:
        """Where the call stands, in two or three words; `described` tells whether a draft's details hold."""
        if job.cancel_asked_at is not None or job.state is State.CANCELLED:
            return self.tr("Removing…")
        match job.state:
            case State.DRAFT:
                return self._draft_stage(job, described=described)
            case State.QUEUED:
                return self._queued_stage(job)
            case State.RUNNING:
                return self._running_stage(job)
            case State.PAUSED:
                return self.tr("Paused")
            case State.FAILED:
                return self.chip(job.trouble) if job.trouble else self.tr("Failed")
            case _:
                return self.tr("Sent")

    def _draft_stage(self, job: Job, *, described: bool) -> str:
        if job.recording is None:
            return self.chip(job.trouble) if job.trouble else self.tr("Checking…")
        if not job.accepted and job.duplicate_of is not None:
            return self.tr("Sent before")
        if not job.accepted and job.recording.warnings:
            silent = job.recording.warnings[0].doubt is Doubt.SILENT
            return self.tr("Nothing to hear") if silent else self.tr("Seems cut off")
        if not described or not all((job.details.company_name, job.details.contact_email, job.details.call_type)):
            return self.tr("Needs call details")
        return self.tr("Ready to send")

    def _queued_stage(self, job: Job) -> str:
        if job.etag is not None and (job.trouble is None or who_acts(job.trouble) is Who.NOBODY):
            if job.registered_at is None:
                return self.tr("Uploaded, waiting to register")
            return self.tr("Registered, waiting for the queue")
        if job.trouble is not None:
            return self.chip(job.trouble)
        return self.tr("Waiting to go on") if job.stored else self.tr("Waiting to start")

    def _running_stage(self, job: Job) -> str:
        if job.registered_at is not None:
            return self.tr("Queueing for transcription…")
        if job.etag is not None:
            return self.tr("Registering call…")
        return self.tr("Finishing upload…") if job.size and job.stored >= job.size else self.tr("Uploading")

    def chip(self, trouble: Trouble) -> str:
        """The trouble in a few words, for a row."""
        if trouble.code == Code.MISMATCH and who_acts(trouble) is Who.NOBODY:
            return self.tr("Didn't match, starting again")
        return self._chips.get(str(trouble.code), self.tr("Something went wrong"))

    def _file_chips(self) -> dict[str, str]:
        return {
            Refusal.UNSUPPORTED: self.tr("Not an audio recording"),
            Refusal.TOO_LARGE: self.tr("Too large"),
            Refusal.EMPTY: self.tr("Empty file"),
            Refusal.CORRUPT: self.tr("Can't be read"),
            Refusal.VIDEO: self.tr("This is a video"),
            Refusal.PROTECTED: self.tr("Protected"),
            Refusal.WEB_PAGE: self.tr("A web page, not a recording"),
            Refusal.NOT_FOUND: self.tr("Not found"),
            Refusal.NO_PERMISSION: self.tr("Not allowed to read"),
            Refusal.NOT_A_FILE: self.tr("Not a file"),
            Refusal.LINK_LOOP: self.tr("Broken shortcut"),
            Refusal.UNREADABLE: self.tr("Can't be read"),
            Wait.UNFINISHED: self.tr("Waiting for the recorder"),
            Wait.LOCKED: self.tr("In use by another program"),
            Wait.ONLINE_ONLY: self.tr("Still in the cloud"),
            Wait.DRIVE_GONE: self.tr("Drive disconnected"),
            Code.FILE_LOCKED: self.tr("In use by another program"),
            Code.FILE_MISSING: self.tr("File not found"),
            Code.FILE_UNREADABLE: self.tr("Not allowed to read"),
            Code.FILE_CHANGED: self.tr("Changed, starting again"),
            Code.KEEPS_CHANGING: self.tr("Keeps changing"),
            Code.PART_UNREADABLE: self.tr("Can't be read"),
        }

    def _call_chips(self) -> dict[str, str]:
        return {
            Code.OFFLINE: self.tr("Waiting for the network"),
            Code.CONNECTION: self.tr("Reconnecting…"),
            Code.CAPTIVE_PORTAL: self.tr("Waiting for the network"),
            Code.STORAGE_BUSY: self.tr("Storage is busy"),
            Code.PART_DAMAGED: self.tr("Sending a part again"),
            Code.UPLOAD_EXPIRED: self.tr("Expired, starting again"),
            Code.STILL_STORED: self.tr("Removing…"),
            Code.REGISTRY_UNREACHABLE: self.tr("Uploaded, waiting to register"),
            Code.QUEUE_UNREACHABLE: self.tr("Registered, waiting for the queue"),
            Code.SIGN_IN: self.tr("Sign in again"),
            Code.NO_CREDENTIALS: self.tr("No keys yet"),
            Code.KEYRING_LOCKED: self.tr("Keychain locked"),
            Code.KEYS_REVOKED: self.tr("Access switched off"),
            Code.ACCESS_DENIED: self.tr("Access denied"),
            Code.WRONG_BUCKET: self.tr("Wrong storage address"),
            Code.ENCRYPTION_DENIED: self.tr("Encryption not allowed"),
            Code.TLS_UNTRUSTED: self.tr("Untrusted certificate"),
            Code.PROXY_LOGIN: self.tr("Proxy needs a password"),
            Code.PROXY_BLOCKS: self.tr("Blocked by the network"),
            Code.CLOCK_WRONG: self.tr("Clock is wrong"),
            Code.REGISTRY_DENIED: self.tr("Not registered"),
            Code.REGISTRY_REFUSED: self.tr("Not registered"),
            Code.QUEUE_DENIED: self.tr("Not queued"),
            Code.QUEUE_REFUSED: self.tr("Not queued"),
            Code.STORE_REFUSED: self.tr("Refused by storage"),
            Code.MISMATCH: self.tr("Copy didn't match"),
            Code.BUG: self.tr("Something went wrong"),
        }

    def became(self, status: str) -> str:
        """What became of a sent call, from the registry's status."""
        words = {
            "uploaded": self.tr("Sent"),
            "transcribing": self.tr("Transcribing"),
            "transcribed": self.tr("Transcribed"),
            "analyzing": self.tr("Analyzing"),
            "completed": self.tr("Completed"),
        }
        return words.get(status, status)

    # --- numbers --------------------------------------------------------------------------------------------------

    def size(self, size: int) -> str:
        """Bytes as people say them: 11.6 MB, 486 MB, 1 GB (1024 steps, as the limit of 1 GB is meant)."""
        if size >= _GIB:
            return self.tr("{number} GB").format(number=self._short(size / _GIB))
        if size >= _MIB:
            return self.tr("{number} MB").format(number=self._short(size / _MIB))
        if size >= _KIB:
            return self.tr("{number} KB").format(number=self.language.number(size / _KIB, 0))
        return self.tr("%n byte(s)", None, size)

    def rate(self, bytes_a_second: float) -> str:
        """An uplink: 6.1 MB/s."""
        if bytes_a_second >= _MIB:
            return self.tr("{number} MB/s").format(number=self._short(bytes_a_second / _MIB))
        return self.tr("{number} KB/s").format(number=self.language.number(bytes_a_second / _KIB, 0))

    def _short(self, value: float) -> str:
        whole = self.language.number(value, 0)
        return whole if value >= 100 or self.language.number(value, 1).endswith("0") else self.language.number(value, 1)

    def duration(self, seconds: float) -> str:
        """A length: 48:12, or 1:02:03 from an hour on."""
        whole = round(seconds)
        hours, minutes, rest = whole // _HOUR, whole % _HOUR // _MINUTE, whole % _MINUTE
        return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"

    def time_left(self, seconds: float | None) -> str:
        """An estimate in steps coarse enough not to jump; "" while there is none."""
        if seconds is None or seconds > _LONGEST_ESTIMATE:
            return ""
        if seconds < 10:
            return self.tr("a few seconds left")
        if seconds < 55:
            return self.tr("%n s left", None, round(seconds / 5) * 5)
        minutes = max(1, round(seconds / _MINUTE))
        if minutes < _MINUTE:
            return self.tr("about %n min left", None, minutes if minutes < 10 else round(minutes / 5) * 5)
        hours, rest = divmod(round(minutes / 10) * 10, _MINUTE)
        if rest == 0 or hours >= 10:
            return self.tr("about %n h left", None, hours)
        return self.tr("about {hours} h {minutes} min left").format(hours=hours, minutes=rest)

    def when(self, moment: datetime, now: datetime) -> str:
        """A moment as seen from now, local time: "today 10:41", "yesterday", "3 May"."""
        here, today = moment.astimezone(), now.astimezone().date()
        match (today - here.date()).days:
            case 0:
                return self.tr("today {time}").format(time=self.language.time(here, seconds=False))
            case 1:
                return self.tr("yesterday")
            case _:
                return self.language.day(here.date())

    def clock(self, moment: datetime, *, seconds: bool = True) -> str:
        """The local time of day of a moment."""
        return self.language.time(moment.astimezone(), seconds=seconds)
