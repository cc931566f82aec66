"""What the admin gives CallUp: the rights it uses and no others, and what its places should have. Any thread.

Nothing is changed unless `apply` is asked for; doing it again changes nothing more.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar, cast
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError
from pymongo.collection import Collection
from pymongo.errors import OperationFailure, PyMongoError

from callup_desktop.config.profile import Profile
from callup_desktop.engine.errors import CallError, Code
from callup_desktop.services import mongo, mongo_errors, uploads
from callup_desktop.services.aws import code_of, translate_local
from callup_desktop.services.queue_address import address_of, partition_of
from callup_desktop.services.s3 import errors as s3_errors
from callup_desktop.services.s3.store import open_client
from callup_desktop.services.secrets import Secrets
from callup_desktop.services.transport import Transport

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

R = TypeVar("R")

ABORT_AFTER_DAYS = 14
_RULE_ID = "callup-abort-incomplete-uploads"
_NAMESPACE_NOT_FOUND = 26

OBJECT_ACTIONS: Mapping[str, tuple[str, ...]] = {
    "s3:PutObject": ("CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload", "PutObject"),
    "s3:GetObject": ("HeadObject", "GetObject"),
    "s3:DeleteObject": ("DeleteObject",),
    "s3:AbortMultipartUpload": ("AbortMultipartUpload",),
    "s3:ListMultipartUploadParts": ("ListParts",),
}
BUCKET_ACTIONS: Mapping[str, tuple[str, ...]] = {"s3:ListBucketMultipartUploads": ("ListMultipartUploads",)}
VERSION_ACTIONS: Mapping[str, tuple[str, ...]] = {"s3:ListBucketVersions": ("ListObjectVersions",)}
"""Of a bucket that keeps versions: a call that is taken back leaves none, also where the answer was lost."""
VERSION_OBJECT_ACTIONS: Mapping[str, tuple[str, ...]] = {"s3:DeleteObjectVersion": ("DeleteObjectVersion",)}
"""DeleteObject that names a version."""
OPERATOR_ACTIONS: Mapping[str, tuple[str, ...]] = {"s3:ListBucket": ("ListObjectsV2",), **BUCKET_ACTIONS}
"""Of whoever compares what is stored with what is registered: names, sizes and moments, and no recording."""
QUEUE_ACTIONS: Mapping[str, tuple[str, ...]] = {"sqs:SendMessage": ("SendMessage", "SendMessageBatch")}
CHECK_ACTIONS: Mapping[str, tuple[str, ...]] = {"sqs:GetQueueAttributes": ("GetQueueAttributes",)}
"""Only `callup check` asks for these, and says less without them."""
REGISTRY_ACTIONS = ("find", "insert", "update")
INSERT_ONLY_ACTIONS = ("find", "insert")
"""Enough, too: a call that is there already is not written again."""
GATEWAY_ACTIONS = ("createIndex", "find", "insert", "remove", "update")
"""For the gateway's own collection, beside the registry's."""


OPERATOR_REGISTRY_ACTIONS = ("find",)


class Role(StrEnum):
    """For whom the rights are."""

    LAPTOP = "laptop"
    GATEWAY = "gateway"
    OPERATOR = "operator"


class Item(StrEnum):
    """What a bucket or collection should have."""

    INDEX = "index"
    DAY_INDEX = "day_index"
    """By it the calls of a day are found for `callup reconcile`."""
    LIFECYCLE = "lifecycle"
    VALIDATOR = "validator"


@dataclass(frozen=True, slots=True)
class Provisioned:
    """How one item stands: it was there, it was made, or it would be made by `apply`."""

    item: Item
    there: bool
    made: bool = False


def keeps_versions(profile: Profile, secrets: Secrets) -> bool:
    """Whether the bucket keeps versions, or did; raises CallError. Blocks."""
    found = _with_store(profile, secrets, lambda s3: s3.get_bucket_versioning(Bucket=profile.bucket))
    return found.get("Status") in {"Enabled", "Suspended"}


def iam_policy(profile: Profile, role: Role = Role.LAPTOP, *, versioned: bool = False) -> dict[str, Any]:
    """The smallest policy of AWS with which everything works; `versioned` where the bucket keeps versions."""
    bucket = f"arn:{partition_of(profile.region)}:s3:::{profile.bucket}"
    of_bucket = {
        **BUCKET_ACTIONS,
        **(VERSION_ACTIONS if versioned else {}),
        **(OPERATOR_ACTIONS if role is Role.GATEWAY else {}),
    }
    statements: tuple[tuple[str, Mapping[str, tuple[str, ...]], str], ...] = (
        ("CallUpObjects", {**OBJECT_ACTIONS, **(VERSION_OBJECT_ACTIONS if versioned else {})}, f"{bucket}/*"),
        ("CallUpBucket", of_bucket, bucket),
        ("CallUpQueue", QUEUE_ACTIONS, _queue_arn(profile)),
        ("CallUpCheck", CHECK_ACTIONS, _queue_arn(profile)),
    )
    if role is Role.OPERATOR:
        statements = (("CallUpOperator", OPERATOR_ACTIONS, bucket),)
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": sid, "Effect": "Allow", "Action": sorted(actions), "Resource": resource}
            for sid, actions, resource in statements
        ],
    }


def mongo_role(profile: Profile, role: Role = Role.LAPTOP, *, insert_only: bool = False) -> dict[str, Any]:
    """The command that makes the smallest role of MongoDB with which everything works."""
    granted: dict[str, tuple[str, ...]] = {profile.collection: INSERT_ONLY_ACTIONS if insert_only else REGISTRY_ACTIONS}
    if role is Role.GATEWAY:
        granted[uploads.COLLECTION] = GATEWAY_ACTIONS
    if role is Role.OPERATOR:
        granted = dict.fromkeys((profile.collection, uploads.COLLECTION), OPERATOR_REGISTRY_ACTIONS)
    named = "" if role is Role.LAPTOP else role.capitalize()
    return {
        "createRole": f"callup{named}{'InsertOnly' if insert_only and role is not Role.OPERATOR else ''}",
        "privileges": [
            {"resource": {"db": profile.database, "collection": collection}, "actions": list(actions)}
            for collection, actions in granted.items()
        ],
        "roles": [],
    }


def provision(profile: Profile, secrets: Secrets, *, apply: bool, validator: bool = False) -> tuple[Provisioned, ...]:
    """How each item stands, after making what is missing where `apply` is set; raises CallError. Blocks."""
    wanted: list[Callable[[], Provisioned]] = [
        lambda: _with_registry(profile, secrets, lambda calls: _index(calls, apply=apply)),
        lambda: _with_registry(profile, secrets, lambda calls: _day_index(calls, apply=apply)),
        lambda: _with_store(profile, secrets, lambda s3: _lifecycle(s3, profile.bucket, apply=apply)),
    ]
    if validator:
        wanted.append(lambda: _with_registry(profile, secrets, lambda calls: _validator(calls, apply=apply)))
    return tuple(make() for make in wanted)


def _queue_arn(profile: Profile) -> str:
    """The queue's name among AWS's resources, in any account where its address tells none."""
    *_, account, name = ["*", *urlsplit(profile.queue_url).path.strip("/").split("/")]
    region = address_of(profile.queue_url, profile.region).region
    return f"arn:{partition_of(region)}:sqs:{region}:{account}:{name}"


def _index(calls: Collection[dict[str, Any]], *, apply: bool) -> Provisioned:
    there = any(list(index["key"]) == ["call_id"] for index in _indexes(calls))
    if apply and not there:
        calls.create_index("call_id", unique=True)
    return Provisioned(Item.INDEX, there, made=apply and not there)


def _day_index(calls: Collection[dict[str, Any]], *, apply: bool) -> Provisioned:
    there = any(list(index["key"]) == list(mongo.PLACE) for index in _indexes(calls))
    if apply and not there:
        calls.create_index([(field, 1) for field in mongo.PLACE])
    return Provisioned(Item.DAY_INDEX, there, made=apply and not there)


def _indexes(calls: Collection[dict[str, Any]]) -> list[Mapping[str, Any]]:
    try:
        return list(calls.list_indexes())
    except OperationFailure as exc:
        if exc.code == _NAMESPACE_NOT_FOUND:
            return []
        raise


def _lifecycle(s3: "S3Client", bucket: str, *, apply: bool) -> Provisioned:
    """Keeps every other rule: S3 knows them only as a whole."""
    try:
        rules = list(s3.get_bucket_lifecycle_configuration(Bucket=bucket).get("Rules", []))
    except ClientError as exc:
        if code_of(exc) != "NoSuchLifecycleConfiguration":
            raise
        rules = []
    there = any(_aborts_everything(cast("Mapping[str, Any]", rule)) for rule in rules)
    if apply and not there:
        ours: Any = {
            "ID": _RULE_ID,
            "Status": "Enabled",
            "Filter": {"Prefix": ""},
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": ABORT_AFTER_DAYS},
        }
        s3.put_bucket_lifecycle_configuration(
            Bucket=bucket, LifecycleConfiguration={"Rules": [*cast(Any, rules), ours]}
        )
    return Provisioned(Item.LIFECYCLE, there, made=apply and not there)


def _aborts_everything(rule: Mapping[str, Any]) -> bool:
    everywhere = not rule.get("Prefix") and rule.get("Filter", {}) in ({}, {"Prefix": ""})
    return rule["Status"] == "Enabled" and everywhere and "AbortIncompleteMultipartUpload" in rule


def _validator(calls: Collection[dict[str, Any]], *, apply: bool) -> Provisioned:
    (options,) = [
        found.get("options", {}) for found in calls.database.list_collections(filter={"name": calls.name})
    ] or [{}]
    there = options.get("validator") == VALIDATOR
    if apply and not there:
        if not options and calls.name not in calls.database.list_collection_names():
            calls.database.create_collection(calls.name)
        # Moderate: documents that other programs wrote before stay as they are.
        calls.database.command("collMod", calls.name, validator=VALIDATOR, validationLevel="moderate")
    return Provisioned(Item.VALIDATOR, there, made=apply and not there)


_TEXT = {"bsonType": "string", "minLength": 1}
VALIDATOR: dict[str, Any] = {
    "$jsonSchema": {
        "bsonType": "object",
        "required": ["_id", "call_id", "uploaded_at", "status", "audio", "metadata", "created_at", "updated_at"],
        "properties": {
            "call_id": _TEXT,
            "uploaded_at": {"bsonType": "date"},
            "status": _TEXT,
            "audio": {
                "bsonType": "object",
                "required": ["s3_bucket", "s3_key", "format", "file_size_bytes"],
                "properties": {"s3_bucket": _TEXT, "s3_key": _TEXT, "format": _TEXT},
            },
            "metadata": {"bsonType": "object", "required": ["company_name", "contact_email", "call_type"]},
        },
    }
}
"""What every document of the contract has (docs/contract.md, "MongoDB, collection `calls`")."""


def _with_registry(
    profile: Profile, secrets: Secrets, work: Callable[[Collection[dict[str, Any]]], Provisioned]
) -> Provisioned:
    try:
        with mongo.connect(profile, secrets) as client:
            return work(mongo.database_in(client, profile)[profile.collection])
    except PyMongoError as exc:
        raise mongo_errors.translate(exc) from exc


def _with_store(profile: Profile, secrets: Secrets, work: "Callable[[S3Client], R]") -> R:
    transport = Transport(connections=1, way=secrets.way)
    try:
        return work(open_client(profile, secrets, transport))
    except ClientError as exc:
        raise s3_errors.translate(exc) from exc
    except BotoCoreError as exc:
        raise _as_call_error(exc) from exc
    finally:
        transport.reset()


def _as_call_error(exc: BotoCoreError) -> BaseException:
    error = translate_local(exc, Code.CONNECTION)
    return error if isinstance(error, CallError) else exc
