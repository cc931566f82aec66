"""What the use cases of direct uploads have in common: checked details, and failures as problems. Event loop."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict

from callup_desktop.calls.metadata import Details, IncompleteDetailsError, completed
from callup_desktop.engine.errors import CallError, Code, TransientError
from callup_desktop.engine.parts import Part
from callup_desktop.gateway.form import field_errors
from callup_desktop.gateway.problems import Problem, ProblemError, problem
from callup_desktop.gateway.telemetry import Telemetry
from callup_desktop.presentation.messages import Messages
from callup_desktop.services.direct_shapes import Metadata, SignedPartView, StoredPart, UploadStage, UploadView
from callup_desktop.services.s3.requests import SignedPart
from callup_desktop.services.uploads import LeaseLostError, UploadRecord

SOON = 2.0
LONGEST_RETRY_AFTER = 60.0


def complete_details(metadata: Metadata, call_types: tuple[str, ...], messages: Messages) -> Details:
    """The details as they are kept; raises ProblemError 400 where they are not complete."""
    given = metadata.details()
    try:
        return completed(given, call_types)
    except IncompleteDetailsError as exc:
        errors = field_errors(exc.problems, asdict(given), messages)
        raise ProblemError(Problem(Code.FORM_FIELDS, errors=errors)) from exc


def view_of(record: UploadRecord, stage: UploadStage, parts: Sequence[Part] = ()) -> UploadView:
    """What the sender is told of a row."""
    return UploadView(
        call_id=record.id,
        stage=stage,
        size=record.size,
        crc64nvme=record.crc64nvme,
        part_size=record.part_size,
        parts=[StoredPart(**asdict(part)) for part in parts],
        etag=record.etag,
        kept_until=record.rests_until if record.registered_at is None else None,
    )


def signed_view_of(part: SignedPart) -> SignedPartView:
    """What the sender is told of a signed request."""
    return SignedPartView(number=part.number, url=part.url, headers=dict(part.headers), expires_at=part.expires_at)


@contextmanager
def services_as_problems(telemetry: Telemetry, call_id: str) -> Iterator[None]:
    """A service that fails, and a row that was lost meanwhile, as problems."""
    try:
        yield
    except CallError as exc:
        telemetry.failed("service failed", exc, call_id=call_id, code=exc.code, detail=exc.detail)
        wait = exc.retry_after if isinstance(exc, TransientError) else LONGEST_RETRY_AFTER
        told = Problem(Code.UPLOAD_WAITS, retry_after=wait or SOON, call_id=call_id, cause=exc.code)
        raise ProblemError(told) from exc
    except LeaseLostError as exc:
        raise problem(Code.UPLOAD_UNDER_WAY, retry_after=SOON) from exc
