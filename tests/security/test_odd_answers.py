"""What answers in a server's place, as a sign-in page does, may say anything: it is told as that, and is no bug."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest

from callup_desktop.calls.documents import TranscriptionTask
from callup_desktop.config.profile import Profile
from callup_desktop.engine.errors import CallError, Code
from callup_desktop.engine.ports import CheckStep, Target
from callup_desktop.services.diagnostics import run_checks
from callup_desktop.services.s3.store import S3Store
from callup_desktop.services.secrets import Secrets
from callup_desktop.services.sqs import SqsAnnouncer
from tests.services.front import Front, Reply, front_of
from tests.services.outside import body_of, some_bytes, target_for

DATA = some_bytes(1000)
XML = {"Content-Type": "application/xml", "Date": "Fri, 27 Nov 2026 05:00:00 GMT"}
ODD = {
    "an empty answer": Reply(200, {}),
    "a page": Reply(200, {"Content-Type": "text/html"}, b"<html><body>Sign in</body></html>"),
    "nothing of JSON": Reply(200, {"Content-Type": "application/x-amz-json-1.0"}, b"{}"),
    "a list of JSON": Reply(200, {"Content-Type": "application/x-amz-json-1.0"}, b'[{"MessageId": 1}]'),
    "numbers that are none": Reply(
        200,
        XML,
        b"<ListPartsResult><Part><PartNumber>x</PartNumber><Size>y</Size><ETag>z</ETag></Part></ListPartsResult>",
    ),
    "parts without anything": Reply(200, XML, b"<ListPartsResult><Part></Part></ListPartsResult>"),
    "uploads without anything": Reply(200, XML, b"<R><Upload></Upload><Version></Version></R>"),
    "days that are none": Reply(200, {"x-amz-abort-date": "yesterday", "Last-Modified": "odd"}, b"<R></R>"),
    "a region that is none": Reply(301, {"x-amz-bucket-region": "evil.test/#"}, b"<Error><Code>301</Code></Error>"),
    "batches that were not sent": Reply(200, {}, b'{"Successful": [{"Id": "x"}, {"Id": "99"}, {}, 7]}'),
    "texts in place of tables": Reply(200, {}, b'{"Attributes": "x", "Successful": "x"}'),
    "another protocol": Reply(101, {}),
}


@contextmanager
def answering(endpoint: str, reply: Reply) -> Iterator[Front]:
    with front_of(endpoint) as front:
        front.answer_everything(reply)
        yield front


def store_calls(store: S3Store, target: Target) -> dict[str, Callable[[], Any]]:
    return {
        "head": lambda: store.head(target),
        "create": lambda: store.create(target),
        "put": lambda: store.put(target, body_of(DATA)),
        "upload_part": lambda: store.upload_part(target, "upload", 1, body_of(DATA)),
        "list_parts": lambda: store.list_parts(target, "upload"),
        "complete": lambda: store.complete(target, "upload", ()),
        "open_uploads": lambda: store.open_uploads(target),
        "abort": lambda: store.abort(target, "upload"),
        "delete": lambda: store.delete(target),
        "try_removal": lambda: store.try_removal(target),
        "read_range": lambda: store.read_range(target, 0, 10),
        "check_bucket": store.check_bucket,
        "hear_time": store.hear_time,
    }


@pytest.mark.parametrize("odd", ODD)
def test_no_answer_of_a_storage_that_is_none_is_a_bug(profile: Profile, secrets: Secrets, odd: str) -> None:
    assert profile.endpoint
    with answering(profile.endpoint, ODD[odd]) as front:
        store = S3Store(profile.model_copy(update={"endpoint": front.endpoint}), secrets)
        for ask in store_calls(store, target_for(DATA, profile.bucket)).values():
            with suppress(CallError):
                ask()
        assert front.arrived
        store.reset()


@pytest.mark.parametrize("odd", ODD)
def test_no_answer_of_a_queue_that_is_none_is_a_bug(profile: Profile, secrets: Secrets, odd: str) -> None:
    with answering(profile.queue_url.rpartition("/")[0].rpartition("/")[0], ODD[odd]) as front:
        here = profile.model_copy(update={"queue_url": f"{front.endpoint}/1/tasks"})
        queue = SqsAnnouncer(here, secrets)
        task = TranscriptionTask(call_id="c", s3_bucket="b", s3_key="k", format="mp3", timestamp="2026-01-01T00:00:00Z")
        with suppress(CallError):
            assert not queue.announce(task)
        with suppress(CallError):
            assert not queue.queue_arn()
        with suppress(CallError):
            assert queue.announce_all([task]) == {}
        assert front.arrived
        queue.reset()


def test_the_check_blames_nobody_for_a_bug_either(profile: Profile, secrets: Secrets) -> None:
    assert profile.endpoint
    for name in ("a region that is none", "nothing of JSON"):
        with answering(profile.endpoint, ODD[name]) as front:
            here = profile.model_copy(update={"endpoint": front.endpoint, "queue_url": f"{front.endpoint}/1/tasks"})
            found = {result.step: result.code for result in run_checks(here, secrets, timeout=2.0)}
        assert Code.BUG not in (found[CheckStep.STORAGE], found[CheckStep.QUEUE]), name


def test_a_redirect_to_another_host_is_not_followed(profile: Profile, secrets: Secrets) -> None:
    assert profile.endpoint
    with front_of(profile.endpoint) as evil, front_of(profile.endpoint) as front:
        away = {"Location": f"{evil.endpoint}/x", "x-amz-bucket-region": "eu-west-3"}
        body = b"<Error><Code>PermanentRedirect</Code></Error>"
        for status in (301, 302, 303, 307, 308):
            front.answer("HeadObject", Reply(status, away, body))
            front.answer("PutObject", Reply(status, away, body), times=3)
        store = S3Store(profile.model_copy(update={"endpoint": front.endpoint}), secrets)
        for _ in range(5):
            with suppress(CallError):
                store.head(target_for(DATA, profile.bucket))
            with suppress(CallError):
                store.put(target_for(DATA, profile.bucket), body_of(DATA))
        store.reset()
    assert front.count("HeadObject") >= 5
    assert front.count("PutObject") >= 5
    assert not evil.arrived
