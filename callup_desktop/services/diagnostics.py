"""The checks that `callup check` takes: each hop from the keys to the queue, tried without leaving anything behind."""

import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from urllib.parse import urlsplit

from botocore.awsrequest import AWSRequest

from callup_desktop.calls.documents import Audio, CallDocument, CallMetadata, object_key
from callup_desktop.config.profile import Profile
from callup_desktop.engine.body import CancelToken, PartBody
from callup_desktop.engine.errors import AccountError, CallError, Code, TransientError
from callup_desktop.engine.pace import Pace
from callup_desktop.engine.ports import Algorithm, Target, Upload
from callup_desktop.recordings.formats import FORMATS, Format
from callup_desktop.services.aws import TOLERATED
from callup_desktop.services.mongo import MongoRegistry
from callup_desktop.services.s3.requests import checksum_of
from callup_desktop.services.s3.store import S3Store
from callup_desktop.services.secrets import Secrets
from callup_desktop.services.sqs import SqsAnnouncer
from callup_desktop.services.transport import Transport

PATIENCE = 10.0
"""Seconds that a server may say nothing: somebody waits for the answer."""
_TRIAL = memoryview(b"callup check")


class CheckStep(StrEnum):
    """The stations, in the order of a call."""

    KEYRING = "keyring"
    CLOCK = "clock"
    TLS = "tls"
    STORAGE = "storage"
    REGISTRY = "registry"
    QUEUE = "queue"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What one hop said. `code` and `params` make its sentence where it does not hold; `detail` is for IT."""

    hop: CheckStep
    ok: bool
    code: str = ""
    params: Mapping[str, str | int | float] = field(default_factory=dict)
    detail: str = ""
    seconds: float = 0.0


def run_checks(profile: Profile, secrets: Secrets, *, patience: float = PATIENCE) -> Iterator[CheckResult]:
    """One result a hop, as each is done; later hops are tried even where earlier ones do not hold. Blocks.

    `patience` is seconds that the clock's, TLS's or the registry's server may say nothing.
    """
    hops: dict[CheckStep, Callable[[], str]] = {
        CheckStep.KEYRING: lambda: _check_keys(profile, secrets),
        CheckStep.CLOCK: lambda: _check_clock(profile, patience),
        CheckStep.TLS: lambda: _check_tls(profile, patience),
        CheckStep.STORAGE: lambda: _check_storage(profile, secrets),
        CheckStep.REGISTRY: lambda: _check_registry(profile, secrets, patience),
        CheckStep.QUEUE: lambda: _check_queue(profile, secrets),
    }
    for hop, check in hops.items():
        yield _tried(hop, check)


def _tried(hop: CheckStep, check: Callable[[], str]) -> CheckResult:
    started = time.perf_counter()
    try:
        detail = check()
    except CallError as exc:
        seconds = time.perf_counter() - started
        return CheckResult(hop, ok=False, code=exc.code, params=exc.params, detail=exc.detail, seconds=seconds)
    return CheckResult(hop, ok=True, detail=detail, seconds=time.perf_counter() - started)


def _check_keys(profile: Profile, secrets: Secrets) -> str:
    session = secrets.session()
    secrets.mongo_password()
    found = session.get_credentials()
    kept = ", kept in memory for this run only" if secrets.kept_in_memory else ""
    return f"credentials = {profile.credentials!r}, from {found.method if found else 'nowhere'}{kept}"


def _check_clock(profile: Profile, patience: float) -> str:
    """A clock that is wrong by years makes every certificate look untrusted, so it is asked without TLS then."""
    try:
        told = _date_told(_endpoint(profile), patience)
    except AccountError as exc:
        if exc.code is not Code.TLS_UNTRUSTED:
            raise
        told = _date_told(f"http://{urlsplit(_endpoint(profile)).hostname}", patience)
    offset = told - datetime.now(UTC)
    if abs(offset) > TOLERATED:
        seconds = int(offset.total_seconds())
        raise TransientError(Code.CLOCK_WRONG, f"the server is {seconds} s ahead", params={"seconds_ahead": seconds})
    return f"{offset.total_seconds():+.0f} s from the storage's clock"


def _check_tls(profile: Profile, patience: float) -> str:
    endpoint = urlsplit(_endpoint(profile))
    if endpoint.scheme == "http":
        return f"not used: {endpoint.hostname} is this computer"
    _date_told(endpoint.geturl(), patience)
    return f"{endpoint.hostname} is trusted by this system"


def _check_storage(profile: Profile, secrets: Secrets) -> str:
    store = S3Store(profile, secrets)
    try:
        upload = _rehearse_upload(store, profile)
    finally:
        store.reset()
    ends = f"forgotten uploads end {upload.abort_date:%Y-%m-%d}" if upload.abort_date else "forgotten uploads never end"
    return f"{profile.bucket}: checksum {store.algorithm()}, {ends}"


def _rehearse_upload(store: S3Store, profile: Profile) -> Upload:
    """Everything that a call may need: create, upload, list, abort, and the head and delete of a rollback."""
    target = _trial_target(profile)
    upload = store.create(target)
    try:
        store.upload_part(target, upload.upload_id, 1, PartBody(_TRIAL, CancelToken(), Pace()))
        store.list_parts(target, upload.upload_id)
    finally:
        store.abort(target, upload.upload_id)
    store.delete(target)
    return upload


def _check_registry(profile: Profile, secrets: Secrets, patience: float) -> str:
    registry = MongoRegistry(profile, secrets, patience=patience)
    try:
        return f"{profile.database}.{profile.collection}: {registry.rehearse(_trial_document(profile))}"
    finally:
        registry.reset()


def _check_queue(profile: Profile, secrets: Secrets) -> str:
    announcer = SqsAnnouncer(profile, secrets)
    try:
        return announcer.look()
    finally:
        announcer.reset()


def _endpoint(profile: Profile) -> str:
    domain = "amazonaws.com.cn" if profile.region.startswith("cn-") else "amazonaws.com"
    return profile.endpoint or f"https://s3.{profile.region}.{domain}"


def _date_told(url: str, patience: float) -> datetime:
    transport = Transport(connections=1, stall_timeout=patience)
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
    checksums = (checksum_of(algorithm, _TRIAL) for algorithm in (Algorithm.CRC64NVME, Algorithm.CRC32))
    return Target(profile.bucket, key, FORMATS[Format.MP3].content_type, len(_TRIAL), *checksums)


def _trial_document(profile: Profile) -> CallDocument:
    now = datetime.now(UTC)
    call_id = str(uuid.uuid4())
    key = object_key(call_id, now, Format.MP3)
    return CallDocument(
        call_id=call_id,
        uploaded_at=now,
        uploaded_by=profile.uploaded_by,
        audio=Audio(s3_bucket=profile.bucket, s3_key=key, format=Format.MP3, file_size_bytes=len(_TRIAL)),
        metadata=CallMetadata(company_name="Check", contact_email="check@example.com", call_type=profile.call_types[0]),
        created_at=now,
        updated_at=now,
    )
