"""What bucket, registry and gateway hold of one day's calls, and the report over them. Blocks; any thread."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from datetime import time as time_of_day
from functools import partial
from typing import Any, TypeVar

from callup_desktop.calls.reconciliation import (
    CallFacts,
    DayFacts,
    DayReport,
    FallenCall,
    GatewayRow,
    OpenUpload,
    OutOfOrderError,
    RegisteredCall,
    StoredRecording,
    reconcile,
)
from callup_desktop.config.profile import Profile
from callup_desktop.engine.errors import Code, JobError, TransientError
from callup_desktop.services.mongo import Document, MongoConnection, MongoRegistry
from callup_desktop.services.s3.listing import LARGEST_PAGE
from callup_desktop.services.s3.store import S3Store
from callup_desktop.services.secrets import Secrets
from callup_desktop.services.uploads import MongoUploads, UploadRecord

R = TypeVar("R")

WAITS = (0.5, 2.0)
"""Seconds before a page that did not come is asked for again: a day has fifty, and one bad moment fails no report."""
_AFTER_SLASH = chr(ord("/") + 1)


@contextmanager
def open_reader(profile: Profile, secrets: Secrets, now: Callable[[], datetime]) -> Iterator["DayReader"]:
    """A reader with connections of its own, which end with the context."""
    store, connection = S3Store(profile, secrets), MongoConnection(profile, secrets)
    registry = MongoRegistry(profile, secrets, connection=connection)
    try:
        yield DayReader(store, registry, MongoUploads(connection, profile), profile, now)
    finally:
        store.reset()
        connection.reset()


class DayReader:
    """Reads days of one profile; a service that fails half-way raises, and is never taken for an empty one."""

    def __init__(
        self,
        store: S3Store,
        registry: MongoRegistry,
        uploads: MongoUploads,
        profile: Profile,
        now: Callable[[], datetime],
        *,
        page: int = LARGEST_PAGE,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        """`page` objects are asked for at once; `wait` lets so many seconds pass."""
        self._store = store
        self._registry = registry
        self._uploads = uploads
        self._bucket = profile.bucket
        self._now = now
        self._page = page
        self._wait = wait

    def report(
        self,
        day: date,
        fallen: Callable[[FallenCall], None],
        belongs: Callable[[CallFacts], bool] = lambda _call: True,
    ) -> DayReport:
        """The report over the calls of the UTC day that belong to it; `fallen` hears of differences as they are found.

        Raises CallError.
        """
        try:
            return reconcile(day, self.facts(day), self._now, fallen, belongs)
        except OutOfOrderError as exc:
            raise JobError(Code.STORE_REFUSED, f"not told in the order of the keys: {exc}") from exc

    def facts(self, day: date) -> DayFacts:
        """What each place holds of the day; raises CallError, also while it is read.

        Open uploads are read at once, because stores tell them in various orders; they are few beside the calls.
        """
        prefix = f"{day.isoformat().replace('-', '/')}/"
        before = prefix[:-1] + _AFTER_SLASH
        begins, ends = (datetime.combine(day, moment, UTC) for moment in (time_of_day.min, time_of_day.max))
        uploads = self._tried(partial(self._store.uploads_below, prefix))
        return DayFacts(
            self._recordings(prefix),
            self._documents(prefix, before, begins),
            (_row(record) for record in self._uploads.placed(prefix, before)),
            [OpenUpload(upload.key, upload.begun_at) for upload in sorted(uploads, key=lambda upload: upload.key)],
            (_row(record) for record in self._uploads.not_placed(begins, ends)),
        )

    def _recordings(self, prefix: str) -> Iterator[StoredRecording]:
        token = ""
        while True:
            page = self._tried(partial(self._store.objects_below, prefix, token, most=self._page))
            for found in page.objects:
                yield StoredRecording(found.key, found.size, found.etag, found.modified_at)
            token = page.next_token
            if not token:
                return

    def _documents(self, prefix: str, before: str, begins: datetime) -> Iterator[RegisteredCall]:
        """Those that name one object; others may look as if they did, as MongoDB looks into lists, too."""
        for document in self._registry.placed(self._bucket, prefix, before):
            audio = document.get("audio")
            if isinstance(audio, dict) and isinstance(audio.get("s3_key"), str):
                yield _registered(document, audio, begins)

    def _tried(self, ask: Callable[[], R]) -> R:
        for wait in WAITS:
            try:
                return ask()
            except TransientError:
                self._wait(wait)
        return ask()


def _registered(document: Document, audio: Document, begins: datetime) -> RegisteredCall:
    """The document, whoever wrote it; a moment that it lacks is the beginning of its day."""
    created_at = _moment(document.get("created_at"), begins)
    return RegisteredCall(
        audio["s3_key"],
        str(document.get("call_id") or document["_id"]),
        _number(audio.get("file_size_bytes")),
        str(document.get("status", "")),
        created_at,
        _moment(document.get("updated_at"), created_at),
        str(document.get("uploaded_by") or ""),
    )


def _row(record: UploadRecord) -> GatewayRow:
    return GatewayRow(
        record.key,
        record.id,
        record.tenant,
        record.caller,
        record.created_at,
        record.size,
        record.etag,
        record.is_direct and record.dropped_at is None and record.registered_at is None,
        record.due_at,
        record.dropped_at or record.cancel_asked_at,
        record.dropped_at is not None,
        record.registered_at,
        record.announced_at,
    )


def _moment(value: Any, otherwise: datetime) -> datetime:
    return value if isinstance(value, datetime) else otherwise


def _number(value: Any) -> int:
    return int(value) if isinstance(value, int | float) else -1
