"""The checks of `callup check`: each step from the keys to the queue, tried without leaving a trace. Any thread."""

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from urllib.parse import urlsplit

from botocore.awsrequest import AWSRequest

from callup_desktop.calls.documents import Audio, CallDocument, CallMetadata, object_key
from callup_desktop.config.profile import Profile
from callup_desktop.engine.body import PartBody
from callup_desktop.engine.cancel_token import CancelToken
from callup_desktop.engine.errors import AccountError, Code, TransientError
from callup_desktop.engine.pace import Pace
from callup_desktop.engine.ports import Algorithm, CheckResult, CheckStep, Target, Upload
from callup_desktop.recordings.formats import FORMATS, Format
from callup_desktop.services.check_walk import CHECK_TIMEOUT, STEP_DEADLINE, walk
from callup_desktop.services.mongo import MongoRegistry
from callup_desktop.services.s3.requests import checksum_of
from callup_desktop.services.s3.store import S3Store
from callup_desktop.services.secrets import Secrets
from callup_desktop.services.sqs import SqsAnnouncer
from callup_desktop.services.transport import Transport, told_time
from callup_desktop.services.wrong_clock import clock_error, moment_of

_WITHOUT_KEYS = frozenset({CheckStep.CLOCK, CheckStep.TLS})
_TRIAL_BODY = memoryview(b"callup check")


def run_checks(
    profile: Profile, secrets: Secrets, *, timeout: float = CHECK_TIMEOUT, deadline: float = STEP_DEADLINE
) -> Iterator[CheckResult]:
    """One result a step, as each is done; later steps are tried even where earlier ones fail. Blocks; raises nothing.

    `timeout` is seconds that a server may be silent, `deadline` seconds that a step may take. Keys that are not to be
    had within it are not asked for again by the later steps.
    """
    checks: dict[CheckStep, Callable[[], str]] = {
        CheckStep.KEYRING: lambda: _check_keys(profile, secrets),
        CheckStep.CLOCK: lambda: _check_clock(profile, secrets, timeout),
        CheckStep.TLS: lambda: _check_tls(profile, secrets, timeout),
        CheckStep.STORAGE: lambda: _check_storage(profile, secrets, timeout),
        CheckStep.REGISTRY: lambda: _check_registry(profile, secrets, timeout),
        CheckStep.QUEUE: lambda: _check_queue(profile, secrets, timeout),
    }
    yield from walk(checks, first=CheckStep.KEYRING, without_keys=_WITHOUT_KEYS, deadline=deadline)


def _check_keys(profile: Profile, secrets: Secrets) -> str:
    session = secrets.session()
    secrets.mongo_password()
    found = session.get_credentials()
    if found is not None:
        found.get_frozen_credentials()  # a sign-in that ended is only seen where keys are made of it
    kept = ", kept in memory for this run only" if secrets.kept_in_memory else ""
    return f"credentials = {profile.credentials!r}, from {found.method if found else 'nowhere'}{kept}"


def _check_clock(profile: Profile, secrets: Secrets, timeout: float) -> str:
    """Compare with the storage's clock, whoever tells it: a clock that is years off trusts no certificate."""
    endpoint = profile.storage_endpoint
    try:
        told = moment_of(_date(endpoint, secrets, timeout))
    except AccountError as exc:
        if exc.code is not Code.TLS_UNTRUSTED or (told := told_time(endpoint, secrets.way)) is None:
            raise
    if told is None:
        raise TransientError(Code.CONNECTION, "the answer has no Date, so it is not a store's")
    if error := clock_error(told):
        raise error
    return f"{(told - datetime.now(UTC)).total_seconds():+.0f} s from the storage's clock"


def _check_tls(profile: Profile, secrets: Secrets, timeout: float) -> str:
    endpoint = urlsplit(profile.storage_endpoint)
    if endpoint.scheme == "http":
        return f"not used: {endpoint.hostname} is this computer"
    _date(endpoint.geturl(), secrets, timeout)
    return f"{endpoint.hostname} is trusted by this system"


def _check_storage(profile: Profile, secrets: Secrets, timeout: float) -> str:
    store = S3Store(profile, secrets, stall_timeout=timeout)
    try:
        upload = _try_upload(store, profile)
    finally:
        store.reset()
    ends = f"forgotten uploads end {upload.abort_date:%Y-%m-%d}" if upload.abort_date else "forgotten uploads never end"
    return f"{profile.bucket}: checksum {store.algorithm()}, {ends}"


def _try_upload(store: S3Store, profile: Profile) -> Upload:
    """Do everything that a call may need: create, upload, list, abort, and the removal of a cancelled call."""
    target = _trial_target(profile)
    upload = store.create(target)
    try:
        store.upload_part(target, upload.upload_id, 1, PartBody(CancelToken(), Pace(), _TRIAL_BODY))
        store.list_parts(target, upload.upload_id)
    finally:
        store.abort(target, upload.upload_id)
    store.try_removal(target)
    return upload


def _check_registry(profile: Profile, secrets: Secrets, timeout: float) -> str:
    registry = MongoRegistry(profile, secrets, selection_timeout=timeout, socket_timeout=timeout)
    try:
        return f"{profile.database}.{profile.collection}: {registry.dry_run(_trial_document(profile))}"
    finally:
        registry.reset()


def _check_queue(profile: Profile, secrets: Secrets, timeout: float) -> str:
    announcer = SqsAnnouncer(profile, secrets, stall_timeout=timeout)
    try:
        return announcer.queue_arn() or "reached; what the queue allows is not told (sqs:GetQueueAttributes)"
    finally:
        announcer.reset()


def _date(url: str, secrets: Secrets, timeout: float) -> str:
    transport = Transport(connections=1, stall_timeout=timeout, way=secrets.way)
    try:
        return str(transport.send(AWSRequest(method="GET", url=url).prepare()).headers.get("Date", ""))
    finally:
        transport.reset()


def _trial_target(profile: Profile) -> Target:
    key = object_key(f"callup-check-{uuid.uuid4()}", datetime.now(UTC), Format.MP3)
    crc64nvme, crc32 = (checksum_of(each, (_TRIAL_BODY,)) for each in (Algorithm.CRC64NVME, Algorithm.CRC32))
    return Target(profile.bucket, key, FORMATS[Format.MP3].content_type, len(_TRIAL_BODY), crc64nvme, crc32)


def _trial_document(profile: Profile) -> CallDocument:
    now = datetime.now(UTC)
    call_id = str(uuid.uuid4())
    key = object_key(call_id, now, Format.MP3)
    return CallDocument(
        call_id=call_id,
        uploaded_at=now,
        uploaded_by=profile.uploaded_by,
        audio=Audio(s3_bucket=profile.bucket, s3_key=key, format=Format.MP3, file_size_bytes=len(_TRIAL_BODY)),
        metadata=CallMetadata(company_name="Check", contact_email="check@example.com", call_type=profile.call_types[0]),
        created_at=now,
        updated_at=now,
    )
