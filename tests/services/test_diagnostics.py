"""The checks of `callup check`, over the real servers: what holds, what does not, and that it leaves nothing behind."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pymongo.collection import Collection

from callup_desktop.config.profile import Profile
from callup_desktop.engine.errors import Code
from callup_desktop.engine.ports import STRAIGHT_STEPS, CheckResult, CheckStep
from callup_desktop.sandbox.ports import choose_ports
from callup_desktop.services.diagnostics import run_checks
from callup_desktop.services.secrets import Secrets, open_secrets
from tests.services.front import front_of, refusal
from tests.services.outside import PlainS3

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient


def found(profile: Profile, secrets: Secrets, *, timeout: float = 20) -> Mapping[CheckStep, CheckResult]:
    return {result.step: result for result in run_checks(profile, secrets, timeout=timeout)}


def test_everything_holds_and_nothing_is_left_behind(
    profile: Profile, secrets: Secrets, seaweed: PlainS3, calls: Collection[dict[str, Any]], sqs: "SQSClient"
) -> None:
    def left() -> tuple[object, ...]:
        # Together: what other tests have received and not deleted comes back meanwhile.
        counts = sqs.get_queue_attributes(
            QueueUrl=profile.queue_url,
            AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
        )["Attributes"]
        messages = sum(map(int, counts.values()))
        return seaweed.keys(), calls.count_documents({}), messages, seaweed.open_uploads_anywhere()

    before = left()

    results = found(profile, secrets)

    assert list(results) == list(STRAIGHT_STEPS)
    assert [result.step for result in results.values() if not result.ok] == []
    assert left() == before


def test_each_step_is_reported_by_itself(profile: Profile, secrets: Secrets) -> None:
    (port,) = choose_ports(1)
    wrong = profile.model_copy(
        update={
            "bucket": "no-such-bucket",
            "queue_url": profile.queue_url + "-missing",
            "mongo_uri": f"mongodb://127.0.0.1:{port}",
        }
    )

    results = found(wrong, secrets, timeout=2)

    assert {step: result.code for step, result in results.items()} == {
        CheckStep.KEYRING: "",
        CheckStep.CLOCK: "",
        CheckStep.TLS: "",
        CheckStep.STORAGE: Code.WRONG_BUCKET,
        CheckStep.REGISTRY: Code.REGISTRY_UNREACHABLE,
        CheckStep.QUEUE: Code.QUEUE_DENIED,
    }


def test_missing_keys_do_not_keep_the_rest_from_being_tried(profile: Profile) -> None:
    results = found(profile, open_secrets(profile, Path("nowhere.callup"), environ={}))

    assert [step for step, result in results.items() if result.code == Code.NO_CREDENTIALS] == [
        CheckStep.KEYRING,
        CheckStep.STORAGE,
        CheckStep.QUEUE,
    ]
    assert results[CheckStep.REGISTRY].ok


@pytest.mark.parametrize(("hours", "code"), [(0, ""), (3, Code.CLOCK_WRONG), (-3, Code.CLOCK_WRONG)])
def test_a_clock_that_is_hours_off_is_told(
    hours: int, code: str, profile: Profile, secrets: Secrets, seaweed: PlainS3
) -> None:
    with front_of(seaweed.endpoint) as front:
        date = format_datetime(datetime.now(UTC) + timedelta(hours=hours), usegmt=True)
        front.change("", lambda reply: replace(reply, headers=reply.headers | {"Date": date}))
        result = found(profile.model_copy(update={"endpoint": front.endpoint}), secrets)[CheckStep.CLOCK]

    assert (result.ok, result.code) == (not code, code)
    assert round(float(result.params.get("seconds_ahead", 0)) / 3600) == hours


def test_a_part_that_is_denied_leaves_no_upload_open(profile: Profile, secrets: Secrets, seaweed: PlainS3) -> None:
    before = seaweed.open_uploads_anywhere()
    with front_of(seaweed.endpoint) as front:
        front.answer("UploadPart", refusal(403, "AccessDenied"))
        result = found(profile.model_copy(update={"endpoint": front.endpoint}), secrets)[CheckStep.STORAGE]

    assert result.code == Code.ACCESS_DENIED
    assert "UploadPart" in result.detail
    assert seaweed.open_uploads_anywhere() == before
