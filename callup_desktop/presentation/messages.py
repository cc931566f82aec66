"""Every sentence a person reads about what happened to a call or to the program, made from codes. No Qt; any thread.

One row a code: the sentence, and the chip that stands on a call. Who acts, and for how long, says engine.errors.
The window, the console and JSON all take their sentences from here.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from string import Formatter

from callup_desktop.calls.metadata import FieldProblem, FormProblem
from callup_desktop.config.profile_problems import ProblemCode, ProfileProblem
from callup_desktop.engine.errors import Actor, Code, Rejection, info_of
from callup_desktop.engine.job import Trouble
from callup_desktop.engine.ports import UpdateOutcome
from callup_desktop.files.errors import Params, Refusal, Wait
from callup_desktop.presentation.kinds import KindWriter
from callup_desktop.presentation.language import Language, Translatable
from callup_desktop.presentation.units import Units
from callup_desktop.recordings.kinds import ZOOM
from callup_desktop.recordings.recording import HEADER_LAGS, MAX_SIZE, Doubt, Doubtful
from callup_desktop.standard_streams import printable

_COUNTDOWN_FLOOR = 3
"""Seconds. A shorter wait is over before a rep has read its countdown."""
_MINUTE = 60
_BEGUN_EMAIL = re.compile(r"[^@\s]*(@[^@\s.]*)?")
"""An address that only needs more letters."""
_PROVIDERS = ("OneDrive", "Dropbox", "Google Drive", "iCloud Drive", "Box Sync")


@dataclass(frozen=True, slots=True)
class Row:
    """What is said of a code; the chip is "" for what never stands on a call.

    `exact` says more where all of its places are known.
    """

    sentence: str
    chip: str = ""
    exact: str = ""

    def filled(self, params: Params) -> str:
        """The sentence that says as much as the params allow."""
        places = {place for _text, place, _spec, _conversion in Formatter().parse(self.exact) if place}
        if places and all(params.get(place) for place in places):
            return self.exact.format_map(params)
        return self.sentence


def _on_one_line(params: Params | None) -> Params:
    """What fills a sentence, with nothing in it that begins a line or turns the text around it round."""
    return {name: printable(value) if isinstance(value, str) else value for name, value in (params or {}).items()}


def actor_of(trouble: Trouble) -> Actor:
    """The actor who can end this trouble."""
    return info_of(trouble.code).actor


def _kind_of(params: Params | None) -> str:
    """The kind of a file that a refusal tells, "" without one."""
    return str((params or {}).get("kind", ""))


def _provider_of(folder: str) -> str:
    """The cloud program that the name of a folder mentions, "" without one."""
    return next((name for name in _PROVIDERS if name in folder), "")


class Messages(Translatable):
    """Sentences and chips in one language."""

    def __init__(self, language: Language | None = None) -> None:
        """None means English."""
        super().__init__(language)
        self.units = Units(self.language)
        self._kinds = KindWriter(self.language)
        self._rows: Mapping[str, Row] = {
            **self._file_rows(),
            **self._network_rows(),
            **self._account_rows(),
            **self._gateway_rows(),
            **self._program_rows(),
            **self._start_rows(),
            **self._sandbox_rows(),
            **self._rejection_rows(),
        }
        self._edit_rows: Mapping[str, Row] = self._rows_of_edits()
        self._problems = self._problem_words()

    @property
    def codes(self) -> frozenset[str]:
        """Every code that has a row."""
        return frozenset(self._rows)

    def sentence(self, trouble: Trouble) -> str:
        """What happened and what happens next, one or two sentences."""
        return self.of_code(trouble.code, trouble.params)

    def of_code(self, code: str, params: Params | None = None) -> str:
        """The sentence of a code, with what is known of this very case."""
        told = _on_one_line(params)
        return self._special(str(code), told) or self._row(code).filled(told)

    def of_call(self, code: str, params: Params | None, *, send_asked: bool = False, edit_asked: bool = False) -> str:
        """The sentence of a code that stands on a call, which goes by itself only where somebody asked for that.

        `edit_asked` where the call is registered, and waits with new details for its registry.
        """
        if edit_asked and (row := self._edit_rows.get(code)):
            return row.filled(_on_one_line(params))
        if code == Wait.UNFINISHED and send_asked:
            return self.tr("Waiting for your recorder to finish this file. It will be sent by itself.")
        return self.of_code(code, params)

    def chip(self, trouble: Trouble, *, edit_asked: bool = False) -> str:
        """The trouble in a few words, for a row; `edit_asked` as in `of_call`."""
        if trouble.code == Refusal.UNSUPPORTED and (chip := self._kinds.chip(_kind_of(trouble.params))):
            return chip
        row = self._edit_rows.get(trouble.code) if edit_asked else None
        return (row or self._row(trouble.code)).chip or self.tr("Something went wrong")

    def start_error(self, code: Code, params: Params, problems: tuple[ProfileProblem, ...] = ()) -> str:
        """Why the program cannot start; `problems` are those of the profile."""
        if problems:
            params = {**params, "problems": "; ".join(map(self.profile_problem, problems))}
        return self.of_code(code, params)

    def profile_problem(self, problem: ProfileProblem) -> str:
        """What is wrong with a profile or one of its keys, as a part of a sentence."""
        params = {"key": problem.key, "detail": problem.detail, **problem.params}
        return self._problems[problem.code].format_map(_on_one_line(params))

    def _row(self, code: str) -> Row:
        return self._rows.get(str(code)) or Row(self._unknown())

    def _special(self, code: str, params: Params) -> str:
        """The sentence of a case that no row can say, "" where the row does."""
        match code:
            case Refusal.TOO_LARGE if "size" in params:
                return self._too_large(params)
            case Refusal.UNSUPPORTED if kind := _kind_of(params):
                return self._kinds.sentence(kind)
            case Refusal.VIDEO:
                return self._kinds.video(_kind_of(params), params)
            case Refusal.CORRUPT if params.get("reason") == "unfinished":
                return self._unfinished(params)
            case Code.TLS_UNTRUSTED:
                return self._untrusted(params)
            case Code.REGISTRY_UNTRUSTED:
                return self._registry_untrusted(params)
            case Code.REGISTRY_ADDRESS:
                return self._registry_address(params)
            case Code.REMOVAL_DENIED if "hold" in params:
                return self.tr(
                    "Storage keeps what was already sent until IT lifts the lock on it. Please send this to IT."
                )
            case Code.CLOCK_WRONG if params.get("seconds_ahead"):
                return self.tr("Your computer's clock is {time} off. Please turn on automatic time.").format(
                    time=self.units.span(abs(float(params["seconds_ahead"])))
                )
            case Rejection.DUPLICATE if "sent_by" in params and "sent_at" in params:
                return self.tr(
                    "{sender} sent this recording on {day} as call {call_id}. To send it anyway, use --send-again."
                ).format(
                    sender=params["sent_by"],
                    day=self.units.day(datetime.fromisoformat(str(params["sent_at"])).astimezone().date()),
                    call_id=params.get("call_id", ""),
                )
            case Rejection.DUPLICATE if "call_id" in params and "sent_at" in params:
                return self.tr(
                    "You sent this recording on {day} as call {call_id}. To send it once more, use --send-again."
                ).format(
                    day=self.units.day(datetime.fromisoformat(str(params["sent_at"])).astimezone().date()),
                    call_id=params["call_id"],
                )
            case Wait.ONLINE_ONLY if provider := _provider_of(str(params.get("folder", ""))):
                return self.tr("{provider} isn't running. Open {provider}, then try again.").format(provider=provider)
            case Doubt.TRUNCATED if "stops_at" in params and "should_be" in params:
                return self._truncated(params)
            case Code.FORM_BROKEN if "reason" in params:
                return self.form_problem(FormProblem(str(params["reason"])))
        return ""

    def _unfinished(self, params: Params) -> str:
        if params.get("recorder") == ZOOM:
            return self.tr("The recorder never finished this file. Open Zoom to convert it, then add it again.")
        return self.tr(
            "The recorder never finished this file. Open it in the program that recorded it and save it again;"
            " if it was downloaded, download it again."
        )

    def _truncated(self, params: Params) -> str:
        stops_at, should_be = (self.units.duration(float(params[key])) for key in ("stops_at", "should_be"))
        if params.get("reason") == HEADER_LAGS:
            return self.tr(
                "Players stop at {stops_at} of {should_be}, for the recorder has not finished this file."
                " Open it and save it again, or send it anyway?"
            ).format(stops_at=stops_at, should_be=should_be)
        # Less than a second is missing: the figures would say nothing.
        if stops_at == should_be:
            return self.tr("The very end of this recording seems to be missing. Send anyway, or find the full file?")
        return self.tr(
            "This recording seems cut off at {stops_at} of {should_be}. Send anyway, or find the full file?"
        ).format(stops_at=stops_at, should_be=should_be)

    def _too_large(self, params: Params) -> str:
        size, limit = self.units.size(int(params["size"])), self.units.size(int(params.get("limit", MAX_SIZE)))
        if size == limit:
            return self.tr(
                "This recording is a little over {limit}, which is the limit. Export it as MP3 or M4A and add it again."
            ).format(limit=limit)
        return self.tr(
            "This recording is {size}; the limit is {limit}. Export it as MP3 or M4A and add it again."
        ).format(size=size, limit=limit)

    def _untrusted(self, params: Params) -> str:
        match params.get("problem"):
            case "expired":
                return self.tr(
                    "The certificate of {host} is out of date, or this computer's clock is wrong. Please send this"
                    " to IT."
                ).format(host=params.get("host", ""))
            case "other_host":
                return self.tr("{host} shows a certificate for another name. Please send this to IT.").format(
                    host=params.get("host", "")
                )
            case "outdated":
                return self.tr("{host} only offers encryption that is out of date. Please send this to IT.").format(
                    host=params.get("host", "")
                )
        return ""

    def _registry_untrusted(self, params: Params) -> str:
        match params.get("problem"):
            case "expired":
                return self.tr(
                    "The certificate of the call list is out of date, or this computer's clock is wrong. Please send"
                    " this to IT; nothing is lost."
                )
            case "other_host":
                return self.tr(
                    "The call list shows a certificate for another name than {host}. Please send this to IT;"
                    " nothing is lost."
                ).format(host=params.get("host", ""))
            case "outdated":
                return self.tr(
                    "The call list only offers encryption that is out of date. Please send this to IT; nothing is lost."
                )
            case "refused":
                return self.tr(
                    "The call list wants a certificate that this computer doesn't have. Please send this to IT;"
                    " nothing is lost."
                )
        return ""

    def _registry_address(self, params: Params) -> str:
        match params.get("problem"):
            case "set":
                return self.tr(
                    "The call list isn't the replica set that our settings name ({set}). Please send this to IT;"
                    " nothing is lost."
                ).format(set=params.get("set", ""))
            case "names" if params.get("host"):
                return self.tr(
                    "This computer can't find {host}, a server of the call list. Please send this to IT;"
                    " nothing is lost."
                ).format(host=params["host"])
            case "no_tls":
                return self.tr(
                    "Our settings want TLS, and the call list at {host} doesn't speak it. Please send this to IT;"
                    " nothing is lost."
                ).format(host=params.get("host", ""))
            case "tls_wanted":
                return self.tr(
                    "The call list at {host} wants TLS, and our settings don't say so. Please send this to IT;"
                    " nothing is lost."
                ).format(host=params.get("host", ""))
        return ""

    def _unknown(self) -> str:
        return self.tr("Something went wrong that we did not expect. Your recording is kept; please send this to IT.")

    # --- the rows ---------------------------------------------------------------------------------------------------

    def _file_rows(self) -> dict[str, Row]:
        return {
            Refusal.UNSUPPORTED: Row(
                self.tr("This isn't a recording we can take. Please add an MP3, WAV, M4A or FLAC recording."),
                self.tr("Not an audio recording"),
            ),
            Refusal.TOO_LARGE: Row(
                self.tr("This recording is larger than the limit of 1 GB. Export it as MP3 or M4A and add it again."),
                self.tr("Too large"),
            ),
            Refusal.EMPTY: Row(
                self.tr("This file is empty. Check that the recording finished saving."), self.tr("Empty file")
            ),
            Refusal.CORRUPT: Row(
                self.tr("This recording can't be read. Try playing it; if it plays, export it again."),
                self.tr("Can't be read"),
            ),
            Refusal.VIDEO: Row(
                self.tr(
                    "This is a video. We can only take the audio – export audio only, or ask IT."  # noqa: RUF001 - a dash
                ),
                self.tr("This is a video"),
            ),
            Refusal.PROTECTED: Row(self.tr("This file is protected and can't be uploaded."), self.tr("Protected")),
            Refusal.WEB_PAGE: Row(
                self.tr("This is a web page, not a recording. The download probably needed you to sign in."),
                self.tr("A web page, not a recording"),
            ),
            Refusal.NOT_FOUND: Row(
                self.tr("We can't find this file any more. Add it again from where it is now."), self.tr("Not found")
            ),
            Refusal.NO_PERMISSION: Row(
                self.tr("This computer isn't letting us read this file. Allow it in Settings, then try again."),
                self.tr("Not allowed to read"),
                self.tr("This computer isn't letting us read {folder}. Allow it in Settings, then try again."),
            ),
            Refusal.NOT_A_FILE: Row(
                self.tr("This isn't a file we can read. Please add the recording itself."), self.tr("Not a file")
            ),
            Refusal.LINK_LOOP: Row(
                self.tr("This shortcut leads back to itself. Please add the recording itself."),
                self.tr("Broken shortcut"),
            ),
            Refusal.UNREADABLE: Row(
                self.tr("This file can't be read reliably. Copy it to another folder and add it again."),
                self.tr("Can't be read"),
            ),
            Wait.UNFINISHED: Row(
                self.tr(
                    "Your recorder is still writing this file. Send it when you like; it goes once it is complete."
                ),
                self.tr("Waiting for the recorder"),
            ),
            Wait.LOCKED: Row(
                self.tr("Another program is using this file. We'll try again in a moment."),
                self.tr("In use by another program"),
            ),
            Wait.ONLINE_ONLY: Row(
                self.tr("This file is still in the cloud. Open its cloud program, then try again."),
                self.tr("Still in the cloud"),
            ),
            Wait.DRIVE_GONE: Row(
                self.tr("The drive with this file is disconnected. We'll go on when it is back."),
                self.tr("Drive disconnected"),
                self.tr("The drive {drive} is disconnected. We'll go on when it is back."),
            ),
            Code.FILE_MISSING: Row(
                self.tr("We can't find this file any more. Show us where it is, or remove it."),
                self.tr("File not found"),
                self.tr("We can't find {name} any more. Show us where it is, or remove it."),
            ),
            Code.FILE_UNREADABLE: Row(
                self.tr("This computer isn't letting us read this file. Allow it in Settings, then try again."),
                self.tr("Not allowed to read"),
                self.tr("This computer isn't letting us read {folder}. Allow it in Settings, then try again."),
            ),
            Code.FILE_LOCKED: Row(
                self.tr("Another program is using this file. We'll try again in a moment."),
                self.tr("In use by another program"),
            ),
            Code.FILE_CHANGED: Row(
                self.tr("This recording changed while it was being sent, so we're starting it again."),
                self.tr("Changed, starting again"),
            ),
            Code.KEEPS_CHANGING: Row(
                self.tr("It keeps changing – is it still recording?"),  # noqa: RUF001 - a dash
                self.tr("Keeps changing"),
            ),
            Code.PART_UNREADABLE: Row(
                self.tr("Part of this file can't be read reliably. Copy it to another folder and add it again."),
                self.tr("Can't be read"),
            ),
        }

    def _network_rows(self) -> dict[str, Row]:
        return {
            Code.OFFLINE: Row(
                self.tr("You're offline. This recording will be sent when you're back online."),
                self.tr("Waiting for the network"),
            ),
            Code.CONNECTION: Row(
                self.tr("The connection dropped. Trying again in a moment; nothing is lost."), self.tr("Reconnecting…")
            ),
            Code.CAPTIVE_PORTAL: Row(
                self.tr("This Wi-Fi needs you to sign in first."), self.tr("Waiting for the network")
            ),
            Code.TLS_UNTRUSTED: Row(
                self.tr(
                    "Your company's network is checking this connection with a certificate we don't trust."
                    " Please send this to IT."
                ),
                self.tr("Untrusted certificate"),
                self.tr(
                    "Your company's network is checking this connection with a certificate we don't trust ({issuer})."
                    " Please send this to IT."
                ),
            ),
            Code.PROXY_LOGIN: Row(
                self.tr("Your company's internet proxy needs your password."), self.tr("Proxy needs a password")
            ),
            Code.PROXY_UNUSABLE: Row(
                self.tr("This computer's proxy isn't one that we can use. Please send this to IT; nothing is lost."),
                self.tr("Proxy can't be used"),
                self.tr(
                    "This computer's proxy ({scheme}) isn't one that we can use. Please send this to IT;"
                    " nothing is lost."
                ),
            ),
            Code.NAME_UNKNOWN: Row(
                self.tr(
                    "This computer can't find the address of our storage. If web pages open, please send this to IT;"
                    " nothing is lost."
                ),
                self.tr("Address not found"),
                self.tr("This computer can't find {host}. If web pages open, please send this to IT; nothing is lost."),
            ),
            Code.PROXY_BLOCKS: Row(
                self.tr("Your company's network is blocking our storage. Please send this to IT."),
                self.tr("Blocked by the network"),
            ),
            Code.NOT_THIS_COMPUTER: Row(
                self.tr(
                    "An address that should be this computer leads to another one, so nothing was sent."
                    " Please send this to IT."
                ),
                self.tr("Address leads elsewhere"),
            ),
            Code.STORAGE_BUSY: Row(
                self.tr("Storage is busy. Trying again; nothing is lost."), self.tr("Storage is busy")
            ),
            Code.PART_DAMAGED: Row(
                self.tr("A part arrived damaged. Sending it again; nothing is lost."), self.tr("Sending a part again")
            ),
            Code.UPLOAD_EXPIRED: Row(
                self.tr("The earlier part of this upload expired, so we're sending it again."),
                self.tr("Expired, starting again"),
            ),
            Code.STILL_STORED: Row(
                self.tr("Removing what was already sent. Trying again in a moment."), self.tr("Removing…")
            ),
            Code.REGISTRY_UNREACHABLE: Row(
                self.tr("Sent safely. Waiting to register the call; we keep trying."),
                self.tr("Uploaded, waiting to register"),
            ),
            Code.REGISTRY_BUSY: Row(
                self.tr("Sent safely. The call list is busy; we keep trying."), self.tr("Uploaded, waiting to register")
            ),
            Code.QUEUE_UNREACHABLE: Row(
                self.tr("Registered. Waiting to start the transcript; we keep trying."),
                self.tr("Registered, waiting for the queue"),
            ),
            Code.REGISTRY_BLOCKED: Row(
                self.tr(
                    "Your recording is safe in storage, but this network blocks the call list. Please send this to IT."
                ),
                self.tr("Uploaded, waiting to register"),
            ),
        }

    def _account_rows(self) -> dict[str, Row]:
        return {
            Code.SIGN_IN: Row(
                self.tr("Please sign in again to continue. Your uploads are kept."), self.tr("Sign in again")
            ),
            Code.SIGN_IN_BUSY: Row(
                self.tr("Your company's sign-in is busy. Trying again; nothing is lost."), self.tr("Sign-in is busy")
            ),
            Code.SIGN_IN_DENIED: Row(
                self.tr("Your company's sign-in didn't let you in, or you said no there. Please ask IT, or try again."),
                self.tr("Not let in"),
            ),
            Code.SIGN_IN_SERVICE: Row(
                self.tr(
                    "Your company's sign-in doesn't work as it should. Please send this to IT; your uploads are kept."
                ),
                self.tr("Sign-in doesn't work"),
            ),
            Code.NO_CREDENTIALS: Row(
                self.tr("There are no keys for storage on this computer yet. Open Connection to add them, or ask IT."),
                self.tr("No keys yet"),
            ),
            Code.TOKEN_MISSING: Row(
                self.tr(
                    "There is no token for your company's server on this computer yet. Open Connection to add it,"
                    " or ask IT."
                ),
                self.tr("No token yet"),
            ),
            Code.TOKEN_REFUSED: Row(
                self.tr(
                    "Your company's server doesn't accept the token of this computer. Open Connection to add a new"
                    " one, or ask IT; your uploads are kept."
                ),
                self.tr("Token not accepted"),
            ),
            Code.GATEWAY_ADDRESS: Row(
                self.tr("The address of your company's server in our settings is wrong. Please send this to IT."),
                self.tr("Wrong server address"),
            ),
            Code.NO_REGISTRY_PASSWORD: Row(
                self.tr(
                    "There is no password for the call list on this computer yet. Open Connection to add it, or ask IT."
                ),
                self.tr("No password yet"),
            ),
            Code.KEYRING_LOCKED: Row(self.tr("Unlock your keychain so we can sign in."), self.tr("Keychain locked")),
            Code.KEYRING_FAILED: Row(
                self.tr(
                    "This computer's keychain can't be read. If it lasts, please send this to IT; nothing is lost."
                ),
                self.tr("Keychain can't be read"),
            ),
            Code.KEY_SOURCE_FAILED: Row(
                self.tr(
                    "What brings our keys to this computer doesn't work. Please send this to IT; your uploads are kept."
                ),
                self.tr("No keys from AWS settings"),
            ),
            Code.KEYS_REVOKED: Row(
                self.tr(
                    "Storage doesn't know this access key: it was switched off or mistyped. Please ask IT, or check it"
                    " under Connection; your recordings are kept on this computer."
                ),
                self.tr("Access key not known"),
            ),
            Code.KEYS_WRONG: Row(
                self.tr(
                    "The secret key doesn't belong to the access key: one of them is mistyped."
                    " Open Connection to type both again."
                ),
                self.tr("Keys don't match"),
            ),
            Code.ACCESS_DENIED: Row(
                self.tr("You don't have permission to send recordings yet. Please send this to IT."),
                self.tr("Access denied"),
            ),
            Code.WRONG_BUCKET: Row(
                self.tr("The storage address in our settings is wrong. Please send this to IT."),
                self.tr("Wrong storage address"),
                self.tr(
                    "The storage address in our settings is wrong: the bucket is in {region}. Please send this to IT."
                ),
            ),
            Code.STORAGE_FULL: Row(
                self.tr("Storage is full. Please send this to IT; your recordings are kept and go on by themselves."),
                self.tr("Storage is full"),
            ),
            Code.ENCRYPTION_DENIED: Row(
                self.tr("Storage encryption isn't set up for you yet. Please send this to IT."),
                self.tr("Encryption not allowed"),
            ),
            Code.CLOCK_WRONG: Row(
                self.tr("Your computer's clock is wrong. Please turn on automatic time."), self.tr("Clock is wrong")
            ),
            Code.REGISTRY_LOGIN: Row(
                self.tr(
                    "Your recording is safe in storage, but the call list doesn't accept the password."
                    " Open Connection to type it again, or ask IT."
                ),
                self.tr("Wrong password"),
            ),
            Code.REGISTRY_DENIED: Row(
                self.tr("Your recording is safe in storage, but we couldn't register it. Please send this to IT."),
                self.tr("Not registered"),
            ),
            Code.REGISTRY_ADDRESS: Row(
                self.tr(
                    "The address of the call list in our settings is wrong. Please send this to IT; nothing is lost."
                ),
                self.tr("Wrong call list address"),
            ),
            Code.REGISTRY_UNTRUSTED: Row(
                self.tr(
                    "This computer doesn't trust the certificate of the call list. Please send this to IT;"
                    " nothing is lost."
                ),
                self.tr("Untrusted certificate"),
                self.tr(
                    "This computer doesn't trust the certificate of the call list ({issuer}). Please send this to IT;"
                    " nothing is lost."
                ),
            ),
            Code.REGISTRY_REFUSED: Row(
                self.tr("Your recording is safe in storage, but we couldn't register it. Please send this to IT."),
                self.tr("Not registered"),
            ),
            Code.QUEUE_DENIED: Row(
                self.tr("Registered, but transcription isn't reachable. Please send this to IT."), self.tr("Not queued")
            ),
            Code.QUEUE_REFUSED: Row(
                self.tr("Registered, but transcription didn't take it. Please send this to IT."), self.tr("Not queued")
            ),
            Code.STORE_REFUSED: Row(
                self.tr("Storage didn't take this recording. Please send this to IT."), self.tr("Refused by storage")
            ),
            Code.REMOVAL_DENIED: Row(
                self.tr("Storage doesn't let us remove what was already sent. Please send this to IT."),
                self.tr("Can't be removed"),
                self.tr(
                    "Storage keeps what was already sent until {until}: it is locked there. Please send this to IT."
                ),
            ),
            Code.MISMATCH: Row(
                self.tr("The copy in storage didn't match this recording, twice. Please send this to IT."),
                self.tr("Copy didn't match"),
            ),
            Code.MISMATCH_AGAIN: Row(
                self.tr("The copy in storage didn't match, so we're sending it again."),
                self.tr("Didn't match, starting again"),
            ),
        }

    def _gateway_rows(self) -> dict[str, Row]:
        return {
            Code.NOT_SIGNED_IN: Row(
                self.tr("This request carries no token. Send one as Authorization: Bearer."), self.tr("Not signed in")
            ),
            Code.SIGN_IN_REFUSED: Row(
                self.tr("This token is not accepted: it is unknown, expired or made for something else."),
                self.tr("Token not accepted"),
            ),
            Code.NOT_PERMITTED: Row(
                self.tr("This token does not allow what was asked. Please send this to IT."), self.tr("Not permitted")
            ),
            Code.FORM_BROKEN: Row(self.tr("The form can't be read."), self.tr("Broken form")),
            Code.FORM_FIELDS: Row(
                self.tr("Some call details are missing or not right."),
                self.tr("Call details missing"),
                self.tr("The form lacks these, or they are not right: {fields}. The file must be its last part."),
            ),
            Code.HEADERS_TOO_LARGE: Row(
                self.tr("The headers of this request are larger than 64 KB."), self.tr("Headers too large")
            ),
            Code.SENDER_TOO_SLOW: Row(
                self.tr("The sender stopped sending, or sends too slowly. Nothing was kept; send it again."),
                self.tr("Sender too slow"),
            ),
            Code.BAD_IDEMPOTENCY_KEY: Row(
                self.tr("The Idempotency-Key must be 1 to 255 plain characters."), self.tr("Bad Idempotency-Key")
            ),
            Code.SAME_KEY_UNDER_WAY: Row(
                self.tr("A request with this Idempotency-Key is under way. Ask again in a moment."),
                self.tr("Already under way"),
            ),
            Code.KEY_OF_ANOTHER_CALL: Row(
                self.tr("This Idempotency-Key belongs to another call. Send this one with a new key."),
                self.tr("Key of another call"),
            ),
            Code.CALLER_BUSY: Row(
                self.tr("Too many of your uploads are under way. Send this one again in a moment."),
                self.tr("Too many at once"),
            ),
            Code.GATEWAY_BUSY: Row(
                self.tr("The gateway has no room for this request now. Send it again in a moment."),
                self.tr("Gateway is busy"),
            ),
            Code.GATEWAY_BUG: Row(
                self.tr(
                    "The gateway failed in a way that we did not expect. Please send this to IT, with its request_id."
                ),
                self.tr("The gateway failed"),
            ),
            Code.NOT_STORED: Row(
                self.tr(
                    "The recording could not be stored, and nothing of it was kept. Send it again in a moment,"
                    " with the same Idempotency-Key."
                ),
                self.tr("Not stored"),
            ),
            Code.NOT_REGISTERED: Row(
                self.tr(
                    "The call could not be registered, and its recording is not kept. Send it again in a moment,"
                    " with the same Idempotency-Key."
                ),
                self.tr("Not registered"),
            ),
            Code.UPLOAD_WAITS: Row(
                self.tr("Storage or the call list does not answer. What was sent is kept; ask again in a moment."),
                self.tr("Upload waits"),
            ),
            Code.UPLOAD_UNDER_WAY: Row(
                self.tr("Another request for this call is under way. Ask again in a moment."),
                self.tr("Call is being worked on"),
            ),
            Code.UPLOAD_NOT_OPEN: Row(
                self.tr(
                    "Storage takes no parts of this call now. Ask for its stage; where it is lost, begin it again."
                ),
                self.tr("Upload not open"),
            ),
            Code.PARTS_MISSING: Row(
                self.tr("Parts of this recording are not stored yet. Send them, then complete it again."),
                self.tr("Parts are missing"),
                self.tr(
                    "These parts of the recording are not stored yet: {numbers}. Send them, then complete it again."
                ),
            ),
            Code.OTHER_CONTENT: Row(
                self.tr(
                    "This call_id belongs to another recording or to other details. Send this one with a new call_id."
                ),
                self.tr("Id of another recording"),
            ),
            Code.NOT_AS_DECLARED: Row(
                self.tr("What was stored is not the recording that was announced, so nothing of it was kept."),
                self.tr("Not as announced"),
            ),
            Code.NO_SUCH_CALL: Row(
                self.tr("There is no call with this id among those that you may see."), self.tr("No such call")
            ),
            Code.NO_SUCH_PAGE: Row(self.tr("There is nothing at this address."), self.tr("Nothing here")),
            Code.WRONG_METHOD: Row(
                self.tr("This address does not take that kind of request."), self.tr("Wrong method")
            ),
            Code.BAD_QUERY: Row(
                self.tr("Part of this request is not right."),
                self.tr("Bad request"),
                self.tr("This part of the request is not right: {fields}."),
            ),
        }

    def form_problem(self, reason: FormProblem) -> str:
        """Why a posted form cannot be read."""
        match reason:
            case FormProblem.NO_FORM:
                return self.tr("The body is not a form. Send it as multipart/form-data with a boundary.")
            case FormProblem.UNREADABLE:
                return self.tr("The request breaks the rules of HTTP or of multipart/form-data, so it can't be read.")
            case FormProblem.CUT_OFF:
                return self.tr("The form ends in the middle: its last boundary is missing.")
            case FormProblem.TOO_MUCH:
                return self.tr("The form has too many parts, or too much around the recording.")
            case FormProblem.FIELD_TOO_LONG:
                return self.tr("A field of the form is longer than 4 KB.")
            case FormProblem.FIELD_TWICE:
                return self.tr("A field stands twice in the form.")
            case FormProblem.NOT_TEXT:
                return self.tr("A field of the form is not text in UTF-8.")
            case FormProblem.TWO_FILES:
                return self.tr("The form holds more than one file. Send each recording in a request of its own.")
            case FormProblem.AFTER_FILE:
                return self.tr("A field stands after the file. The file must be the last part of the form.")
            case FormProblem.COMPRESSED:
                return self.tr("The body is compressed. Send it without a Content-Encoding.")

    def _program_rows(self) -> dict[str, Row]:
        return {
            Code.OTHER_DESTINATION: Row(
                self.tr(
                    "This call was made for another connection. It waits here until that one is active again;"
                    " nothing of it is sent elsewhere."
                ),
                self.tr("Waits for another connection"),
            ),
            Code.BUG: Row(self._unknown(), self.tr("Something went wrong")),
            Code.JOURNAL_DISK_FULL: Row(
                self.tr("This computer is almost out of space. Free 200 MB so we can keep track of your uploads."),
                self.tr("Almost out of space"),
            ),
            Code.JOURNAL_READ_ONLY: Row(
                self.tr("We can't write to our own folder on this computer. Please send this to IT."),
                self.tr("Can't write to our folder"),
            ),
            Code.JOURNAL_BUSY: Row(
                self.tr("Another program is using our upload list. Your calls wait until it is free; nothing is lost."),
                self.tr("Upload list in use"),
            ),
            Code.JOURNAL_NEWER: Row(
                self.tr(
                    "A newer version of CallUp was used on this computer. Please ask IT to install it again;"
                    " your calls are kept."
                ),
                self.tr("Newer version needed"),
            ),
            Code.JOURNAL_BROKEN: Row(
                self.tr("The upload list can't be read. Please send this to IT."), self.tr("Upload list can't be read")
            ),
        }

    def _start_rows(self) -> dict[str, Row]:
        return {
            Code.NO_SCREEN: Row(
                self.tr(
                    "There is no screen for the window here. Start CallUp on a desktop, or send from the console:"
                    " callup send FILE."
                )
            ),
            Code.NO_LIBRARY: Row(
                self.tr(
                    "This computer lacks a library that the window needs. Please send this to IT, or send from the"
                    " console: callup send FILE."
                )
            ),
            Code.NO_PROFILE: Row(
                self.tr(
                    "CallUp is not connected yet. Import the .callup file from your IT department,"
                    " or name it with --profile."
                )
            ),
            Code.BAD_PROFILE: Row(
                self.tr("The profile can't be used. Please send this to IT."),
                exact=self.tr("The profile {file} can't be used: {problems}. Please send this to IT."),
            ),
            Code.PROFILE_NOT_ALLOWED: Row(
                self.tr(
                    "This profile wants to use keys, tokens or files of this computer, and nobody allowed that yet."
                    " Import it, and look at what it asks for first."
                )
            ),
            Code.MANAGED_UNREADABLE: Row(
                self.tr("A file of your IT department cannot be read, so nothing was started. Please send this to IT."),
                exact=self.tr(
                    "The file {file} of your IT department cannot be read, so nothing was started."
                    " Please send this to IT."
                ),
            ),
            Code.MANAGED_NOT_A_FILE: Row(
                self.tr(
                    "Something else stands in the place of a file of your IT department, so nothing was started."
                    " Please send this to IT."
                ),
                exact=self.tr(
                    "{file} should be a file of your IT department and is none, so nothing was started."
                    " Please send this to IT."
                ),
            ),
            Code.MANAGED_NOT_ADMINS: Row(
                self.tr(
                    "A file stands in your IT department's place that others than administrators may write,"
                    " so nothing was started. Please send this to IT."
                ),
                exact=self.tr(
                    "The file {file} may be written by others than administrators, so nothing was started."
                    " Please send this to IT."
                ),
            ),
            Code.MANAGED_INVALID: Row(
                self.tr("What your IT department set for this program can't be used. Please send this to IT."),
                exact=self.tr(
                    "What your IT department set for this program can't be used: '{key}' in {file}."
                    " Please send this to IT."
                ),
            ),
            Code.HOME_UNWRITABLE: Row(
                self.tr("CallUp cannot write to its folder. Free space or allow writing there."),
                exact=self.tr(
                    "CallUp cannot write to its folder {folder}: {reason}. Free space or allow writing there."
                ),
            ),
            Code.HOME_OF_ANOTHER: Row(
                self.tr(
                    "CallUp's folder, or a file in it, belongs to another user of this computer, so nothing was"
                    " started. Please send this to IT."
                ),
                exact=self.tr(
                    "{file} belongs to another user of this computer, so nothing was started. Please send this to IT."
                ),
            ),
            Code.OPEN_TO_ALL: Row(
                self.tr(
                    "Without tokens the gateway runs on the sandbox and on this computer's own address only. Set"
                    " CALLUP_GATEWAY_TOKENS_FILE or the CALLUP_GATEWAY_OIDC_ keys; callup token makes a token."
                )
            ),
            Code.BAD_SETTINGS: Row(
                self.tr("The gateway's settings can't be used."),
                exact=self.tr("The gateway's settings can't be used: {problems}."),
            ),
            Code.ADDRESS_TAKEN: Row(
                self.tr("The gateway cannot listen on its address."),
                exact=self.tr(
                    "The gateway cannot listen on {address}. Stop what uses it, or choose another with --port."
                ),
            ),
            Code.NO_GATEWAY: Row(
                self.tr(
                    "The gateway is not part of this installation."
                    " Run pip install '.[gateway]' in the folder of the source code."
                )
            ),
            Code.OTHER_PROFILE: Row(
                self.tr("CallUp is already running with another profile. Close it, or use that profile.")
            ),
            Code.OWNER_LEFT: Row(self.tr("The running CallUp was closed before it answered. Please try again.")),
            Code.OWNER_OTHER_BUILD: Row(
                self.tr(
                    "Another version of CallUp is running on this computer. Close it and try again; nothing is lost."
                )
            ),
            Code.FOLDER_GONE: Row(
                self.tr("The folder that you work in was deleted. Change to another folder and try again.")
            ),
            Code.OWNER_SILENT: Row(
                self.tr(
                    "CallUp is already running on this computer and does not answer. Close it and try again;"
                    " nothing is lost."
                )
            ),
        }

    def _sandbox_rows(self) -> dict[str, Row]:
        return {
            Code.SANDBOX_NOT_SHIPPED: Row(
                self.tr("The sandbox is not part of the installed program; it comes with the source code.")
            ),
            Code.SANDBOX_NOT_FOR_INTEL_MACS: Row(
                self.tr("The sandbox is not available on a Mac with an Intel processor.")
            ),
            Code.SANDBOX_NOT_FOR_THIS_PYTHON: Row(
                self.tr("The sandbox runs on Python 3.11 to 3.13. Everything else runs on this one, too.")
            ),
            Code.SANDBOX_NOT_INSTALLED: Row(
                self.tr(
                    "The sandbox is not installed here."
                    " Run pip install '.[sandbox]' in the folder of the source code and try again."
                ),
                exact=self.tr(
                    "The sandbox needs {packages}, not installed here."
                    " Run pip install '.[sandbox]' in the folder of the source code and try again."
                ),
            ),
            Code.SANDBOX_FOLDER: Row(
                self.tr("The sandbox cannot use its folder. Free space, or use another folder."),
                exact=self.tr(
                    "The sandbox cannot use its folder {folder}: {reason}. Free space, or use another folder."
                ),
            ),
            Code.SANDBOX_SOCKETS: Row(
                self.tr(
                    "The sandbox's storage needs a temporary folder in which you may write."
                    " The administrator of this computer can allow that."
                ),
                exact=self.tr(
                    "The sandbox's storage keeps its sockets in {folder}, where you may not write."
                    " The administrator of this computer can allow that: chmod 1777 {folder}"
                ),
            ),
            Code.SANDBOX_TAKEN: Row(
                self.tr("Another CallUp runs this sandbox. Close that one, or use another folder."),
                exact=self.tr("Another CallUp runs the sandbox in {folder}. Close that one, or use another folder."),
            ),
            Code.SANDBOX_NO_PORTS: Row(
                self.tr("Other programs hold the ports that the sandbox needs. Close them, or try again.")
            ),
            Code.SANDBOX_SILENT: Row(
                self.tr("A server of the sandbox does not answer."),
                exact=self.tr("The sandbox's {server} server does not answer."),
            ),
            Code.SANDBOX_SERVER_FAILED: Row(
                self.tr("A server of the sandbox ended as soon as it was started."),
                exact=self.tr("The sandbox's {server} server ended as soon as it was started."),
            ),
            Code.SANDBOX_SERVER_ENDED: Row(
                self.tr("A server of the sandbox ended; so does the sandbox."),
                exact=self.tr("The sandbox's {server} server ended; so does the sandbox."),
            ),
        }

    def _rejection_rows(self) -> dict[str, Row]:
        return {
            Rejection.REGISTERED: Row(self.tr("This call is already registered, so it can't be taken back any more.")),
            Rejection.DETAILS: Row(self.tr("Some call details are missing.")),
            Doubt.TRUNCATED: Row(self.tr("This recording seems cut off. Send anyway, or find the full file?")),
            Doubt.SILENT: Row(self.tr("We couldn't hear anything in this recording. Send it anyway?")),
            Rejection.DOUBT: Row(
                self.tr("Something seems wrong with this recording. Look at it, then send it anyway.")
            ),
            Rejection.DUPLICATE: Row(
                self.tr("This recording was sent before. Look at it, then send it again if you want to.")
            ),
            Rejection.IN_LIST: Row(self.tr("This recording is in the list already. Send it twice?")),
            Rejection.NOT_TAKEN: Row(self.tr("CallUp has not taken this recording. Please send it again.")),
            Rejection.OTHER_FILE: Row(self.tr("That is another recording. Please show us the one that was moved.")),
            Rejection.TURNED_AWAY: Row(self.tr("This file can't be sent.")),
            Rejection.SENT: Row(self.tr("This call was sent already; its details stay as they are.")),
            Rejection.MOVED_ON: Row(
                self.tr("The transcript of this call has begun, so its details can't be changed any more.")
            ),
            Rejection.UNKNOWN: Row(self.tr("This call is not on this computer.")),
            Rejection.NOT_FINISHED: Row(self.tr("That is not possible while the call is under way.")),
        }

    def _rows_of_edits(self) -> dict[str, Row]:
        chip = self.tr("Details not saved yet")
        refused = Row(self.tr("The call list doesn't take the new details of this call. Please send this to IT."), chip)
        waits = Row(self.tr("The new details wait for the call list; we keep trying."), chip)
        return {
            Code.REGISTRY_UNREACHABLE: waits,
            Code.REGISTRY_BUSY: waits,
            Code.REGISTRY_BLOCKED: Row(
                self.tr("This network blocks the call list, so the new details wait. Please send this to IT."), chip
            ),
            Code.REGISTRY_DENIED: refused,
            Code.REGISTRY_REFUSED: refused,
        }

    def _problem_words(self) -> Mapping[ProblemCode, str]:
        return {
            ProblemCode.NO_FILE: self.tr("there is no such file"),
            ProblemCode.UNREADABLE_FILE: self.tr("this file cannot be read as text"),
            ProblemCode.NOT_TOML: self.tr("not valid TOML: {detail}"),
            ProblemCode.FILE_TOO_LARGE: self.tr("this file is too large for a profile"),
            ProblemCode.NESTED: self.tr("this file holds lists within lists beyond all measure"),
            ProblemCode.KEY_MISSING: self.tr("the key '{key}' is missing"),
            ProblemCode.KEY_UNKNOWN: self.tr("the key '{key}' is not known"),
            ProblemCode.NOT_TEXT: self.tr("'{key}' must be text in quotes"),
            ProblemCode.NOT_A_NUMBER: self.tr("'{key}' must be a whole number"),
            ProblemCode.NOT_A_LIST: self.tr("'{key}' must be a list in brackets"),
            ProblemCode.EMPTY: self.tr("'{key}' is empty"),
            ProblemCode.TOO_LONG: self.tr("'{key}' is longer than {limit} characters"),
            ProblemCode.TOO_SMALL: self.tr("'{key}' must be {limit} or more"),
            ProblemCode.TOO_LARGE: self.tr("'{key}' must be {limit} or less"),
            ProblemCode.NOT_OFFERED: self.tr("'{key}' must be one of these: {offered}"),
            ProblemCode.BAD_EMAIL: self.tr("'{key}' is not a full email address"),
            ProblemCode.BAD_BUCKET: self.tr(
                "'{key}' is not a bucket's name, which has 3 to 63 letters, digits, dots, hyphens and underscores"
            ),
            ProblemCode.BAD_REGION: self.tr("'{key}' is not a region's name, which has letters, digits and hyphens"),
            ProblemCode.BAD_URL: self.tr("'{key}' is not a web address"),
            ProblemCode.PLAIN_HTTP: self.tr("'{key}': plain http is only allowed to this computer; use https"),
            ProblemCode.NO_QUEUE: self.tr("'{key}' names no queue"),
            ProblemCode.BAD_MONGO_URI: self.tr(
                "'{key}' is not an address that begins with mongodb:// or mongodb+srv://"
            ),
            ProblemCode.PASSWORD_INSIDE: self.tr("'{key}' holds a password; passwords belong in the keyring"),
            ProblemCode.MONGO_WITHOUT_TLS: self.tr(
                "'{key}': MongoDB without TLS is only allowed to this computer; add tls=true"
            ),
            ProblemCode.MONGO_OPTION: self.tr("'{key}': the option '{option}' is not allowed there"),
            ProblemCode.EMPTY_CALL_TYPE: self.tr("'{key}': a call type is empty"),
            ProblemCode.UNSHOWABLE: self.tr("'{key}' has line ends or characters that turn text round"),
            ProblemCode.BAD_DATABASE: self.tr("'{key}' is not a name that MongoDB takes"),
            ProblemCode.BAD_AUTHORITY: self.tr("'{key}' must be certificates of authorities in PEM, at most {limit}"),
            ProblemCode.BAD_PROXY: self.tr(
                "'{key}' must be the address of a proxy for http, such as http://proxy.example.com:8080"
            ),
            ProblemCode.BAD_FINGERPRINT: self.tr("'{key}' must be 64 hexadecimal digits"),
            ProblemCode.TOO_MANY: self.tr("'{key}' has more than {limit} entries"),
            ProblemCode.NOT_A_SWITCH: self.tr("'{key}' must be true or false"),
            ProblemCode.BAD_TEMPLATE: self.tr("'{key}' must be a web address with {place} once behind the host"),
            ProblemCode.BAD_PATTERN: self.tr("'{key}' is not a pattern that can be used ({detail})"),
            ProblemCode.PATTERN_GROUPS: self.tr("'{key}' must name groups, and only these: {offered}"),
            ProblemCode.BAD_FOLDER: self.tr("'{key}' must be a full path, or begin with ~ or a variable"),
            ProblemCode.SANDBOX_ELSEWHERE: self.tr(
                "credentials = 'sandbox' goes with an endpoint on this computer only"
            ),
            ProblemCode.UPDATES_UNSIGNED: self.tr(
                "update_url and update_root go together: what is not signed is not believed"
            ),
            ProblemCode.NOT_WITH_GATEWAY: self.tr("'{key}' does not belong beside 'gateway'"),
            ProblemCode.ONLY_WITH_GATEWAY: self.tr("'{key}' goes with a 'gateway' only"),
            ProblemCode.NEEDS_SERVERS: self.tr(
                "'{key}' is for those who send through it; here bucket, registry and queue are needed"
            ),
            ProblemCode.BAD_SIGN_IN: self.tr("'{key}' holds characters that no sign-in takes"),
            ProblemCode.SIGN_IN_HALF: self.tr(
                "oidc_issuer and oidc_client_id go together, oidc_scope and oidc_port with both"
            ),
            ProblemCode.INVALID: self.tr("'{key}' is not valid ({detail})"),
        }

    # --- what else is said ------------------------------------------------------------------------------------------

    def dropped(self, seconds: float) -> str:
        """The connection dropped; the next try is in `seconds`."""
        if seconds < _COUNTDOWN_FLOOR:
            return self._row(Code.CONNECTION).sentence
        if seconds < _MINUTE:
            time = self.tr("%n s", None, math.ceil(seconds / 5) * 5)
        else:
            time = self.tr("%n min", None, math.ceil(seconds / _MINUTE))
        return self.tr("The connection dropped. Trying again in {time}; nothing is lost.").format(time=time)

    def slow(self, seconds_left: float) -> str:
        """The link is slow, and what that means."""
        return self.tr("Your connection is slow; {time}. You can keep working.").format(
            time=self.units.time_left(seconds_left)
        )

    def repaired(self, count: int) -> str:
        """The journal was damaged; `count` calls of it were saved."""
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

    def resumed(self) -> str:
        """The computer slept while calls were on their way."""
        return self.tr("Picking up where we left off.")

    def elevated(self) -> str:
        """The system blocks drops."""
        return self.tr(
            "Dropping files is blocked because the app runs as administrator. Use Choose files, or restart normally."
        )

    def found_again(self, name: str) -> str:
        """The dropped file is the lost recording of a call."""
        return self.tr("{name} is the recording that was missing; its call goes on.").format(name=name)

    def advice(self, trouble: Trouble) -> str:
        """The muted text after a chip: "it is a PDF", "ask your admin"; "" where the chip is enough."""
        params = trouble.params or {}
        if trouble.code == Refusal.UNSUPPORTED and (kind := _kind_of(params)):
            return self._kinds.short(kind)
        if trouble.code == Refusal.TOO_LARGE and "size" in params:
            return self.tr("it is {size}").format(size=self.units.size(int(params["size"])))
        if actor_of(trouble) is Actor.IT:
            return self.tr("ask your admin")
        return ""

    def sound_of(self, name: str, before: int, after: int) -> str:
        """What was sent in the place of a video; sizes in bytes."""
        sizes = {"before": self.units.size(before), "after": self.units.size(after)}
        return self.tr("sound of {name} ({before} to {after})").format(name=name, **sizes)

    def sound_beside(self, name: str) -> str:
        """Which file beside a video holds its sound, as its recorder saved it."""
        return self.tr("Zoom saved the sound beside it as {name}").format(name=name)

    def doubt(self, doubtful: Doubtful) -> str:
        """What the rep is asked before a doubtful recording is sent."""
        return self.of_code(doubtful.doubt, doubtful.params)

    def duplicate(self, registered_at: datetime) -> str:
        """The question about a recording that was sent before; a call counts as sent once it is registered."""
        return self.tr("You already sent this recording on {day}. Send it again?").format(
            day=self.units.day(registered_at.astimezone().date())
        )

    def sent_elsewhere(self, sent_at: datetime, sent_by: str) -> str:
        """The question about a recording that somebody of the company has sent from another computer."""
        return self.tr("{sender} already sent this recording on {day}. Send it anyway?").format(
            sender=printable(sent_by), day=self.units.day(sent_at.astimezone().date())
        )

    def field_problem(self, field: str, problem: FieldProblem, typed: str = "") -> str:
        """The sentence under a field of the form; `typed` is the text in it."""
        match field, problem:
            case "company_name", FieldProblem.MISSING:
                return self.tr("Add the company name to send this recording.")
            case "contact_email", FieldProblem.MISSING:
                return self.tr("Add a contact email to send this recording.")
            case "call_type", FieldProblem.MISSING:
                return self.tr("Choose the call type to send this recording.")
            case "file", _:
                return self.tr("Add the recording itself, as a part of the form named file.")
            case _, FieldProblem.INVALID_EMAIL if typed and not _BEGUN_EMAIL.fullmatch(typed.strip()):
                return self.tr("That email address doesn't look right.")
            case _, FieldProblem.INVALID_EMAIL:
                return self.tr("Enter a full email address, such as john@acme.com.")
            case _, FieldProblem.UNREADABLE:
                return self.tr("This holds characters that can't be read. Type it again.")
            case _, FieldProblem.UNKNOWN_TYPE:
                return self.tr("This call type is not on your company's list. Choose another.")
            case _:
                return self.tr("This is too long; 200 characters are the limit.")

    def kept(self) -> str:
        """A console stopped waiting."""
        return self.tr("Not sent yet. It is kept on this computer and goes on the next time.")

    def update(self, outcome: UpdateOutcome, version: str) -> str:
        """What looking for a newer version found."""
        sentences = {
            UpdateOutcome.NEWER: self.tr("Version {version} is available."),
            UpdateOutcome.CURRENT: self.tr("No newer version."),
            UpdateOutcome.OFF: self.tr("The profile names no place to look for updates, or says not to."),
            UpdateOutcome.UNREACHABLE: self.tr("The update repository cannot be reached."),
            UpdateOutcome.MISSING: self.tr("There is no update repository at the profile's update_url."),
            UpdateOutcome.UNREADABLE: self.tr("What answers at the profile's update_url is no update repository."),
            UpdateOutcome.OTHER_ROOT: self.tr(
                "The update repository is not the one whose fingerprint the profile holds."
            ),
            UpdateOutcome.NOT_SIGNED: self.tr("The update repository is not signed by the keys it has to be."),
            UpdateOutcome.ALTERED: self.tr("A file in the update repository is not what was signed."),
            UpdateOutcome.OLDER: self.tr("The update repository is older than what this computer has seen of it."),
            UpdateOutcome.EXPIRED: self.tr(
                "The update repository's signatures have expired, or this computer's clock is wrong."
            ),
            UpdateOutcome.NOT_KEPT: self.tr("What was seen of the update repository cannot be kept on this computer."),
        }
        return sentences[outcome].format(version=version)
