"""A job as a row of the journal, and back. Pure functions, any thread."""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from callup_desktop.calls.metadata import Details
from callup_desktop.engine.job import Job, State, Step, Trouble
from callup_desktop.files.identity import FileIdentity
from callup_desktop.files.watched import WatchedFile
from callup_desktop.recordings.formats import Format
from callup_desktop.recordings.recording import Doubt, Doubtful, Recording, SoundOf

_FIELDS = tuple(field.name for field in fields(Job))
_MOMENTS = {
    "added_at",
    "duplicate_of",
    "send_asked_at",
    "cancel_asked_at",
    "edit_asked_at",
    "edited_at",
    "submitted_at",
    "checked_at",
    "uploaded_at",
    "registered_at",
    "announced_at",
    "retry_at",
}


def to_row(job: Job, names: Iterable[str] = _FIELDS) -> dict[str, object]:
    """The columns of a job, or of these facts of it.

    Moments are ISO 8601 in UTC, values are JSON, text is what UTF-8 can say.
    """
    row: dict[str, object] = {}
    for name in names:
        value = getattr(job, name)
        match name:
            case "details":
                row.update(asdict(value))
            case "path":
                row.update(path=os.fsencode(value), name=value.name)
            case "recording":
                row.update(
                    recording=_json(value, without="piece_crc64nvmes"),
                    crc64nvme=value.crc64nvme if value else None,
                    size=value.size if value else None,
                )
            case "identity" | "trouble" | "registered_details":
                row[name] = _json(value)
            case "copy_of":
                """Derived from the other jobs."""
            case "accepted" | "send_again" | "watched":
                row[name] = int(value)
            case _ if name in _MOMENTS:
                row[name] = value.isoformat() if value else None
            case _:
                row[name] = value
    return {name: _storable(value) for name, value in row.items()}


def file_row(file: WatchedFile) -> dict[str, object]:
    """The columns of a file in the watched folder; its identity is written as that of a job."""
    return {"path": os.fsencode(file.path), "identity": _json(file.identity)}


def _storable(value: object) -> object:
    """The value as SQLite takes it: a lone surrogate, which no UTF-8 can say, becomes a question mark."""
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else value


def _json(value: Any, *, without: str = "") -> str | None:
    if value is None:
        return None
    kept = {name: each for name, each in asdict(value).items() if name != without}
    return json.dumps(kept, default=lambda moment: moment.isoformat())


def from_row(row: dict[str, Any]) -> Job:
    """The job of a row, also of an earlier version; raises ValueError, KeyError or TypeError where it is damaged."""
    values: dict[str, Any] = {
        field.name: row[field.name] for field in fields(Job) if field.name in row and field.name not in _MOMENTS
    }
    values |= {name: datetime.fromisoformat(row[name]) if row.get(name) else None for name in _MOMENTS}
    values |= {
        "state": State(row["state"]),
        "path": Path(os.fsdecode(row["path"])),
        "identity": FileIdentity(**json.loads(row["identity"])) if row["identity"] else None,
        "recording": _recording(json.loads(row["recording"])) if row["recording"] else None,
        "details": Details(row["company_name"], row["contact_email"], row["call_type"]),
        "registered_details": _details(row.get("registered_details")),
        "accepted": bool(row["accepted"]),
        "send_again": bool(row.get("send_again")),
        "watched": bool(row.get("watched")),
        "intent": Step(row["intent"]) if row["intent"] else None,
        "trouble": _trouble(json.loads(row["trouble"])) if row["trouble"] else None,
    }
    return Job(**values)


def _details(text: str | None) -> Details | None:
    return Details(**json.loads(text)) if text else None


def _recording(values: dict[str, Any]) -> Recording:
    warnings = tuple(Doubtful(**{**warning, "doubt": Doubt(warning["doubt"])}) for warning in values["warnings"])
    # An earlier version has kept none.
    video = values.get("sound_of")
    sound_of = SoundOf(**video) if video else None
    return Recording(**{**values, "format": Format(values["format"]), "warnings": warnings, "sound_of": sound_of})


def _trouble(values: dict[str, Any]) -> Trouble:
    return Trouble(**{**values, "at": datetime.fromisoformat(values["at"])})
