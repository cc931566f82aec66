"""The checks of `callup check`: each step from the keys to the queue, tried without leaving a trace. Any thread."""

import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from botocore.awsrequest import AWSRequest

from callup_desktop.calls.documents import Audio, CallDocument, CallMetadata, object_key
from callup_desktop.config.profile import Profile
from callup_desktop.engine.body import PartBody
from callup_desktop.engine.cancel_token import CancelToken
from callup_desktop.engine.errors import AccountError, CallError, Code, TransientError
from callup_desktop.engine.pace import Pace
from callup_desktop.engine.ports import Algorithm, CheckResult, CheckStep, Target, Upload
from callup_desktop.recordings.formats import FORMATS, Format
from callup_desktop.services.aws import CLOCK_TOLERANCE
from callup_desktop.services.mongo import MongoRegistry
from callup_desktop.services.s3.requests import checksum_of
from callup_desktop.services.s3.store import S3Store
from callup_desktop.services.secrets import Secrets
from callup_desktop.services.sqs import SqsAnnouncer
from callup_desktop.services.transport import Transport

CHECK_TIMEOUT = 10.0
"""Seconds that a server may take to answer a check; far shorter than an upload's, because a person waits for it."""
_TRIAL_BODY = memoryview(b"callup check")


def run_checks(profile: Profile, secrets: Secrets, *, timeout: float = CHECK_TIMEOUT) -> Iterator[CheckResult]:
    """One result a step, as each is done; later steps are tried even where earlier ones fail. Blocks.

    `timeout` is seconds in which the clock's, TLS's or the registry's server must answer.
    """
    checks: dict[CheckStep, Callable[[], str]] = {
        CheckStep.KEYRING: lambda: _check_keys(profile, secrets),
        CheckStep.CLOCK: lambda: _check_clock(profile, timeout),
        CheckStep.TLS: lambda: _check_tls(profile, timeout),
        CheckStep.STORAGE: lambda: _check_storage(profile, secrets),
        CheckStep.REGISTRY: lambda: _check_registry(profile, secrets, timeout),
        CheckStep.QUEUE: lambda: _check_queue(profile, secrets),
    }
    for step, check in checks.items():
        yield _run(step, check)


def _run(step: CheckStep, check: Callable[[], str]) -> CheckResult:
    started = time.perf_counter()
    try:
        detail = check()
    except CallError as exc:
        seconds = time.perf_counter() - started
        return CheckResult(step, ok=False, code=exc.code, params=exc.params, detail=exc.detail, seconds=seconds)
    return CheckResult(step, ok=True, detail=detail, seconds=time.perf_counter() - started)


def _check_keys(profile: Profile, secrets: Secrets) -> str:
    session = secrets.session()
    secrets.mongo_password()
    found = session.get_credentials()
    kept = ", kept in memory for this run only" if secrets.kept_in_memory else ""
    return f"credentials = {profile.credentials!r}, from {found.method if found else 'nowhere'}{kept}"


def _check_clock(profile: Profile, timeout: float) -> str:
    """Compare with the storage's clock, without TLS if need be: a clock that is years off trusts no certificate."""
    try:
        server_time = _server_time(_endpoint(profile), timeout)
    except AccountError as exc:
        if exc.code is not Code.TLS_UNTRUSTED:
            raise
        server_time = _server_time(f"http://{urlsplit(_endpoint(profile)).hostname}", timeout)
    offset = server_time - datetime.now(UTC)
    if abs(offset) > CLOCK_TOLERANCE:
        seconds = int(offset.total_seconds())
        raise TransientError(Code.CLOCK_WRONG, f"the server is {seconds} s ahead", params={"seconds_ahead": seconds})
    return f"{offset.total_seconds():+.0f} s from the storage's clock"


def _check_tls(profile: Profile, timeout: float) -> str:
    endpoint = urlsplit(_endpoint(profile))
    if endpoint.scheme == "http":
        return f"not used: {endpoint.hostname} is this computer"
    _server_time(endpoint.geturl(), timeout)
    return f"{endpoint.hostname} is trusted by this system"


def _check_storage(profile: Profile, secrets: Secrets) -> str:
    store = S3Store(profile, secrets)
    try:
        upload = _try_upload(store, profile)
    finally:
        store.reset()
    ends = f"forgotten uploads end {upload.abort_date:%Y-%m-%d}" if upload.abort_date else "forgotten uploads never end"
    return f"{profile.bucket}: checksum {store.algorithm()}, {ends}"


def _try_upload(store: S3Store, profile: Profile) -> Upload:
    """Do everything that a call may need: create, upload, list, abort, and the head and delete of a rollback."""
    target = _trial_target(profile)
    upload = store.create(target)
    try:
        store.upload_part(target, upload.upload_id, 1, PartBody(CancelToken(), Pace(), _TRIAL_BODY))
        store.list_parts(target, upload.upload_id)
    finally:
        store.abort(target, upload.upload_id)
    store.delete(target)
    return upload


def _check_registry(profile: Profile, secrets: Secrets, timeout: float) -> str:
    registry = MongoRegistry(profile, secrets, selection_timeout=timeout)
    try:
        return f"{profile.database}.{profile.collection}: {registry.dry_run(_trial_document(profile))}"
    finally:
        registry.reset()


def _check_queue(profile: Profile, secrets: Secrets) -> str:
    announcer = SqsAnnouncer(profile, secrets)
    try:
        return announcer.queue_arn() or "reached; what the queue allows is not told (sqs:GetQueueAttributes)"
    finally:
        announcer.reset()


def _endpoint(profile: Profile) -> str:
    domain = "amazonaws.com.cn" if profile.region.startswith("cn-") else "amazonaws.com"
    return profile.endpoint or f"https://s3.{profile.region}.{domain}"


def _server_time(url: str, timeout: float) -> datetime:
    transport = Transport(connections=1, stall_timeout=timeout)
    try:
        answer = transport.send(AWSRequest(method="GET", url=url).prepare())
    finally:
        transport.reset()
    try:
        return parsedate_to_datetime(answer.headers.get("Date", "")).astimezone(UTC)
    except ValueError as exc:
        raise TransientError(Code.CONNECTION, "the answer has no Date, so it is not a store's") from exc


def _trial_target(profile: Profile) -> Target:
    key = object_key(f"callup-check-{uuid.uuid4()}", datetime.now(UTC), Format.MP3)
    checksums = (checksum_of(algorithm, _TRIAL_BODY) for algorithm in (Algorithm.CRC64NVME, Algorithm.CRC32))
    return Target(profile.bucket, key, FORMATS[Format.MP3].content_type, len(_TRIAL_BODY), *checksums)


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
