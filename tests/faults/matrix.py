"""The fault matrix as a table: each step, each fault, what the rep reads and how the call ends."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from callup_desktop.engine.errors import Code
from callup_desktop.engine.parts import plan_part_size
from callup_desktop.sandbox.servers import Server
from tests.faults import harms
from tests.faults.laptop import in_parts
from tests.faults.outcome import Servers
from tests.faults.proxy import Harm


class Ends(StrEnum):
    """Where the call stands once the fault was met, and who lets it go on."""

    UNSEEN = "nobody notices"
    WAITS = "waits, goes on by itself"
    BLOCKED = "all that needs it waits; tried again, or Check again"
    FAILED = "asks; Try again"
    KEPT = "stays sent; tried again within the hour, or Try again"
    STAYS = "stays in the list; tried again within the hour, or Remove"


SENTENCES: Mapping[Code, str] = {
    Code.CONNECTION: "The connection dropped. Trying again in a moment; nothing is lost.",
    Code.STORAGE_BUSY: "Storage is busy. Trying again; nothing is lost.",
    Code.PART_DAMAGED: "A part arrived damaged. Sending it again; nothing is lost.",
    Code.UPLOAD_EXPIRED: "The earlier part of this upload expired, so we're sending it again.",
    Code.CLOCK_WRONG: "Your computer's clock is wrong. Please turn on automatic time.",
    Code.SIGN_IN: "Please sign in again to continue. Your uploads are kept.",
    Code.KEYS_REVOKED: (
        "Storage doesn't know this access key: it was switched off or mistyped. Please ask IT, or check it"
        " under Connection; your recordings are kept on this computer."
    ),
    Code.REGISTRY_LOGIN: (
        "Your recording is safe in storage, but the call list doesn't accept the password."
        " Open Connection to type it again, or ask IT."
    ),
    Code.ACCESS_DENIED: "You don't have permission to send recordings yet. Please send this to IT.",
    Code.ENCRYPTION_DENIED: "Storage encryption isn't set up for you yet. Please send this to IT.",
    Code.WRONG_BUCKET: "The storage address in our settings is wrong. Please send this to IT.",
    Code.CAPTIVE_PORTAL: "This Wi-Fi needs you to sign in first.",
    Code.PART_UNREADABLE: ("Part of this file can't be read reliably. Copy it to another folder and add it again."),
    Code.REMOVAL_DENIED: "Storage doesn't let us remove what was already sent. Please send this to IT.",
    Code.MISMATCH_AGAIN: "The copy in storage didn't match, so we're sending it again.",
    Code.MISMATCH: "The copy in storage didn't match this recording, twice. Please send this to IT.",
    Code.TOKEN_REFUSED: (
        "Your company's server doesn't accept the token of this computer. Open Connection to add a new one, or ask IT;"
        " your uploads are kept."
    ),
    Code.GATEWAY_ADDRESS: "The address of your company's server in our settings is wrong. Please send this to IT.",
    Code.REGISTRY_UNREACHABLE: "Sent safely. Waiting to register the call; we keep trying.",
    Code.STORAGE_FULL: "Storage is full. Please send this to IT; your recordings are kept and go on by themselves.",
    Code.REGISTRY_BUSY: "Sent safely. The call list is busy; we keep trying.",
    Code.REGISTRY_DENIED: "Your recording is safe in storage, but we couldn't register it. Please send this to IT.",
    Code.REGISTRY_REFUSED: "Your recording is safe in storage, but we couldn't register it. Please send this to IT.",
    Code.QUEUE_UNREACHABLE: "Registered. Waiting to start the transcript; we keep trying.",
    Code.QUEUE_DENIED: "Registered, but transcription isn't reachable. Please send this to IT.",
}
"""The sentences of docs/failures.md."""
EDIT_SENTENCES: Mapping[Code, str] = {
    Code.REGISTRY_UNREACHABLE: "The new details wait for the call list; we keep trying.",
    Code.REGISTRY_BUSY: "The new details wait for the call list; we keep trying.",
    Code.REGISTRY_DENIED: "The call list doesn't take the new details of this call. Please send this to IT.",
    Code.REGISTRY_REFUSED: "The call list doesn't take the new details of this call. Please send this to IT.",
}
"""What is said instead of a call that has arrived and waits with new details."""

_WAITING = {
    *(Code.CONNECTION, Code.STORAGE_BUSY, Code.PART_DAMAGED, Code.UPLOAD_EXPIRED, Code.CLOCK_WRONG),
    Code.MISMATCH_AGAIN,
    *(Code.REGISTRY_UNREACHABLE, Code.REGISTRY_BUSY, Code.QUEUE_UNREACHABLE),
}
_FAILED = {Code.PART_UNREADABLE, Code.MISMATCH, Code.REGISTRY_REFUSED}


_SILENCE = "silence"
TAKEN_BACK = ("find", "abort", "list uploads", "delete", "remove")
STEPS: Mapping[str, str] = {
    "time": "time (HeadBucket, once after the start)",
    "create": "create (CreateMultipartUpload)",
    "part": "part (UploadPart)",
    "put": "put (PutObject, a small recording)",
    "list": "list (ListParts, when a call goes on)",
    "complete": "complete (CompleteMultipartUpload)",
    "head": "head (HeadObject, after a lost reply)",
    "register": "register (MongoDB update with upsert, or insert)",
    "announce": "announce (SQS SendMessage)",
    "edit": "edit (MongoDB update, details changed after the call has arrived)",
    "find": "find (MongoDB find, a cancel while registering)",
    "abort": "abort (AbortMultipartUpload, a cancelled call)",
    "list uploads": "abort (ListMultipartUploads, a cancelled call)",
    "delete": "rollback (DeleteObject, a cancelled call)",
}
GATEWAY_STEPS: Mapping[str, str] = {
    "begin": "begin (PUT /uploads/{id})",
    "sign": "sign (POST /uploads/{id}/parts)",
    "part": "part (UploadPart by a signed URL)",
    "look": "look (GET /uploads/{id}, when a call goes on)",
    "complete": "complete (POST /uploads/{id}/complete)",
    "register": "register (POST /uploads/{id}/register)",
    "announce": "announce (POST /uploads/{id}/announce)",
    "edit": "edit (PATCH /calls/{id}, details changed after the call has arrived)",
    "remove": "remove (DELETE /uploads/{id}, a cancelled call)",
    "create": "the gateway's create (CreateMultipartUpload)",
    "list": "the gateway's list (ListParts)",
}
"""The steps of a call through a gateway, and two that only the gateway makes."""


@dataclass(frozen=True, slots=True)
class Case:
    """One cell: the harm meets the step `times` times (None: until it was seen); `code` is None where nobody notices.

    `ends` is what follows from the code, but for a few.
    """

    step: str
    fault: str
    make: "Callable[[Servers, Path], Harm]"
    code: Code | None
    times: int | None = None
    waits_at_least: float = 0.0
    failures: int = 1
    starts_again: bool = False
    """Whether the call goes on at once, from the first byte, and only shows why."""

    def __str__(self) -> str:
        return f"{self.step}: {self.fault}"

    @property
    def plan(self) -> Callable[[int, float | None], int]:
        return plan_part_size if self.step == "put" else in_parts

    @property
    def stall(self) -> float:
        """Seconds after which the program takes silence for an end; a slow machine's is none."""
        return 0.5 if self.fault == _SILENCE else 10.0

    @property
    def taken_back(self) -> bool:
        """Whether only a call meets the step which the rep cancelled."""
        return self.step in TAKEN_BACK

    @property
    def sentence(self) -> str:
        """What the rep reads; nothing where nobody notices."""
        if self.code is None:
            return "-"
        return ({**SENTENCES, **EDIT_SENTENCES} if self.edited else SENTENCES)[self.code]

    @property
    def edited(self) -> bool:
        """Whether only a call meets the step whose details are changed after it has arrived."""
        return self.step == "edit"

    @property
    def ends(self) -> Ends:
        if self.code is None:
            return Ends.UNSEEN
        if self.code in _WAITING:
            return Ends.WAITS
        if self.edited and self.code in _FAILED:
            return Ends.KEPT
        if self.code is Code.REMOVAL_DENIED:
            return Ends.STAYS
        return Ends.FAILED if self.code in _FAILED else Ends.BLOCKED


def _always(harm: Harm) -> "Callable[[Servers, Path], Harm]":
    return lambda _servers, _path: harm


STORAGE_STEPS = ("create", "part", "put", "list", "complete", "head", "abort", "list uploads", "delete")
_CONDITIONAL = {"put", "complete"}


def _storage() -> Iterator[Case]:
    for step in STORAGE_STEPS:
        yield from _connection(step, Code.CONNECTION)
        yield Case(step, "500 InternalError", _always(harms.s3_refusal(500, "InternalError")), Code.STORAGE_BUSY)
        yield Case(step, "503 SlowDown", _always(harms.s3_refusal(503, "SlowDown")), Code.STORAGE_BUSY)
        yield Case(
            step,
            "429 with Retry-After",
            _always(harms.s3_refusal(429, "TooManyRequests", **{"Retry-After": "1"})),
            Code.STORAGE_BUSY,
            waits_at_least=1.0,
        )
        yield Case(step, "ExpiredToken, newer keys help", _expired(), None, times=1)
        yield Case(step, "ExpiredToken, sign-in has ended", _expired(), Code.SIGN_IN)
        yield Case(step, "RequestTimeTooSkewed", _always(harms.skewed_s3), None, times=1)
        # HeadObject has no body to say why.
        yield Case(
            step,
            "RequestTimeTooSkewed, again and again",
            _always(harms.skewed_s3),
            Code.ACCESS_DENIED if step == "head" else Code.CLOCK_WRONG,
        )
        denied = {"list uploads": None, "delete": Code.REMOVAL_DENIED}.get(step, Code.ACCESS_DENIED)
        yield Case(step, "AccessDenied", _always(harms.s3_refusal(403, "AccessDenied")), denied, times=_times(denied))
        yield Case(step, "302 to a sign-in page", _always(harms.redirect), Code.CAPTIVE_PORTAL)
        # Nor one to know the page by.
        seen = Code.CONNECTION if step == "head" else Code.CAPTIVE_PORTAL
        yield Case(step, "200 with a sign-in page", _always(harms.sign_in_page), seen)
        if step != "head":
            yield Case(step, "NoSuchBucket", _always(harms.s3_refusal(404, "NoSuchBucket")), Code.WRONG_BUCKET)
            yield Case(
                step, "InvalidAccessKeyId", _always(harms.s3_refusal(403, "InvalidAccessKeyId")), Code.KEYS_REVOKED
            )


def _time() -> Iterator[Case]:
    """Any answer tells the time, a refusal too."""
    yield from _connection("time", Code.CONNECTION)
    yield Case("time", "500 InternalError", _always(harms.s3_refusal(500, "InternalError")), None, times=1)
    yield Case("time", "AccessDenied", _always(harms.s3_refusal(403, "AccessDenied")), None, times=1)
    yield Case("time", "302 to a sign-in page", _always(harms.redirect), Code.CAPTIVE_PORTAL)


def _times(code: Code | None) -> int | None:
    return 1 if code is None else None


def _expired() -> "Callable[[Servers, Path], Harm]":
    return _always(harms.s3_refusal(400, "ExpiredToken"))


def _connection(step: str, code: Code) -> Iterator[Case]:
    # While storage's host refuses connections only probes ask it, so the call itself fails once.
    failures = 1 if code is Code.CONNECTION else 2
    yield Case(step, "refused", _always(harms.refused), code, times=1, failures=failures)
    yield Case(step, "reset before the request", _always(harms.reset_before), code)
    yield Case(step, "reset after it was acted on", _always(harms.reset_after), code)
    yield Case(step, _SILENCE, _always(harms.silence), code)
    yield Case(step, "cut reply", _always(harms.cut_reply), code)


def _killed(server: Server) -> "Callable[[Servers, Path], Harm]":
    return lambda servers, _path: harms.killed(servers.sandbox, server)


def _ended(servers: Servers, _path: Path) -> Harm:
    return harms.upload_ended(servers.s3, servers.bucket)


def _there(servers: Servers, path: Path) -> Harm:
    return harms.stored_already(servers.s3, servers.bucket, path.read_bytes())


def _other_there(servers: Servers, path: Path) -> Harm:
    return harms.stored_already(servers.s3, servers.bucket, path.read_bytes()[::-1])


def _peculiar() -> Iterator[Case]:
    """What only some steps can meet."""
    yield Case("part", "server killed", _killed(Server.S3), Code.CONNECTION, times=1)
    yield Case("part", "NoSuchUpload", _ended, Code.UPLOAD_EXPIRED, times=1)
    yield Case("list", "NoSuchUpload", _ended, Code.UPLOAD_EXPIRED, times=1, starts_again=True)
    yield Case("complete", "NoSuchUpload", _ended, Code.UPLOAD_EXPIRED, times=1)
    yield Case("abort", "NoSuchUpload", _ended, None, times=1)
    missing = _always(harms.s3_refusal(404, "NoSuchBucket"))
    yield Case("head", "NoSuchBucket, which a HEAD does not name", missing, None, times=1)
    too_slow = _always(harms.s3_refusal(400, "RequestTimeout"))
    no_kms = _always(harms.s3_refusal(400, "KMS.DisabledException"))
    for step in ("part", "put"):
        yield Case(step, "RequestTimeout", too_slow, Code.STORAGE_BUSY)
    for step in ("create", "put"):
        yield Case(step, "KMS.DisabledException", no_kms, Code.ENCRYPTION_DENIED)
    full = _always(harms.s3_refusal(403, "QuotaExceeded"))
    for step in ("create", "part", "put", "complete"):
        yield Case(step, "QuotaExceeded", full, Code.STORAGE_FULL)
    damaged = _always(harms.s3_refusal(400, "BadDigest"))
    yield Case("part", "BadDigest", damaged, Code.PART_DAMAGED)
    yield Case("part", "BadDigest, three times", damaged, Code.PART_UNREADABLE, times=3)
    yield Case("put", "BadDigest", damaged, Code.PART_DAMAGED)
    yield Case("complete", "BadDigest", damaged, Code.MISMATCH_AGAIN, times=1)
    yield Case("complete", "BadDigest, three times", damaged, Code.MISMATCH, times=3)
    yield Case("complete", "InvalidPart", _always(harms.s3_refusal(400, "InvalidPart")), Code.UPLOAD_EXPIRED)
    yield Case("complete", "200 with an error body", _always(harms.error_in_200), Code.STORAGE_BUSY)
    conflict = _always(harms.s3_refusal(409, "ConditionalRequestConflict"))
    for step in sorted(_CONDITIONAL):
        yield Case(step, "412, an earlier try arrived", _there, None, times=1)
        yield Case(step, "412, something else is there", _other_there, Code.MISMATCH_AGAIN, times=1)
        yield Case(step, "409 ConditionalRequestConflict", conflict, Code.STORAGE_BUSY)


def _registry() -> Iterator[Case]:
    for step in ("register", "edit", "find"):
        yield from _connection(step, Code.REGISTRY_UNREACHABLE)
        election = _always(harms.mongo_error(133, "FailedToSatisfyReadPreference"))
        yield Case(step, "an error that passes", election, Code.REGISTRY_BUSY)
        yield Case(step, "not primary", _always(harms.not_primary), Code.REGISTRY_UNREACHABLE)
        yield Case(step, "sign-in refused", _always(harms.mongo_error(18, "AuthenticationFailed")), Code.REGISTRY_LOGIN)
        denied = Code.REGISTRY_REFUSED if step == "edit" else Code.REGISTRY_DENIED
        yield Case(step, "not allowed", _always(harms.mongo_error(13, "Unauthorized")), denied)
    yield Case("edit", "server killed mid-update", _killed(Server.MONGO), Code.REGISTRY_UNREACHABLE, times=1)
    yield Case("edit", "not by a majority", _always(harms.not_by_a_majority), Code.REGISTRY_UNREACHABLE)
    yield Case("edit", "refused by a validator", _always(harms.mongo_write_error(121)), Code.REGISTRY_REFUSED)
    yield Case("register", "server killed mid-insert", _killed(Server.MONGO), Code.REGISTRY_UNREACHABLE, times=1)
    yield Case("register", "not by a majority", _always(harms.not_by_a_majority), Code.REGISTRY_UNREACHABLE)
    yield Case("register", "duplicate key", lambda servers, _: harms.registered_elsewhere(servers.calls), None, times=1)
    yield Case("register", "refused by a validator", _always(harms.mongo_write_error(121)), Code.REGISTRY_REFUSED)


def _queue() -> Iterator[Case]:
    step = "announce"
    yield from _connection(step, Code.QUEUE_UNREACHABLE)
    for fault, status, code in (
        ("500 InternalFailure", 500, "InternalFailure"),
        ("503 ServiceUnavailable", 503, "ServiceUnavailable"),
        ("throttled", 400, "RequestThrottled"),
    ):
        yield Case(step, fault, _always(harms.sqs_refusal(status, code)), Code.QUEUE_UNREACHABLE)
    yield Case(
        step,
        "429 with Retry-After",
        _always(harms.sqs_refusal(429, "TooManyRequests", **{"Retry-After": "1"})),
        Code.QUEUE_UNREACHABLE,
        waits_at_least=1.0,
    )
    expired = _always(harms.sqs_refusal(403, "ExpiredTokenException"))
    yield Case(step, "ExpiredToken, newer keys help", expired, None, times=1)
    yield Case(step, "ExpiredToken, sign-in has ended", expired, Code.SIGN_IN)
    yield Case(step, "RequestExpired", _always(harms.skewed_sqs), None, times=1)
    yield Case(step, "RequestExpired, again and again", _always(harms.skewed_sqs), Code.CLOCK_WRONG)
    yield Case(step, "queue missing", _always(harms.sqs_refusal(400, "QueueDoesNotExist")), Code.QUEUE_DENIED)
    yield Case(step, "denied", _always(harms.sqs_refusal(403, "AccessDeniedException")), Code.QUEUE_DENIED)
    kms = _always(harms.sqs_refusal(400, "KmsAccessDenied"))
    yield Case(step, "the queue's key denied", kms, Code.QUEUE_DENIED)
    yield Case(step, "302 to a sign-in page", _always(harms.redirect), Code.CAPTIVE_PORTAL)
    yield Case(step, "200 with a sign-in page", _always(harms.sign_in_page), Code.CAPTIVE_PORTAL)


def _gateway() -> Iterator[Case]:
    busy = {
        "register": Code.REGISTRY_BUSY,
        "edit": Code.REGISTRY_BUSY,
        "announce": Code.QUEUE_UNREACHABLE,
    }
    for step in ("begin", "sign", "look", "complete", "register", "announce", "edit", "remove"):
        code = busy.get(step, Code.STORAGE_BUSY)
        soon = {"Retry-After": "1"}
        yield from _connection(step, Code.CONNECTION)
        yield Case(step, "500", _always(harms.gateway_refusal(500, "gateway_bug")), code)
        yield Case(
            step,
            "503 with Retry-After",
            _always(harms.gateway_refusal(503, "gateway_busy", **soon)),
            code,
            waits_at_least=1.0,
        )
        yield Case(step, "401", _always(harms.gateway_refusal(401, "sign_in_refused")), Code.TOKEN_REFUSED)
        yield Case(step, "403", _always(harms.gateway_refusal(403, "not_permitted")), Code.ACCESS_DENIED)
        yield Case(step, "404 of something else", _always(harms.not_found), Code.GATEWAY_ADDRESS)
        yield Case(step, "302 to a sign-in page", _always(harms.redirect), Code.CAPTIVE_PORTAL)
        yield Case(step, "200 with a sign-in page", _always(harms.sign_in_page), Code.CAPTIVE_PORTAL)
    yield from _connection("part", Code.CONNECTION)
    yield Case("part", "503 SlowDown", _always(harms.s3_refusal(503, "SlowDown")), Code.STORAGE_BUSY)
    yield Case("part", "403, its time is over", _always(harms.s3_refusal(403, "AccessDenied")), None, times=1)
    yield Case("part", "403 again and again", _always(harms.s3_refusal(403, "AccessDenied")), Code.ACCESS_DENIED)
    yield Case("part", "BadDigest", _always(harms.s3_refusal(400, "BadDigest")), Code.PART_DAMAGED)
    yield Case("part", "NoSuchUpload", _ended, Code.UPLOAD_EXPIRED, times=1)
    for step in ("create", "list"):
        yield Case(step, "503 SlowDown", _always(harms.s3_refusal(503, "SlowDown")), Code.STORAGE_BUSY)
        yield Case(step, "reset after it was acted on", _always(harms.reset_after), Code.STORAGE_BUSY)


GATEWAY_CASES: tuple[Case, ...] = tuple(_gateway())
"""Each way on which a call through a gateway can fail; a run of all of them is `CALLUP_FAULTS=all`."""


def some_of(cases: Sequence[Case], share: int) -> tuple[Case, ...]:
    """Every step and every fault at least once, and one of about `share` in all."""
    steps = list(dict.fromkeys(case.step for case in cases))
    faults = list(dict.fromkeys(case.fault for case in cases))
    chosen = {case for case in cases if (steps.index(case.step) + faults.index(case.fault)) % share == 0}
    for case in cases:
        if case.step not in {each.step for each in chosen} or case.fault not in {each.fault for each in chosen}:
            chosen.add(case)
    return tuple(case for case in cases if case in chosen)


CASES: tuple[Case, ...] = (*_time(), *_storage(), *_peculiar(), *_registry(), *_queue())


def told_of_gateway(cases: Iterable[Case]) -> str:
    """Its table, as Markdown."""
    lines = [
        "# Fault matrix through a gateway",
        "",
        "Made by `CALLUP_FAULTS=all pytest tests/faults/test_matrix.py`: as the [fault matrix](fault-matrix.md) of",
        "calls that go straight. The laptop has a token and no keys; the proxies are before gateway and storage.",
    ]
    return _table(lines, GATEWAY_STEPS, cases)


def told(cases: Iterable[Case]) -> str:
    """The table, as Markdown."""
    lines = [
        "# Fault matrix",
        "",
        "Made by `pytest tests/faults/test_matrix.py`: the real engine and its real services, in front of real S3, SQS",
        "and MongoDB servers, behind a proxy that does the fault to one step. In each line the test saw the call end",
        "as told, read the sentence, and found in the servers: of a sent call one object equal to the file, one",
        "document with the details that the rep wants, at least one message; of a cancelled one nothing; no open",
        "upload; no stored part sent twice.",
    ]
    return _table(lines, STEPS, cases)


def _table(lines: list[str], steps: Mapping[str, str], cases: Iterable[Case]) -> str:
    by_step: dict[str, list[Case]] = {step: [] for step in steps}
    for case in cases:
        by_step[case.step].append(case)
    for step, met in by_step.items():
        lines += [
            "",
            f"## {steps[step]}",
            "",
            "| fault | the rep reads | the call | ends |",
            "| --- | --- | --- | --- |",
        ]
        for case in met:
            lines.append(f"| {case.fault} | {case.sentence} | {case.ends} | {'gone' if case.taken_back else 'sent'} |")
    return "\n".join([*lines, ""])
