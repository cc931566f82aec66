"""The rights that `callup provision` prints are enough for a whole life of calls, and none of them is too many."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.session import Session
from pymongo import MongoClient, monitoring
from secantus import SecantusDBServer

from callup_desktop.calls.reconciliation import Stage
from callup_desktop.config.paths import home as home_of
from callup_desktop.config.profile import Profile
from callup_desktop.config.profiles import ProfileStore
from callup_desktop.engine.commands import DetailsChange
from callup_desktop.engine.errors import Code
from callup_desktop.engine.events import Statuses
from callup_desktop.engine.ports import CheckStep
from callup_desktop.sandbox.embedded import Running
from callup_desktop.services.day_facts import open_reader
from callup_desktop.services.diagnostics import run_checks
from callup_desktop.services.provisioning import (
    BUCKET_ACTIONS,
    CHECK_ACTIONS,
    INSERT_ONLY_ACTIONS,
    OBJECT_ACTIONS,
    OPERATOR_ACTIONS,
    OPERATOR_REGISTRY_ACTIONS,
    QUEUE_ACTIONS,
    REGISTRY_ACTIONS,
    VERSION_ACTIONS,
    VERSION_OBJECT_ACTIONS,
    Item,
    Role,
    iam_policy,
    keeps_versions,
    mongo_role,
    provision,
)
from callup_desktop.services.queue_address import address_of
from callup_desktop.services.s3.store import S3Store
from callup_desktop.services.secrets import Secrets, open_secrets
from tests.cli.console import Callup, profile_with, wav
from tests.faults.laptop import Laptop
from tests.gateway.clients import FIELDS, by_requests
from tests.gateway.replica import eventually, replica, write_profile
from tests.reports.test_versioned_buckets import made
from tests.services.front import Front, Reply, front_of, refusal
from tests.services.outside import PlainS3, some_bytes, target_for

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

ACTION_OF = {
    operation: action
    for actions in (
        OBJECT_ACTIONS,
        BUCKET_ACTIONS,
        OPERATOR_ACTIONS,
        VERSION_ACTIONS,
        VERSION_OBJECT_ACTIONS,
        QUEUE_ACTIONS,
        CHECK_ACTIONS,
    )
    for action, operations in actions.items()
    for operation in operations
}
ALWAYS = 1_000_000
NEEDS_NO_RIGHT = "HeadBucket"
"""Its refusal tells the storage's time as well as its answer."""
OF_THE_SESSION = {"hello", "isMaster", "ping", "endSessions", "saslStart", "saslContinue", "abortTransaction"}
"""Commands that MongoDB lets every user give."""


@dataclass
class Recorder(monitoring.CommandListener):
    """Every call that the program makes, by the libraries' own account."""

    aws: set[str] = field(default_factory=set)
    commands: set[str] = field(default_factory=set)

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        self.commands.add(event.command_name)

    def succeeded(self, _event: monitoring.CommandSucceededEvent) -> None:
        pass

    def failed(self, _event: monitoring.CommandFailedEvent) -> None:
        pass

    def before_call(self, model: Any, params: Any = None, **_: object) -> None:
        named = model.name == "DeleteObject" and "versionId" in params["query_string"]
        self.aws.add("DeleteObjectVersion" if named else model.name)


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    recorder = Recorder()
    made = Session.create_client

    def client(session: Session, *args: Any, **named: Any) -> Any:
        found = made(session, *args, **named)
        found.meta.events.register("before-call", recorder.before_call)
        return found

    monkeypatch.setattr(Session, "create_client", client)
    monkeypatch.setattr(monitoring, "_LISTENERS", monitoring._Listeners([], [], [], [], []))
    monitoring.register(recorder)
    return recorder


@contextmanager
def guarded_registry(
    profile: Profile, folder: Path, whose: Role = Role.LAPTOP, *, insert_only: bool = False
) -> Iterator[str]:
    """A server where the rep has the printed role and no other; its URI."""
    with_door_open = SecantusDBServer(storage_path=str(folder), cache_size="64M")
    with_door_open.start()
    role = mongo_role(profile, whose, insert_only=insert_only)
    with MongoClient[dict[str, Any]](with_door_open.uri) as client:
        database = client[profile.database]
        database.command(role)
        database.command("createUser", "rep", pwd="right", roles=[role["createRole"]])
    with_door_open.stop()
    server = SecantusDBServer(storage_path=str(folder), require_auth=True, cache_size="64M")
    server.start()
    host, port = server.address
    try:
        yield f"mongodb://rep@{host}:{port}/?directConnection=true&authSource={profile.database}"
    finally:
        server.stop()


def allowed(profile: Profile, role: Role = Role.LAPTOP, *, versioned: bool = False) -> set[str]:
    statements = iam_policy(profile, role, versioned=versioned)["Statement"]
    return {action for statement in statements for action in statement["Action"]}


def strict(front: Front, actions: set[str]) -> None:
    """Deny whatever the policy does not allow, and tell nobody what is not there, as AWS does without ListBucket."""
    for operation, action in ACTION_OF.items():
        if operation == "DeleteObjectVersion" or action in actions:
            continue
        front.answer(operation, refusal(403, "AccessDenied"), times=ALWAYS)
    if "s3:DeleteObjectVersion" not in actions:
        denied = refusal(403, "AccessDenied")
        front.answer("DeleteObject", denied, times=ALWAYS, applies=lambda asked: "versionId=" in asked.path)
    # To look at a version by its name is a right of its own, s3:GetObjectVersion, that nothing needs.
    front.answer("HeadObject", Reply(403, {}), times=ALWAYS, applies=lambda asked: "versionId=" in asked.path)
    front.answer(NEEDS_NO_RIGHT, refusal(403, "AccessDenied"), times=ALWAYS)
    if "s3:ListBucket" in actions:
        return
    front.answer("", refusal(403, "AccessDenied"), times=ALWAYS, applies=lambda asked: "list-type" in asked.path)
    front.change("HeadObject", _as_without_listing, times=ALWAYS)


def _as_without_listing(reply: Reply) -> Reply:
    return replace(reply, status=403) if reply.status == 404 else reply


@pytest.mark.parametrize("insert_only", [False, True], ids=["upsert", "insert only"])
def test_a_whole_life_of_calls_uses_every_right_that_is_printed_and_no_other(
    tmp_path: Path, sandbox: Running, profile: Profile, recorder: Recorder, *, insert_only: bool
) -> None:
    with (
        front_of(sandbox.s3_endpoint) as s3,
        front_of(sandbox.sqs_endpoint) as sqs,
        guarded_registry(profile, tmp_path / "mongo", insert_only=insert_only) as uri,
    ):
        queue = profile.queue_url.replace(address_of(profile.queue_url, profile.region).endpoint, sqs.endpoint)
        here = profile.model_copy(update={"endpoint": s3.endpoint, "mongo_uri": uri, "queue_url": queue})
        secrets = open_secrets(here, sandbox.profile, environ={"CALLUP_MONGO_PASSWORD": "right"})
        strict(s3, allowed(here))
        strict(sqs, allowed(here))
        recorder.commands.clear()
        live_and_die(tmp_path, here, secrets, s3)

    used = {ACTION_OF[operation] for operation in recorder.aws - {NEEDS_NO_RIGHT}}
    assert used == allowed(profile)
    # A role that may not update is found out by one update.
    asked = {*INSERT_ONLY_ACTIONS, "update"} if insert_only else set(REGISTRY_ACTIONS)
    assert recorder.commands - OF_THE_SESSION == asked


def test_a_bucket_that_keeps_versions_needs_two_rights_more_and_then_nothing_stays_in_it(
    tmp_path: Path, sandbox: Running, profile: Profile, seaweed: PlainS3, recorder: Recorder
) -> None:
    bucket = made(seaweed)
    with (
        front_of(sandbox.s3_endpoint) as s3,
        front_of(sandbox.sqs_endpoint) as sqs,
        guarded_registry(profile, tmp_path / "mongo") as uri,
    ):
        queue = profile.queue_url.replace(address_of(profile.queue_url, profile.region).endpoint, sqs.endpoint)
        changes = {"endpoint": s3.endpoint, "mongo_uri": uri, "queue_url": queue, "bucket": bucket.name}
        here = profile.model_copy(update=changes)
        secrets = open_secrets(here, sandbox.profile, environ={"CALLUP_MONGO_PASSWORD": "right"})
        strict(s3, allowed(here, versioned=True))
        strict(sqs, allowed(here, versioned=True))
        live_and_die(tmp_path, here, secrets, s3)
        store, data = S3Store(here, secrets), some_bytes(1000)
        lost, hidden, never = (target_for(data, bucket.name) for _ in range(3))
        for target in (lost, hidden):
            bucket.client.put_object(Bucket=bucket.name, Key=target.key, Body=data)
        bucket.hide(hidden.key)
        theirs = bucket.markers(hidden.key)
        for target in (lost, hidden, never):
            store.delete(target)
        store.reset()

    assert [bucket.versions(target.key) for target in (lost, hidden, never)] == [[], [], []]
    assert [bucket.markers(target.key) for target in (lost, hidden, never)] == [[], theirs, []]
    used = {ACTION_OF[operation] for operation in recorder.aws - {NEEDS_NO_RIGHT}}
    assert used == allowed(profile, versioned=True)
    assert used - allowed(profile) == {"s3:DeleteObjectVersion", "s3:ListBucketVersions"}


def test_provisioning_sees_whether_the_bucket_keeps_versions(
    profile: Profile, secrets: Secrets, seaweed: PlainS3
) -> None:
    assert not keeps_versions(profile, secrets)
    assert keeps_versions(profile.model_copy(update={"bucket": made(seaweed).name}), secrets)


def test_comparing_days_uses_every_right_of_an_operator_and_no_other(
    tmp_path: Path, sandbox: Running, profile: Profile, recorder: Recorder, s3: "S3Client"
) -> None:
    day = date(2018, 5, 17)
    with (
        front_of(sandbox.s3_endpoint) as store,
        guarded_registry(profile, tmp_path / "mongo", Role.OPERATOR) as uri,
    ):
        here = profile.model_copy(update={"endpoint": store.endpoint, "mongo_uri": uri})
        secrets = open_secrets(here, sandbox.profile, environ={"CALLUP_MONGO_PASSWORD": "right"})
        strict(store, allowed(here, Role.OPERATOR))
        s3.put_object(Bucket=profile.bucket, Key="2018/05/17/somebodys.txt", Body=b"x")
        recorder.aws.clear()
        recorder.commands.clear()
        with open_reader(here, secrets, lambda: datetime.now(UTC)) as reader:
            assert reader.report(day, lambda _call: None).stages[Stage.STORED] == 1

    assert {ACTION_OF[operation] for operation in recorder.aws} == allowed(profile, Role.OPERATOR)
    assert recorder.commands - OF_THE_SESSION == set(OPERATOR_REGISTRY_ACTIONS)


def live_and_die(folder: Path, profile: Profile, secrets: Secrets, s3: Front) -> None:
    """Send in parts and in one piece, lose replies, cancel in the middle, ask what became of them, check."""
    with Laptop(folder, profile, secrets) as laptop:
        sent = [laptop.send(wav(folder / "long.wav", 60))]
        laptop.until_sent(*sent)
        s3.lose("CompleteMultipartUpload", acts=True)
        sent.append(laptop.send(wav(folder / "lost.wav", 60, seed=3)))
        laptop.until_sent(*sent)
        with s3.hold("UploadPart") as arrived:
            cancelled = laptop.send(wav(folder / "cancelled.wav", 60, seed=5))
            assert arrived.wait(20)
            laptop.engine.cancel((cancelled,))
        laptop.until_gone(cancelled)
    with Laptop(folder, profile, secrets, plan=lambda _size, _uplink: 0) as laptop:
        s3.lose("PutObject", acts=True)
        whole = laptop.send(wav(folder / "put.wav", 1, seed=4))
        laptop.until_sent(whole)
        laptop.engine.ask_statuses((*sent, whole))
        laptop.until(lambda: any(isinstance(event, Statuses) for event in laptop.events))
    for result in run_checks(profile, secrets):
        assert result.ok, (result.step, result.code, result.detail)


def test_a_call_that_was_taken_back_after_a_lost_reply_is_cleaned_up_without_listing(
    tmp_path: Path, sandbox: Running, profile: Profile, secrets: Secrets, seaweed: PlainS3
) -> None:
    with front_of(sandbox.s3_endpoint) as s3:
        here = profile.model_copy(update={"endpoint": s3.endpoint})
        strict(s3, allowed(here))
        store, data = S3Store(here, secrets), some_bytes(1000)
        target = target_for(data, profile.bucket)
        assert store.head(target) is None
        store.delete(target)
        seaweed.store(target.key, data)
        assert store.head(target) is not None
        store.delete(target)
        store.reset()
    assert seaweed.bytes_at(target.key) is None
    assert tmp_path.exists()


def test_a_queue_that_only_takes_messages_is_no_failed_check(
    sandbox: Running, profile: Profile, secrets: Secrets
) -> None:
    with front_of(sandbox.sqs_endpoint) as sqs:
        queue = profile.queue_url.replace(address_of(profile.queue_url, profile.region).endpoint, sqs.endpoint)
        denied = Reply(
            403, {"Content-Type": "application/x-amz-json-1.0"}, b'{"__type":"com.amazonaws.sqs#AccessDeniedException"}'
        )
        sqs.answer("SendMessage", denied, times=ALWAYS)
        results = {
            result.step: result for result in run_checks(profile.model_copy(update={"queue_url": queue}), secrets)
        }
    assert results[CheckStep.QUEUE].ok
    assert "GetQueueAttributes" in results[CheckStep.QUEUE].detail


def test_provisioning_twice_changes_nothing_more_and_a_dry_run_nothing_at_all(
    profile: Profile, secrets: Secrets, sandbox: Running
) -> None:
    here = profile.model_copy(update={"collection": "provisioned", "endpoint": sandbox.sqs_endpoint})
    boto3.Session(sandbox.access_key_id, sandbox.secret_access_key).client(
        "s3", endpoint_url=sandbox.sqs_endpoint, region_name="us-east-1"
    ).create_bucket(Bucket=profile.bucket)

    dry = provision(here, secrets, apply=False, validator=True)
    assert {found.item for found in dry if not found.there} == set(Item)
    assert not any(found.made for found in dry)
    again = provision(here, secrets, apply=False, validator=True)
    assert again == dry
    made = provision(here, secrets, apply=True, validator=True)
    assert all(found.made for found in made)
    assert all(found.there and not found.made for found in provision(here, secrets, apply=True, validator=True))


def test_a_lifecycle_rule_that_was_there_stays(profile: Profile, secrets: Secrets, sandbox: Running) -> None:
    s3 = boto3.Session(sandbox.access_key_id, sandbox.secret_access_key).client(
        "s3", endpoint_url=sandbox.sqs_endpoint, region_name="us-east-1"
    )
    s3.create_bucket(Bucket="with-rules")
    other: Any = {"ID": "noncurrent", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 400}}
    s3.put_bucket_lifecycle_configuration(Bucket="with-rules", LifecycleConfiguration={"Rules": [other]})
    here = profile.model_copy(update={"bucket": "with-rules", "endpoint": sandbox.sqs_endpoint})
    provision(here, secrets, apply=True)

    ids = {rule["ID"] for rule in s3.get_bucket_lifecycle_configuration(Bucket="with-rules")["Rules"]}
    assert ids == {"noncurrent", "callup-abort-incomplete-uploads"}


def test_the_printed_policy_names_this_bucket_and_this_queue_only(profile: Profile) -> None:
    here = profile.model_copy(
        update={"bucket": "acme-audio", "queue_url": "https://sqs.eu-west-1.amazonaws.com/123456789012/tasks"}
    )
    resources = {statement["Resource"] for statement in iam_policy(here)["Statement"]}
    assert resources == {
        "arn:aws:s3:::acme-audio/*",
        "arn:aws:s3:::acme-audio",
        "arn:aws:sqs:eu-west-1:123456789012:tasks",
    }
    assert not [action for action in allowed(here) if re.search(r"\*|ListBucket$", action)]


@pytest.mark.parametrize(
    ("queue_url", "arn"),
    [
        ("https://mq.acme.com/tasks", "arn:aws:sqs:eu-west-1:*:tasks"),
        ("https://queue.amazonaws.com/123456789012/tasks", "arn:aws:sqs:us-east-1:123456789012:tasks"),
        ("https://mq.acme.com/deep/123456789012/tasks.fifo", "arn:aws:sqs:eu-west-1:123456789012:tasks.fifo"),
    ],
)
def test_a_queue_without_an_account_in_its_address_is_printed_without_one(
    profile: Profile, queue_url: str, arn: str
) -> None:
    here = profile.model_copy(update={"queue_url": queue_url, "region": "eu-west-1"})
    resources = {statement["Sid"]: statement["Resource"] for statement in iam_policy(here)["Statement"]}
    assert resources["CallUpQueue"] == arn


def test_what_is_printed_can_be_pasted(home: Path, sandbox: Running) -> None:
    said = Callup(home, sandbox.profile)("provision")
    policy, end = json.JSONDecoder().raw_decode(said.out)
    role, _end = json.JSONDecoder().raw_decode(said.out[end:].lstrip())
    assert said.code == 0
    assert policy["Statement"]
    assert role["createRole"] == "callup"
    assert "index" in said.out.splitlines()[-2]


def test_what_keeps_provisioning_from_the_registry_is_told_and_never_as_a_call_that_was_sent(
    home: Path, tmp_path: Path, sandbox: Running
) -> None:
    missing = f"mongodb://127.0.0.1:9/?tls=true&tlsCertificateKeyFile={tmp_path}/none.pem"
    callup = Callup(home, profile_with(tmp_path, sandbox, mongo_uri=missing))
    store = ProfileStore(home_of())
    store.adopt(store.preview(callup.profile))
    said = callup("provision")
    assert said.code == 1
    assert said.err.startswith("The call list refuses us. Your admin needs to allow it.")


def test_a_role_that_only_inserts_lets_no_edit_in_and_holds_up_no_other_call(
    tmp_path: Path, sandbox: Running, profile: Profile
) -> None:
    with guarded_registry(profile, tmp_path / "mongo", insert_only=True) as uri:
        here = profile.model_copy(update={"mongo_uri": uri})
        secrets = open_secrets(here, sandbox.profile, environ={"CALLUP_MONGO_PASSWORD": "right"})
        with Laptop(tmp_path, here, secrets) as laptop:
            sent = laptop.send(wav(tmp_path / "sent.wav", 1))
            laptop.until_sent(sent)
            laptop.engine.describe((sent,), DetailsChange(company_name="Globex"))
            laptop.until(lambda: Code.REGISTRY_REFUSED in laptop.codes(sent))

            laptop.until_sent(laptop.send(wav(tmp_path / "next.wav", 1, seed=2)))


def test_a_gateway_serves_with_the_rights_that_are_printed_and_a_password_that_only_its_workers_get(
    tmp_path: Path, sandbox: Running, profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CALLUP_MONGO_PASSWORD", "right")
    with (
        front_of(sandbox.s3_endpoint) as s3,
        front_of(sandbox.sqs_endpoint) as sqs,
        guarded_registry(profile, tmp_path / "mongo", Role.GATEWAY) as uri,
    ):
        queue = profile.queue_url.replace(address_of(profile.queue_url, profile.region).endpoint, sqs.endpoint)
        here = profile.model_copy(update={"endpoint": s3.endpoint, "mongo_uri": uri, "queue_url": queue})
        strict(s3, allowed(here, Role.GATEWAY))
        strict(sqs, allowed(here, Role.GATEWAY))
        path = write_profile(tmp_path / "served", here, sandbox.profile)
        with replica(path, tmp_path / "served", workers=2, relay_interval=0.2) as serving:
            answers = [
                by_requests(serving.upload, FIELDS, file, {})
                for file in (wav(tmp_path / "short.wav", 1), wav(tmp_path / "long.wav", 60))
            ]
            refused = by_requests(serving.upload, FIELDS, cut_off(wav(tmp_path / "cut.wav", 60)), {})
            sent = {answer.json["call_id"] for answer in answers}
            eventually(lambda: sent <= {line["call_id"] for line in serving.lines("call announced")}, "the messages")

    assert [answer.status for answer in answers] == [201, 201]
    assert (refused.status, refused.json["type"]) == (400, "truncated")
    assert not serving.lines("upload not cleaned up yet")


def cut_off(recording: Path) -> Path:
    """The first 9 MiB of it."""
    recording.write_bytes(recording.read_bytes()[: 9 * 1024 * 1024])
    return recording
