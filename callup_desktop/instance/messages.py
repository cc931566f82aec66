"""What a front end asks the owner of a home, and what it hears: frozen values, JSON on the way. Any thread."""

import os
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from callup_desktop.engine.job import State
from callup_desktop.files.identity import FileIdentity

PROTOCOL = 2
"""Raised with each change of these shapes. Version 1 had no number: CallUp 0.1 listened on a loopback port."""
PAGE = 128
"""The most rows of a reply, and the most files of a request: with the longest paths they fit into a message."""
MOST_IDS = 4096
"""The most ids of a request."""

Verb = Literal[
    "ping",
    "send",
    "list",
    "more",
    "follow",
    "changes",
    "pause",
    "resume",
    "retry",
    "cancel",
    "announce",
    "forget",
    "show",
    "quit",
]

UNKNOWN_STATE = "unknown"
"""The state of a call that is not on this computer."""
_UUID4 = r"^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"


def _sayable(value: object) -> object:
    """Text that JSON and UTF-8 can say: a lone surrogate, as in a file name of another encoding, is written out."""
    if isinstance(value, str) and not value.isascii():
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    return value


def _sayable_values(values: object) -> object:
    return {name: _sayable(value) for name, value in values.items()} if isinstance(values, dict) else values


Text = Annotated[str, BeforeValidator(_sayable)]
Params = Annotated[dict[str, str | int | float], BeforeValidator(_sayable_values)]


class _Message(BaseModel):
    # Built once somebody asks, which a window does not wait for.
    model_config = ConfigDict(
        frozen=True, extra="forbid", ser_json_bytes="base64", val_json_bytes="base64", defer_build=True
    )


class NamedFile(_Message):
    """A file to be sent: the id that its call shall have, where it lies, and which one it is.

    Asked again with the same id, it is the same call. `path` is as the file system has it, whatever its encoding.
    """

    id: Annotated[str, Field(pattern=_UUID4)]
    path: bytes
    identity: FileIdentity | None = None


class Request(_Message):
    """What a front end wants.

    send, pause, resume, retry, cancel, announce and forget also follow the calls they name; `ids` None means every call
    that the verb fits. follow follows those with the ids. changes tells of the calls followed that changed since it was
    last asked, at first of all. list tells of every call. Both tell a page; changes or more has the next one.

    `where` is the profile it is meant for, "" for whichever the owner has. `anyway` sends doubtful recordings too,
    `again` those that were sent before or are in the list already. `paths` are the files of a second start, for show.
    """

    verb: Verb
    where: Text = ""
    ids: tuple[str, ...] | None = None
    files: tuple[NamedFile, ...] = ()
    paths: tuple[bytes, ...] = ()
    company: Text = ""
    email: Text = ""
    call_type: Text = ""
    anyway: bool = False
    again: bool = False


class CallStatus(_Message):
    """One call as the console shows it; `code` and `params` make its sentence."""

    call_id: str
    asked_id: str
    """The id by which it is followed; another one where the recording had a call already, which is told then."""
    path: bytes
    state: str
    kept: bool = True
    """Whether it is in the journal; False while only memory knows it."""
    gone: bool = False
    waiting: bool = False
    blocked: bool = False
    turned_away: bool = False
    """Whether it stays a draft until the rep acts."""
    send_asked: bool = False
    """Whether a draft that cannot go yet is sent by itself once it can."""
    edit_asked: bool = False
    """Whether it is registered, and waits with new details."""
    code: str | None = None
    params: Params = {}
    checked: int = 0
    """Bytes that the probe has read."""
    size: int = 0
    stored: int = 0
    in_flight: int = 0
    rate: float = 0.0
    seconds_left: float | None = None
    company: Text = ""
    email: Text = ""
    call_type: Text = ""
    s3_bucket: str = ""
    s3_key: str = ""
    checksum: str | None = None
    message_id: Text | None = None
    message: str | None = None
    video_size: int = 0
    """Bytes of the video whose sound is sent; 0 where the file itself is."""
    sound_beside: Text = ""
    """The file beside the video in which its recorder saved the sound, "" without one."""
    duplicate_of: str | None = None
    """The call by which this recording was sent before."""
    sent_before_at: str | None = None
    """When that was, as ISO 8601."""

    @property
    def file(self) -> str:
        """The path as this system's programs have it."""
        return os.fsdecode(self.path)

    @property
    def name(self) -> str:
        """The file's name."""
        return Path(self.file).name

    @property
    def is_draft(self) -> bool:
        """Whether it was not sent yet."""
        return self.state == State.DRAFT

    def as_json(self) -> dict[str, object]:
        """The line that `callup list` prints."""
        told = self.model_dump(exclude={"asked_id", "path", "kept"})
        return {"call_id": told.pop("call_id"), "file": self.file, **told}


class Reply(_Message):
    """One page of calls; `more` if there is another.

    `blocked` is the code of what holds up every call. `stopped` is the code of why the engine ended or the request was
    not taken, "" if it was asked to end. `busy` where the owner is just starting or ending: ask again.
    """

    calls: tuple[CallStatus, ...] = ()
    more: bool = False
    blocked: str | None = None
    stopped: str | None = None
    busy: bool = False
