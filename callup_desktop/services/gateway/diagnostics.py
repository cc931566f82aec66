"""The checks of `callup check` through a gateway: signed in, gateway, storage, tried without a trace. Any thread."""

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from callup_desktop.calls.documents import object_key
from callup_desktop.config.profile import GatewayProfile
from callup_desktop.engine.body import PartBody
from callup_desktop.engine.cancel_token import CancelToken
from callup_desktop.engine.pace import Pace
from callup_desktop.engine.parts import SMALLEST_PART
from callup_desktop.engine.ports import Algorithm, CheckResult, CheckStep, Target
from callup_desktop.recordings.formats import FORMATS, Format
from callup_desktop.services.check_walk import CHECK_TIMEOUT, STEP_DEADLINE, walk
from callup_desktop.services.gateway.calls import GatewayRegistry
from callup_desktop.services.gateway.store import GatewayStore
from callup_desktop.services.gateway_tokens import GatewaySecrets
from callup_desktop.services.s3.requests import checksum_of

_TRIAL_BODY = memoryview(b"callup check")


def run_gateway_checks(
    profile: GatewayProfile,
    secrets: GatewaySecrets,
    *,
    timeout: float = CHECK_TIMEOUT,
    deadline: float = STEP_DEADLINE,
) -> Iterator[CheckResult]:
    """One result a step, as `diagnostics.run_checks` has them for a profile without a gateway."""
    checks: dict[CheckStep, Callable[[], str]] = {
        CheckStep.SIGN_IN: lambda: _check_sign_in(secrets),
        CheckStep.GATEWAY: lambda: _check_gateway(profile, secrets, timeout),
        CheckStep.STORAGE: lambda: _check_storage(profile, secrets, timeout),
    }
    yield from walk(checks, first=CheckStep.SIGN_IN, without_keys=frozenset(), deadline=deadline)


def _check_sign_in(secrets: GatewaySecrets) -> str:
    secrets.tokens.bearer()
    return "kept in memory for this run only" if secrets.kept_in_memory else ""


def _check_gateway(profile: GatewayProfile, secrets: GatewaySecrets, timeout: float) -> str:
    """Ask for a call that nobody has: the answer needs the token, and the gateway's registry."""
    registry = GatewayRegistry(profile, secrets, stall_timeout=timeout)
    try:
        registry.find(str(uuid.uuid4()))
    finally:
        registry.reset()
    return profile.gateway


def _check_storage(profile: GatewayProfile, secrets: GatewaySecrets, timeout: float) -> str:
    """Do what a call needs: open an upload, send a part to the place that the gateway names, and take it back."""
    store, target = GatewayStore(profile, secrets, stall_timeout=timeout), _trial_target()
    try:
        upload = store.create(target)
        try:
            store.upload_part(target, upload.upload_id, 1, PartBody(CancelToken(), Pace(), _TRIAL_BODY))
        finally:
            store.abort(target, upload.upload_id)
    finally:
        store.reset()
    return f"{store.storage_host}: a part was stored and removed"


def _trial_target() -> Target:
    call_id = str(uuid.uuid4())
    return Target(
        bucket="",
        key=object_key(call_id, datetime.now(UTC), Format.MP3),
        content_type=FORMATS[Format.MP3].content_type,
        size=len(_TRIAL_BODY),
        crc64nvme=checksum_of(Algorithm.CRC64NVME, (_TRIAL_BODY,)),
        call_id=call_id,
        part_size=SMALLEST_PART,
    )
