"""What S3Store does when S3 refuses, falls silent or lies: a real server behind a front that misbehaves on order."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from threading import Barrier

import pytest
from botocore.session import Session

from callup_desktop.config.profile import Profile
from callup_desktop.engine.body import PartBody
from callup_desktop.engine.errors import AccountError, CallError, Code, JobError, TransientError
from callup_desktop.engine.ports import Algorithm, Target
from callup_desktop.sandbox.embedded import Running
from callup_desktop.services.aws import ServerClock
from callup_desktop.services.aws_session import isolated_session
from callup_desktop.services.s3 import removal
from callup_desktop.services.s3.capabilities import Capabilities
from callup_desktop.services.s3.store import ABORT_ATTEMPTS, S3Store
from callup_desktop.services.secrets import Secrets
from callup_desktop.services.way import Way
from tests.services.front import Front, Reply, front_of, page, refusal
from tests.services.outside import PlainS3, body_of, checked_body, crc32, some_bytes, target_for
from tests.services.store_contract import FIRST, RECORDING, send_parts

SMALL = some_bytes(3000)


@dataclass
class CountedSecrets:
    """Sessions in turn, the last one again and again; a CallError in the row is raised."""

    sessions: list[Session | CallError]
    asked: int = 0
    kept_in_memory: bool = field(default=False)
    way: Way = field(default_factory=Way)

    def session(self) -> Session:
        turn = self.sessions[min(self.asked, len(self.sessions) - 1)]
        self.asked += 1
        if isinstance(turn, CallError):
            raise turn
        return turn

    def mongo_key_password(self) -> str | None:
        return None

    def mongo_password(self) -> str | None:
        return None


@pytest.fixture
def front(seaweed: PlainS3) -> Iterator[Front]:
    with front_of(seaweed.endpoint) as front:
        yield front


@pytest.fixture
def fronted(profile: Profile, front: Front) -> Profile:
    return profile.model_copy(update={"endpoint": front.endpoint})


@pytest.fixture
def store(fronted: Profile, secrets: Secrets) -> S3Store:
    return S3Store(fronted, secrets)


@pytest.fixture
def target(seaweed: PlainS3) -> Target:
    return target_for(SMALL, seaweed.bucket)


@pytest.fixture
def good(sandbox: Running) -> Session:
    return isolated_session(sandbox.access_key_id, sandbox.secret_access_key, region="us-east-1")


@pytest.fixture
def revoked() -> Session:
    return isolated_session("REVOKEDKEYREVOKED", "no-such-secret", region="us-east-1")


def send_whole(store: S3Store, target: Target) -> None:
    upload_id, parts = send_parts(store, target, SMALL)
    store.list_parts(target, upload_id)
    store.complete(target, upload_id, parts)


# --- what is stored ---------------------------------------------------------------------------------------------------


def test_an_object_is_encrypted_and_carries_the_checksum_of_the_whole_file(
    store: S3Store, seaweed: PlainS3, front: Front
) -> None:
    target = target_for(RECORDING, seaweed.bucket)
    upload_id, parts = send_parts(store, target)
    store.complete(target, upload_id, parts)

    seen = seaweed.client.head_object(Bucket=target.bucket, Key=target.key, ChecksumMode="ENABLED")

    assert seen["ServerSideEncryption"] == "AES256"
    assert seen["ChecksumCRC64NVME"] == target.crc64nvme
    assert seen["ChecksumType"] == "FULL_OBJECT"
    assert store.capabilities == Capabilities()
    (complete,) = (request for request in front.arrived if request.operation == "CompleteMultipartUpload")
    assert complete.headers["if-none-match"] == "*"
    assert complete.headers["x-amz-mp-object-size"] == str(len(RECORDING))
    assert {r.headers["x-amz-content-sha256"] for r in front.arrived if r.operation == "UploadPart"} == {
        "UNSIGNED-PAYLOAD"
    }


# --- errors, by who has to act ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "code", "kind", "expected"),
    [
        (500, "InternalError", TransientError, Code.STORAGE_BUSY),
        (502, "", TransientError, Code.STORAGE_BUSY),
        (503, "SlowDown", TransientError, Code.STORAGE_BUSY),
        (503, "ServiceUnavailable", TransientError, Code.STORAGE_BUSY),
        (504, "", TransientError, Code.STORAGE_BUSY),
        (429, "TooManyRequests", TransientError, Code.STORAGE_BUSY),
        (400, "RequestTimeout", TransientError, Code.STORAGE_BUSY),
        (409, "OperationAborted", TransientError, Code.STORAGE_BUSY),
        (400, "BadDigest", TransientError, Code.PART_DAMAGED),
        (400, "IncompleteBody", TransientError, Code.PART_DAMAGED),
        (400, "XAmzContentSHA256Mismatch", TransientError, Code.PART_DAMAGED),
        (404, "NoSuchUpload", TransientError, Code.UPLOAD_EXPIRED),
        (403, "AccessDenied", AccountError, Code.ACCESS_DENIED),
        (403, "AllAccessDisabled", AccountError, Code.ACCESS_DENIED),
        (403, "AccountProblem", AccountError, Code.ACCESS_DENIED),
        (404, "NoSuchBucket", AccountError, Code.WRONG_BUCKET),
        (400, "InvalidBucketName", AccountError, Code.WRONG_BUCKET),
        (400, "KMS.DisabledException", AccountError, Code.ENCRYPTION_DENIED),
        (400, "EntityTooLarge", JobError, Code.STORE_REFUSED),
        (400, "EntityTooSmall", JobError, Code.STORE_REFUSED),
        (400, "KeyTooLongError", JobError, Code.STORE_REFUSED),
    ],
)
def test_a_refused_part_is_told_by_who_has_to_act(
    status: int, code: str, kind: type[CallError], expected: Code, store: S3Store, front: Front, target: Target
) -> None:
    upload_id = store.create(target).upload_id
    front.answer("UploadPart", refusal(status, code))

    with pytest.raises(kind) as caught:
        store.upload_part(target, upload_id, 1, body_of(SMALL))

    assert caught.value.code is expected
    assert "secret words" not in str(caught.value)
    assert front.count("UploadPart") == 1, "the engine alone tries again"
    store.abort(target, upload_id)


@pytest.mark.parametrize(
    "send",
    [
        lambda store, target, _upload_id, body: store.put(target, body),
        lambda store, target, upload_id, body: store.upload_part(target, upload_id, 1, body),
    ],
    ids=["at once", "in parts"],
)
def test_a_file_that_changed_since_it_was_checked_never_arrives_though_its_checksum_is_known(
    store: S3Store, target: Target, send: Callable[[S3Store, Target, str, PartBody], object]
) -> None:
    found = bytearray(SMALL)
    found[-1] ^= 1
    body = checked_body(SMALL, [], found=bytes(found))
    upload_id = store.create(target).upload_id

    with pytest.raises(TransientError) as caught:
        send(store, target, upload_id, body)

    assert caught.value.code is Code.FILE_CHANGED
    assert store.list_parts(target, upload_id) == ()
    assert store.head(target) is None
    store.abort(target, upload_id)


def test_a_busy_store_says_when_to_come_back(store: S3Store, front: Front, target: Target) -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=40), usegmt=True)
    front.answer("CreateMultipartUpload", refusal(503, "SlowDown", **{"Retry-After": "7"}))
    front.answer("CreateMultipartUpload", refusal(503, "SlowDown", **{"Retry-After": soon}))
    front.answer("CreateMultipartUpload", refusal(503, "SlowDown"))
    waits = []

    for _ in range(3):
        with pytest.raises(TransientError) as caught:
            store.create(target)
        waits.append(caught.value.retry_after)

    seconds, until, none = waits
    assert seconds == 7
    assert until is not None
    assert 0 < until <= 40
    assert none is None


@pytest.mark.parametrize("operation", ["CreateMultipartUpload", "ListParts", "CompleteMultipartUpload"])
def test_a_reply_that_ends_in_the_middle_is_a_lost_connection(
    operation: str, store: S3Store, front: Front, target: Target
) -> None:
    front.change(operation, lambda reply: replace(reply, cut=True))

    with pytest.raises(TransientError) as caught:
        send_whole(store, target)

    assert caught.value.code is Code.CONNECTION


def test_a_success_that_names_no_etag_is_not_believed(store: S3Store, front: Front, target: Target) -> None:
    upload_id = store.create(target).upload_id
    front.answer("UploadPart", Reply(200, {}))

    with pytest.raises(TransientError) as caught:
        store.upload_part(target, upload_id, 1, body_of(SMALL))

    assert caught.value.code is Code.CONNECTION
    store.abort(target, upload_id)


def test_a_store_that_acknowledges_other_bytes_is_not_believed(store: S3Store, front: Front, target: Target) -> None:
    upload_id = store.create(target).upload_id
    lie = {"X-Amz-Checksum-Crc64nvme": target_for(b"other", "b").crc64nvme}
    front.change("UploadPart", lambda reply: replace(reply, headers=reply.headers | lie))

    with pytest.raises(TransientError) as caught:
        store.upload_part(target, upload_id, 1, body_of(SMALL))

    assert caught.value.code is Code.PART_DAMAGED
    store.abort(target, upload_id)


# --- replies that were lost -------------------------------------------------------------------------------------------


def test_a_lost_reply_to_complete_is_found_out_by_looking(
    store: S3Store, front: Front, seaweed: PlainS3, target: Target
) -> None:
    upload_id, parts = send_parts(store, target, SMALL)
    front.lose("CompleteMultipartUpload", acts=True)
    with pytest.raises(TransientError) as caught:
        store.complete(target, upload_id, parts)

    stored = store.complete(target, upload_id, parts)

    assert caught.value.code is Code.CONNECTION
    assert stored is not None
    assert seaweed.bytes_at(target.key) == SMALL


def test_no_such_upload_on_complete_is_success_if_the_object_is_the_file(
    store: S3Store, front: Front, target: Target
) -> None:
    upload_id, parts = send_parts(store, target, SMALL)
    front.answer("CompleteMultipartUpload", refusal(404, "NoSuchUpload"), acts=True)

    stored = store.complete(target, upload_id, parts)

    assert stored is not None
    assert stored.checksum == f"CRC64NVME:{target.crc64nvme}"


def test_an_error_inside_a_200_to_complete_is_no_success(store: S3Store, front: Front, target: Target) -> None:
    upload_id, parts = send_parts(store, target, SMALL)
    front.answer("CompleteMultipartUpload", refusal(200, "InternalError"))

    with pytest.raises(TransientError) as caught:
        store.complete(target, upload_id, parts)

    assert caught.value.code is Code.STORAGE_BUSY
    assert store.complete(target, upload_id, parts) is not None


def test_a_conflict_on_complete_without_an_object_is_tried_again(store: S3Store, front: Front, target: Target) -> None:
    upload_id, parts = send_parts(store, target, SMALL)
    front.answer("CompleteMultipartUpload", refusal(409, "ConditionalRequestConflict"))

    with pytest.raises(TransientError) as caught:
        store.complete(target, upload_id, parts)

    assert caught.value.code is Code.STORAGE_BUSY
    assert store.complete(target, upload_id, parts) is not None


def test_a_lost_reply_to_put_is_found_out_by_looking(store: S3Store, front: Front, target: Target) -> None:
    front.lose("PutObject", acts=True)
    with pytest.raises(TransientError):
        store.put(target, body_of(SMALL))

    assert store.matches(target, store.put(target, body_of(SMALL)))


def test_a_part_that_lands_after_the_abort_is_aborted_again(store: S3Store, front: Front, target: Target) -> None:
    upload_id, _ = send_parts(store, target, SMALL)
    late = b"<?xml version='1.0'?><ListPartsResult><Part><PartNumber>1</PartNumber><ETag>e</ETag><Size>1</Size></Part>"
    front.answer("ListParts", Reply(200, {"Content-Type": "application/xml"}, late + b"</ListPartsResult>"))

    store.abort(target, upload_id)

    assert front.count("AbortMultipartUpload") == 2


def test_an_upload_that_does_not_go_away_is_not_called_gone(store: S3Store, front: Front, target: Target) -> None:
    upload_id, _ = send_parts(store, target, SMALL)
    late = b"<?xml version='1.0'?><ListPartsResult><Part><PartNumber>1</PartNumber><ETag>e</ETag><Size>1</Size></Part>"
    reply = Reply(200, {"Content-Type": "application/xml"}, late + b"</ListPartsResult>")
    front.answer("ListParts", reply, times=ABORT_ATTEMPTS)

    with pytest.raises(TransientError) as caught:
        store.abort(target, upload_id)

    assert caught.value.code is Code.STILL_STORED


def test_an_object_that_does_not_go_away_is_not_called_gone(store: S3Store, front: Front, target: Target) -> None:
    store.put(target, body_of(SMALL))
    front.answer("DeleteObject", Reply(204, {}), times=removal.ATTEMPTS)

    with pytest.raises(TransientError) as caught:
        store.delete(target)

    assert caught.value.code is Code.STILL_STORED
    store.delete(target)


def test_an_admin_who_does_not_permit_listing_leaves_open_uploads_unknown(
    store: S3Store, front: Front, target: Target
) -> None:
    front.answer("ListMultipartUploads", refusal(403, "AccessDenied"))

    assert store.open_uploads(target) == ()


# --- keys and clocks --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["ExpiredToken", "TokenRefreshRequired", "InvalidToken"])
def test_keys_that_ended_in_the_middle_are_renewed_and_the_part_is_sent_again(
    code: str, fronted: Profile, front: Front, good: Session, target: Target
) -> None:
    secrets = CountedSecrets([good])
    store = S3Store(fronted, secrets)
    upload_id = store.create(target).upload_id
    front.answer("UploadPart", refusal(400, code))

    part = store.upload_part(target, upload_id, 1, body_of(SMALL))

    assert part.size == len(SMALL)
    assert secrets.asked == 2
    store.abort(target, upload_id)


def test_a_bodiless_refusal_of_head_may_be_ended_keys(
    fronted: Profile, front: Front, good: Session, target: Target
) -> None:
    secrets = CountedSecrets([good])
    front.answer("HeadObject", Reply(400, {}))

    assert S3Store(fronted, secrets).head(target) is None
    assert secrets.asked == 2


def test_revoked_keys_are_asked_for_once_more_before_the_admin_is_told(
    fronted: Profile, good: Session, revoked: Session, target: Target
) -> None:
    renewed = CountedSecrets([revoked, good])
    still_revoked = CountedSecrets([revoked])

    store = S3Store(fronted, renewed)
    store.abort(target, store.create(target).upload_id)
    with pytest.raises(AccountError) as caught:
        S3Store(fronted, still_revoked).create(target)

    assert caught.value.code is Code.KEYS_REVOKED
    assert (renewed.asked, still_revoked.asked) == (2, 2)


def test_a_renewal_that_fails_asks_the_rep_to_sign_in(
    fronted: Profile, front: Front, good: Session, target: Target
) -> None:
    secrets = CountedSecrets([good, AccountError(Code.SIGN_IN, "the session ended"), good])
    store = S3Store(fronted, secrets)
    upload_id = store.create(target).upload_id
    front.answer("UploadPart", refusal(400, "ExpiredToken"))

    with pytest.raises(AccountError) as caught:
        store.upload_part(target, upload_id, 1, body_of(SMALL))
    part = store.upload_part(target, upload_id, 1, body_of(SMALL))

    assert caught.value.code is Code.SIGN_IN
    assert part.size == len(SMALL), "once signed in, the same store goes on"
    store.abort(target, upload_id)


def test_many_parts_that_meet_ended_keys_at_once_renew_them_once(
    fronted: Profile, front: Front, good: Session, target: Target
) -> None:
    secrets = CountedSecrets([good])
    store = S3Store(fronted, secrets)
    upload_id = store.create(target).upload_id
    together = Barrier(4)

    def ended(_reply: Reply) -> Reply:
        together.wait(10)
        return refusal(400, "ExpiredToken")

    front.change("UploadPart", ended, times=4)
    with ThreadPoolExecutor(4) as pool:
        parts = list(pool.map(lambda n: store.upload_part(target, upload_id, n, body_of(SMALL)), range(1, 5)))

    assert [part.number for part in parts] == [1, 2, 3, 4]
    assert secrets.asked == 2
    store.abort(target, upload_id)


def test_a_wrong_secret_is_told_as_such(fronted: Profile, sandbox: Running, target: Target) -> None:
    session = isolated_session(sandbox.access_key_id, "not-the-secret", region="us-east-1")

    with pytest.raises(AccountError) as caught:
        S3Store(fronted, CountedSecrets([session])).create(target)

    assert caught.value.code is Code.KEYS_WRONG


def wrong_clock(hours: int) -> ServerClock:
    """As if this computer's clock were wrong: the server refuses what is signed by it."""
    clock = ServerClock()
    clock.learn(format_datetime(datetime.now(UTC) + timedelta(hours=hours), usegmt=True))
    return clock


@pytest.mark.parametrize("hours", [-30, 2])
def test_a_clock_that_is_wrong_by_hours_is_corrected_by_the_server(
    hours: int, profile: Profile, secrets: Secrets, target: Target
) -> None:
    clock = wrong_clock(hours)
    store = S3Store(profile, secrets, clock)

    store.abort(target, store.create(target).upload_id)

    assert abs(clock.offset) < timedelta(seconds=5)


def test_many_parts_signed_by_a_wrong_clock_are_all_sent_again(
    fronted: Profile, secrets: Secrets, front: Front, target: Target
) -> None:
    clock = ServerClock()
    store = S3Store(fronted, secrets, clock)
    upload_id = store.create(target).upload_id
    clock.learn(format_datetime(datetime.now(UTC) + timedelta(hours=2), usegmt=True))
    together = Barrier(4)

    def at_once(reply: Reply) -> Reply:
        together.wait(10)
        return reply

    front.change("UploadPart", at_once, times=4)
    with ThreadPoolExecutor(4) as pool:
        parts = list(pool.map(lambda n: store.upload_part(target, upload_id, n, body_of(SMALL)), range(1, 5)))

    assert [part.number for part in parts] == [1, 2, 3, 4]
    assert front.count("UploadPart") == 8
    store.abort(target, upload_id)


def test_the_time_is_asked_for_once_and_without_keys(fronted: Profile, secrets: Secrets, front: Front) -> None:
    clock = ServerClock(lambda: datetime.now(UTC) - timedelta(days=400))
    store = S3Store(fronted, secrets, clock)

    assert store.hear_time()
    assert not store.hear_time()

    (asked,) = front.arrived
    assert asked.method == "HEAD"
    assert "authorization" not in asked.headers
    assert abs(store.clock_offset() - timedelta(days=400)) < timedelta(seconds=5)


def test_a_store_that_answered_already_is_not_asked_for_the_time(
    fronted: Profile, secrets: Secrets, target: Target
) -> None:
    store = S3Store(fronted, secrets)
    store.abort(target, store.create(target).upload_id)

    assert not store.hear_time()


def test_a_head_refused_for_the_clock_is_corrected_too(profile: Profile, secrets: Secrets, target: Target) -> None:
    assert S3Store(profile, secrets, wrong_clock(2)).head(target) is None


def test_a_server_that_never_agrees_about_the_time_is_tried_later(store: S3Store, front: Front, target: Target) -> None:
    front.answer("CreateMultipartUpload", refusal(403, "RequestTimeTooSkewed"), times=2)

    with pytest.raises(TransientError) as caught:
        store.create(target)

    assert caught.value.code is Code.CLOCK_WRONG


# --- the network answers ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (page(200), Code.CAPTIVE_PORTAL),
        (page(302, Location="http://login.hotel.example/"), Code.CAPTIVE_PORTAL),
        (Reply(302, {"Location": "http://login.hotel.example/"}), Code.CAPTIVE_PORTAL),
        (page(511), Code.CAPTIVE_PORTAL),
        (page(403), Code.PROXY_BLOCKS),
        (page(407), Code.PROXY_LOGIN),
        (page(404), Code.WRONG_BUCKET),
    ],
    ids=["a page", "a page elsewhere", "elsewhere", "sign in first", "blocked", "proxy", "a web server"],
)
@pytest.mark.parametrize("operation", ["CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload"])
def test_a_page_in_the_place_of_the_store_is_never_success(
    operation: str, reply: Reply, expected: Code, store: S3Store, front: Front, target: Target
) -> None:
    front.answer(operation, reply)

    with pytest.raises(AccountError) as caught:
        send_whole(store, target)

    assert caught.value.code is expected


def test_a_gateway_that_says_bad_gateway_in_html_is_a_busy_store(store: S3Store, front: Front, target: Target) -> None:
    front.answer("CreateMultipartUpload", page(502))

    with pytest.raises(TransientError) as caught:
        store.create(target)

    assert caught.value.code is Code.STORAGE_BUSY


def test_a_call_that_hangs_on_a_dead_network_ends_when_the_network_is_back(
    store: S3Store, front: Front, target: Target
) -> None:
    upload_id = store.create(target).upload_id
    with front.hold("UploadPart") as arrived, ThreadPoolExecutor(1) as pool:
        hanging = pool.submit(store.upload_part, target, upload_id, 1, body_of(SMALL))
        assert arrived.wait(10)

        store.reset()

        with pytest.raises(TransientError) as caught:
            hanging.result(timeout=10)
    assert caught.value.code is Code.CONNECTION
    assert store.upload_part(target, upload_id, 1, body_of(SMALL)).size == len(SMALL)
    store.abort(target, upload_id)


# --- stores that lack something ---------------------------------------------------------------------------------------


def test_a_store_that_knows_no_condition_is_asked_for_it_once(store: S3Store, front: Front, seaweed: PlainS3) -> None:
    lacking = refusal(501, "NotImplemented")
    front.answer("PutObject", lacking, times=99, applies=lambda request: "if-none-match" in request.headers)

    for _ in range(2):
        target = target_for(SMALL, seaweed.bucket)
        store.put(target, body_of(SMALL))

    assert front.count("PutObject") == 3
    assert store.capabilities == Capabilities(Algorithm.CRC64NVME, conditional_writes=False)


def know_no_crc64nvme(front: Front) -> None:
    """Open no upload with it, as stores do that are older than it."""
    front.answer(
        "CreateMultipartUpload",
        refusal(400, "InvalidRequest"),
        times=99,
        applies=lambda request: request.headers.get("x-amz-checksum-algorithm") == "CRC64NVME",
    )


def test_a_store_that_knows_crc32_alone_gets_crc32(store: S3Store, front: Front, seaweed: PlainS3) -> None:
    target = target_for(RECORDING, seaweed.bucket)
    know_no_crc64nvme(front)

    upload_id, parts = send_parts(store, target)
    stored = store.complete(target, upload_id, parts)

    assert stored is not None
    assert stored.checksum == f"CRC32:{target.crc32}"
    assert store.algorithm() is Algorithm.CRC32
    assert front.count("CreateMultipartUpload") == 2


def test_the_crc32_of_all_is_made_of_the_parts_where_nobody_has_computed_it(
    store: S3Store, front: Front, seaweed: PlainS3
) -> None:
    target = replace(target_for(RECORDING, seaweed.bucket), crc32="")
    know_no_crc64nvme(front)

    upload_id, parts = send_parts(store, target)
    stored = store.complete(target, upload_id, parts)

    assert stored is not None
    assert stored.checksum == f"CRC32:{crc32(RECORDING)}"
    assert store.matches(target, stored)
    assert store.head(target) == stored


def test_a_lost_reply_of_a_store_with_crc32_is_settled_by_what_was_sent(
    store: S3Store, front: Front, seaweed: PlainS3
) -> None:
    target = replace(target_for(RECORDING, seaweed.bucket), crc32="")
    front.answer(
        "PutObject",
        refusal(400, "InvalidRequest"),
        times=99,
        applies=lambda request: "x-amz-checksum-crc64nvme" in request.headers,
    )
    store.put(target, body_of(RECORDING))

    assert store.put(target, body_of(RECORDING)).checksum == f"CRC32:{crc32(RECORDING)}"
    seaweed.store(other := f"{target.key}.other", some_bytes(len(RECORDING), seed=3))
    with pytest.raises(JobError) as caught:
        store.put(replace(target, key=other), body_of(RECORDING))
    assert caught.value.code is Code.MISMATCH


def test_an_upload_opened_with_crc32_goes_on_with_crc32_after_a_restart(
    fronted: Profile, secrets: Secrets, front: Front, seaweed: PlainS3
) -> None:
    target = target_for(RECORDING, seaweed.bucket)
    lacking = refusal(400, "InvalidRequest")
    front.answer("CreateMultipartUpload", lacking)
    upload_id = (before := S3Store(fronted, secrets)).create(target).upload_id
    first = before.upload_part(target, upload_id, 1, body_of(RECORDING[:FIRST]))
    front.answer("UploadPart", lacking, applies=lambda request: "x-amz-checksum-crc64nvme" in request.headers)

    restarted = S3Store(fronted, secrets)
    second = restarted.upload_part(target, upload_id, 2, body_of(RECORDING[FIRST:]))
    restarted.complete(target, upload_id, (first, second))

    assert seaweed.bytes_at(target.key) == RECORDING


def test_another_trouble_is_not_taken_for_a_lack(store: S3Store, front: Front, target: Target) -> None:
    front.answer("CreateMultipartUpload", refusal(400, "InvalidRequest"), times=99)

    with pytest.raises(JobError) as caught:
        store.create(target)

    assert caught.value.code is Code.STORE_REFUSED
    assert store.capabilities == Capabilities()


@pytest.fixture
def without_checksums(profile: Profile, secrets: Secrets, rclone: PlainS3) -> S3Store:
    return S3Store(profile.model_copy(update={"endpoint": rclone.endpoint}), secrets)


def test_a_store_without_checksums_is_found_out_by_its_first_answer(
    without_checksums: S3Store, rclone: PlainS3
) -> None:
    target = target_for(RECORDING, rclone.bucket)

    upload_id, parts = send_parts(without_checksums, target)
    stored = without_checksums.complete(target, upload_id, parts)

    assert without_checksums.algorithm() is Algorithm.NONE
    assert stored is not None
    assert stored.checksum == ""
    assert rclone.bytes_at(target.key) == RECORDING
    assert rclone.open_uploads(target.key) == []


def test_a_store_that_only_pretends_to_check_is_judged_by_its_etags(
    profile: Profile, secrets: Secrets, moto: PlainS3
) -> None:
    store = S3Store(profile.model_copy(update={"endpoint": moto.endpoint}), secrets)
    target = target_for(RECORDING, moto.bucket)

    upload_id, parts = send_parts(store, target)
    stored = store.complete(target, upload_id, parts)

    assert store.algorithm() is Algorithm.NONE
    assert stored is not None
    assert moto.bytes_at(target.key) == RECORDING


def test_without_checksums_an_object_of_other_parts_is_a_mismatch(
    profile: Profile, secrets: Secrets, rclone: PlainS3
) -> None:
    with front_of(rclone.endpoint) as front:
        store = S3Store(profile.model_copy(update={"endpoint": front.endpoint}), secrets)
        target = target_for(RECORDING, rclone.bucket)
        upload_id, parts = send_parts(store, target)
        front.change(
            "HeadObject", lambda reply: replace(reply, headers=reply.headers | {"Etag": '"' + "0" * 32 + '-2"'})
        )

        with pytest.raises(JobError) as caught:
            store.complete(target, upload_id, parts)

    assert caught.value.code is Code.MISMATCH


def test_ranges_of_a_finished_object_are_read_and_no_more_than_there_is(store: S3Store, seaweed: PlainS3) -> None:
    data = some_bytes(300_000)
    target = target_for(data, seaweed.bucket)
    store.put(target, body_of(data))

    assert store.read_range(target, 0, 64) == data[:64]
    assert store.read_range(target, 65_536, 131_072) == data[65_536 : 65_536 + 131_072]
    assert store.read_range(target, 299_990, 1000) == data[299_990:]


def test_a_bucket_that_can_be_worked_with_passes_and_a_wrong_name_or_key_does_not(
    profile: Profile, secrets: Secrets, store: S3Store
) -> None:
    store.check_bucket()

    with pytest.raises(AccountError) as caught:
        S3Store(profile.model_copy(update={"bucket": "nobody-made-it"}), secrets).check_bucket()
    assert caught.value.code is Code.WRONG_BUCKET
