"""Everything that may go wrong with one exchange, by name; each is played on a real request to a real server."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any, cast

from callup_desktop.sandbox.embedded import Sandbox
from callup_desktop.sandbox.servers import Server
from tests.faults.http_talk import HttpExchange
from tests.faults.mongo_talk import MongoExchange
from tests.faults.proxy import Exchange, Hangup, Harm
from tests.services.front import Reply, page, refusal

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

CLOCK_OFF_BY = timedelta(minutes=10)
"""More than the program overlooks, and no more than the real server does, so that what is signed again passes there."""


# --- of the connection ------------------------------------------------------------------------------------------------


def refused(exchange: Exchange) -> None:
    """The server is gone: this connection ends and new ones are refused until the harm is lifted."""
    proxy = exchange.line.proxy
    proxy.go_down()
    proxy.plan.lifted.wait(10)
    proxy.come_back()
    raise Hangup


def reset_before(exchange: Exchange) -> None:
    """The request never reaches the server."""
    exchange.reset()


def reset_after(exchange: Exchange) -> None:
    """The server does what was asked, and nobody hears of it."""
    exchange.forward()
    exchange.reset()


def silence(exchange: Exchange) -> None:
    """The request is taken, and then nothing is said."""
    exchange.read()
    exchange.fall_silent()


def held_until_lifted(exchange: Exchange) -> None:
    """The server does what was asked; its reply arrives once the harm is lifted."""
    exchange.forward()
    exchange.line.proxy.plan.hold()
    exchange.reply()


def cut_reply(exchange: Exchange) -> None:
    """The server does what was asked; half of its reply arrives."""
    exchange.forward()
    exchange.reply(cut=True)
    raise Hangup


def killed(sandbox: Sandbox, server: Server) -> Harm:
    """The power of the server fails while it works on the request; it is back once the harm is lifted."""

    def harm(exchange: Exchange) -> None:
        exchange.hand_over()
        sandbox.kill(server)
        exchange.line.cut()
        exchange.line.proxy.plan.lifted.wait(20)
        sandbox.restart(server)
        raise Hangup

    return harm


# --- of storage, queue and gateway ------------------------------------------------------------------------------------


def says(reply: Reply | Callable[[], Reply]) -> Harm:
    """This answer, in the server's place."""

    def harm(exchange: Exchange) -> None:
        cast(HttpExchange, exchange).answer(reply if isinstance(reply, Reply) else reply())

    return harm


def s3_refusal(status: int, code: str, **headers: str) -> Harm:
    """S3's words for it."""
    return says(refusal(status, code, **headers))


def sqs_refusal(status: int, code: str, **headers: str) -> Harm:
    """The words of SQS for it."""
    body = f'{{"__type":"com.amazonaws.sqs#{code}","message":"secret words"}}'.encode()
    return says(
        Reply(status, {"Content-Type": "application/x-amz-json-1.0", "x-amzn-RequestId": "R1", **headers}, body)
    )


def gateway_refusal(status: int, code: str, **headers: str) -> Harm:
    """The gateway's words for it."""
    body = json.dumps({"type": code, "title": "secret words", "status": status, "request_id": "R1"}).encode()
    return says(Reply(status, {"Content-Type": "application/problem+json", **headers}, body))


def other_time() -> dict[str, str]:
    """The server's clock, where the laptop's is behind."""
    return {"Date": format_datetime(datetime.now(UTC) + CLOCK_OFF_BY, usegmt=True)}


skewed_s3 = says(lambda: refusal(403, "RequestTimeTooSkewed", **other_time()))
skewed_sqs = says(
    lambda: Reply(
        403,
        {"Content-Type": "application/x-amz-json-1.0", "x-amzn-RequestId": "R1", **other_time()},
        b'{"__type":"com.amazonaws.sqs#RequestExpired","message":"secret words"}',
    )
)
sign_in_page = says(page(200))
not_found = says(page(404))
redirect = says(page(302, Location="http://login.example/"))


def error_in_200(exchange: Exchange) -> None:
    """S3 said 200 at once, so as to keep the line open, and found out later that it cannot."""
    reply = refusal(200, "InternalError")
    cast(HttpExchange, exchange).answer(reply)


def upload_ended(s3: "S3Client", bucket: str) -> Harm:
    """A lifecycle rule, or an admin, ended the upload just before."""

    def harm(exchange: Exchange) -> None:
        seen = exchange.arrived
        s3.abort_multipart_upload(Bucket=bucket, Key=seen.key, UploadId=seen.upload_id)
        exchange.pass_on()

    return harm


def stored_already(s3: "S3Client", bucket: str, data: bytes) -> Harm:
    """An earlier try of ours arrived after all, just before."""

    def harm(exchange: Exchange) -> None:
        s3.put_object(Bucket=bucket, Key=exchange.arrived.key, Body=data, ChecksumAlgorithm="CRC64NVME")
        exchange.pass_on()

    return harm


# --- of the registry --------------------------------------------------------------------------------------------------


def mongo_error(code: int, name: str, **more: Any) -> Harm:
    """MongoDB's words for it."""

    def harm(exchange: Exchange) -> None:
        told = {"ok": 0.0, "errmsg": "secret words", "code": code, "codeName": name, **more}
        cast(MongoExchange, exchange).answer(told)

    return harm


def not_primary(exchange: Exchange) -> None:
    """The primary stepped down, and all its connections ended with that."""
    mongo_error(10107, "NotWritablePrimary")(exchange)
    exchange.line.proxy.hang_up()


def mongo_write_error(code: int, **more: Any) -> Harm:
    """How MongoDB refuses a document."""

    def harm(exchange: Exchange) -> None:
        error = {"index": 0, "code": code, "errmsg": "secret words", **more}
        cast(MongoExchange, exchange).answer({"ok": 1.0, "n": 0, "writeErrors": [error]})

    return harm


def not_by_a_majority(exchange: Exchange) -> None:
    """The document is written, but not yet by a majority."""
    exchange.forward()
    concern = {"code": 64, "codeName": "WriteConcernFailed", "errmsg": "waiting for replication timed out"}
    cast(MongoExchange, exchange).answer({"ok": 1.0, "n": 1, "writeConcernError": concern})


def registered_elsewhere(calls: Any) -> Harm:
    """Another program registered the call under an id of its own, just before."""

    def harm(exchange: Exchange) -> None:
        update = cast(MongoExchange, exchange).command["updates"][0]
        calls.insert_one({**update["u"]["$setOnInsert"], "_id": f"other-{update['q']['_id']}"})
        exchange.pass_on()

    return harm
