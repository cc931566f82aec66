"""The queue is there, the rights are there, and every message is refused.

A queue's URL comes in a dozen forms, and its host names the region that a request has to be signed for. Tools that knew
one form signed the others for the region of the bucket: "signature does not match", for ever. A slash at the end was
"access denied". A bucket in another region was "wrong", though the store had said in the same answer which is right.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest

from callup_desktop.config.profile import Profile
from callup_desktop.engine.errors import AccountError, Code
from callup_desktop.engine.job import Trouble
from callup_desktop.presentation.messages import Messages
from callup_desktop.sandbox.embedded import Running
from callup_desktop.services.aws import ServerClock
from callup_desktop.services.provisioning import iam_policy
from callup_desktop.services.queue_address import QueueAddress, address_of
from callup_desktop.services.s3.store import S3Store
from callup_desktop.services.secrets import Secrets
from callup_desktop.services.sqs import SqsAnnouncer, queue_client
from callup_desktop.services.transport import Transport
from tests.services.front import Front, Reply, front_of, refusal
from tests.services.outside import PlainS3, body_of, some_bytes, target_for
from tests.services.test_announcer import task

BUCKET_REGION = "ap-south-1"
DATA = some_bytes(3000)


@dataclass(frozen=True)
class Form:
    """One form of a queue's address: its host, and the server and region that it means."""

    host: str
    region: str
    server: str = ""


FORMS = (
    Form("sqs.eu-west-1.amazonaws.com", "eu-west-1"),
    Form("eu-west-1.queue.amazonaws.com", "eu-west-1", "sqs.eu-west-1.amazonaws.com"),
    Form("queue.amazonaws.com", "us-east-1", "sqs.us-east-1.amazonaws.com"),
    Form("sqs-fips.us-east-2.amazonaws.com", "us-east-2"),
    Form("sqs.us-gov-west-1.amazonaws.com", "us-gov-west-1"),
    Form("sqs-fips.us-gov-east-1.amazonaws.com", "us-gov-east-1"),
    Form("vpce-0a1b2c3d-4e5f.sqs.eu-central-1.vpce.amazonaws.com", "eu-central-1"),
    Form("vpce-0a1b2c3d-4e5f-eu-central-1a.sqs.eu-central-1.vpce.amazonaws.com", "eu-central-1"),
    Form("sqs.eu-west-3.api.aws", "eu-west-3"),
    Form("sqs-fips.us-gov-west-1.api.aws", "us-gov-west-1"),
    Form("sqs.cn-north-1.amazonaws.com.cn", "cn-north-1"),
    Form("cn-northwest-1.queue.amazonaws.com.cn", "cn-northwest-1", "sqs.cn-northwest-1.amazonaws.com.cn"),
    Form("sqs.cn-north-1.api.amazonwebservices.com.cn", "cn-north-1"),
    Form("sqs.us-iso-east-1.c2s.ic.gov", "us-iso-east-1"),
    Form("sqs.mx-central-1.amazonaws.com", "mx-central-1"),
    Form("queue.corp.example:9324", BUCKET_REGION),
    Form("eu-west-1.corp.example", BUCKET_REGION),
    Form("notamazonaws.com", BUCKET_REGION),
)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.host)
def test_a_message_is_signed_for_the_region_of_the_queue_and_sent_to_its_server(
    form: Form, profile: Profile, secrets: Secrets
) -> None:
    url = f"https://{form.host}/123456789012/calls"
    here = profile.model_copy(update={"queue_url": url, "region": BUCKET_REGION})

    client = queue_client(here, secrets, Transport(connections=1), ServerClock())

    expected = f"https://{form.server or form.host}"
    assert address_of(url, BUCKET_REGION) == QueueAddress(expected, form.region)
    assert (client.meta.endpoint_url, client.meta.region_name) == (expected, form.region)


@pytest.mark.parametrize(
    ("host", "arn"),
    [
        ("vpce-0a1b2c3d-4e5f.sqs.eu-central-1.vpce.amazonaws.com", "arn:aws:sqs:eu-central-1:123456789012:calls"),
        ("sqs-fips.us-gov-east-1.amazonaws.com", "arn:aws-us-gov:sqs:us-gov-east-1:123456789012:calls"),
        ("sqs.cn-north-1.amazonaws.com.cn", "arn:aws-cn:sqs:cn-north-1:123456789012:calls"),
        ("queue.corp.example:9324", f"arn:aws:sqs:{BUCKET_REGION}:123456789012:calls"),
    ],
)
def test_the_rights_are_printed_for_the_queue_that_the_address_means(host: str, arn: str, profile: Profile) -> None:
    here = profile.model_copy(update={"queue_url": f"https://{host}/123456789012/calls", "region": BUCKET_REGION})

    assert arn in {statement["Resource"] for statement in iam_policy(here)["Statement"]}


def test_a_slash_behind_the_queues_name_is_not_a_refusal(profile: Profile, secrets: Secrets) -> None:
    slashed = Profile.model_validate(profile.model_dump() | {"queue_url": profile.queue_url + "/"})

    assert SqsAnnouncer(slashed, secrets).announce(task("a-call"))
    assert slashed.queue_url == profile.queue_url


def test_a_slash_does_not_hide_that_a_queue_keeps_order(profile: Profile) -> None:
    url = "https://sqs.eu-west-1.amazonaws.com/123456789012/calls.fifo/"

    assert Profile.model_validate(profile.model_dump() | {"queue_url": url, "credentials": "keyring"}).queue_is_fifo


# --- buckets ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def front(seaweed: PlainS3) -> Iterator[Front]:
    with front_of(seaweed.endpoint) as front:
        yield front


@pytest.fixture
def store(profile: Profile, secrets: Secrets, front: Front) -> S3Store:
    return S3Store(profile.model_copy(update={"endpoint": front.endpoint}), secrets)


def malformed(region: str) -> Reply:
    """How AWS and MinIO refuse a signature for another region."""
    told = f"<Code>AuthorizationHeaderMalformed</Code><Message>secret words</Message><Region>{region}</Region>"
    return Reply(400, {"x-amz-request-id": "R1"}, f"<?xml version='1.0'?><Error>{told}</Error>".encode())


def regions_signed_for(front: Front) -> list[str]:
    scopes = (re.search(r"Credential=[^/]+/\d+/([^/]+)/", seen.headers["authorization"]) for seen in front.arrived)
    return [scope[1] for scope in scopes if scope]


@pytest.mark.parametrize(
    "reply",
    [refusal(301, "PermanentRedirect", **{"x-amz-bucket-region": "eu-central-1"}), malformed("eu-central-1")],
    ids=["301", "400"],
)
def test_the_region_that_the_store_tells_is_tried_and_then_named(
    reply: Reply, store: S3Store, front: Front, seaweed: PlainS3
) -> None:
    front.answer("PutObject", reply, times=9)

    with pytest.raises(AccountError) as caught:
        store.put(target_for(DATA, seaweed.bucket), body_of(DATA))

    assert caught.value.code is Code.WRONG_BUCKET
    assert caught.value.params == {"region": "eu-central-1"}
    assert regions_signed_for(front)[1] == "eu-central-1"
    trouble = Trouble(caught.value.code, datetime.now(UTC), params=caught.value.params)
    assert Messages().sentence(trouble) == (
        "The storage address in our settings is wrong: the bucket is in eu-central-1. Please send this to IT."
    )


def test_where_the_told_region_is_right_nobody_notices(store: S3Store, front: Front, seaweed: PlainS3) -> None:
    front.answer("PutObject", malformed("eu-central-1"))
    target = target_for(DATA, seaweed.bucket)

    stored = store.put(target, body_of(DATA))

    assert store.matches(target, stored)


def test_a_wrong_region_without_a_right_one_is_told_as_before(store: S3Store, front: Front, seaweed: PlainS3) -> None:
    front.answer("PutObject", refusal(301, "PermanentRedirect"), times=9)
    front.answer("HeadObject", Reply(404, {}), times=9)

    with pytest.raises(AccountError) as caught:
        store.put(target_for(DATA, seaweed.bucket), body_of(DATA))

    assert (caught.value.code, caught.value.params) == (Code.WRONG_BUCKET, {})


def test_a_server_that_is_not_awss_is_asked_with_the_region_of_the_profile(
    profile: Profile, secrets: Secrets, sandbox: Running
) -> None:
    """moto keeps queues by the region of the signature, and has none in this one."""
    with front_of(sandbox.sqs_endpoint) as front:
        path = urlsplit(profile.queue_url).path
        here = profile.model_copy(update={"queue_url": front.endpoint + path, "region": BUCKET_REGION})
        with pytest.raises(AccountError):
            SqsAnnouncer(here, secrets).announce(task("a-call"))

    assert regions_signed_for(front) == [BUCKET_REGION]
