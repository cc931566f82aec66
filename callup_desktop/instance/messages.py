"""What a second process asks the owner of a home, and what it hears: frozen pydantic values, JSON on the way."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

Verb = Literal["ping", "send", "list", "pause", "resume", "retry", "cancel", "forget", "show", "quit"]

UNKNOWN_STATE = "unknown"
"""The state of a call that is not on this computer."""


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Request(_Message):
    """What a front end wants. `ids` None means every call that the verb fits.

    `where` is the profile it is meant for, "" for whichever the owner has. `anyway` sends doubtful recordings too,
    `again` those that were sent before.
    """

    verb: Verb
    where: str = ""
    ids: tuple[str, ...] | None = None
    files: tuple[str, ...] = ()
    company: str = ""
    email: str = ""
    call_type: str = ""
    anyway: bool = False
    again: bool = False


class CallStatus(_Message):
    """One call as the console shows it; `code` and `params` make its sentence."""

    call_id: str
    file: str
    state: str
    gone: bool = False
    waiting: bool = False
    blocked: bool = False
    turned_away: bool = False
    """Whether it stays a draft until the rep acts."""
    send_asked: bool = False
    """Whether a draft that cannot go yet is sent by itself once it can."""
    code: str | None = None
    params: dict[str, str | int | float] = {}
    checked: int = 0
    """Bytes that the probe has read."""
    size: int = 0
    stored: int = 0
    in_flight: int = 0
    rate: float = 0.0
    seconds_left: float | None = None
    company: str = ""
    call_type: str = ""
    s3_bucket: str = ""
    s3_key: str = ""
    checksum: str | None = None
    message_id: str | None = None
    message: str | None = None
    duplicate_of: str | None = None


class Reply(_Message):
    """The calls asked for, in the order asked.

    `stopped` is the code of why the engine ended or the request was not taken, "" if it was asked to end.
    """

    calls: tuple[CallStatus, ...] = ()
    stopped: str | None = None
