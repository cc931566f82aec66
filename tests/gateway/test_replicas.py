"""Replicas that die: others finish or clean up what they began, and every registered call is announced."""

import signal
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from callup_desktop.sandbox.embedded import Running
from tests.faults.laptop import Network
from tests.faults.proxy import Exchange, Harm
from tests.gateway.clients import FIELDS, by_curl
from tests.gateway.conftest import QUICK
from tests.gateway.look import Before, Look
from tests.gateway.raw import answer_on, connected, form_of, head
from tests.gateway.replica import Replica, eventually, replica, write_profile

MORTAL = {**QUICK, "lease": 2.0}


def _killed_at(victim: Replica, *, done: bool) -> Harm:
    """The replica is killed by its own request, before or after the server did what it asked."""

    def harm(exchange: Exchange) -> None:
        exchange.read()
        if done:
            exchange.forward()
        victim.kill()
        exchange.reset()

    return harm


@pytest.mark.parametrize(
    ("operation", "done"),
    [
        ("create", True),
        ("part", True),
        ("complete", False),
        ("complete", True),
        ("put", True),
        ("register", False),
        ("register", True),
    ],
)
def test_what_a_killed_replica_began_is_finished_whole_or_gone_without_a_trace(
    operation: str,
    done: bool,  # noqa: FBT001 - a parameter of the case
    sandbox: Running,
    folder: Path,
    gateway: Replica,
    proxies: Network,
    long_call: Path,
    recordings: Mapping[str, Path],
    look: Look,
) -> None:
    file = recordings["flac"] if operation in {"put", "register"} else long_call
    before = Before.of(look)
    path = write_profile(folder / f"{operation}-{done}", proxies.profile, sandbox.profile)
    with replica(path, path.parent, **MORTAL) as victim:
        proxies.of(operation).plan.order(operation, _killed_at(victim, done=done))
        body = form_of(file)
        with connected(victim) as sock:
            with suppress(ConnectionError):
                sock.sendall(head(len(body)) + body)
            eventually(lambda: victim.process.poll() is not None, "the replica dies")
    proxies.forget()

    eventually(lambda: not look.unfinished(), "somebody settles what it left")

    assert gateway.process.poll() is None
    added = look.stored_keys() - before.things
    assert not look.open_uploads() - {thing.removeprefix("upload ") for thing in before.things}
    if operation in {"create", "part"}:
        before.assert_nothing_added()
        return
    # From the last part on all of the recording is stored, so that the call can be finished.
    (key,) = added
    assert look.content(key) == file.read_bytes()
    (row,) = [row for row in look.uploads.find() if row.get("key") == key]
    assert look.document(row["_id"])["audio"]["s3_key"] == key
    assert look.message(row["_id"])["s3_key"] == key


def test_a_registering_without_an_answer_is_settled_by_what_the_registry_says(
    outage_gateway: Replica, network: Network, recordings: Mapping[str, Path], outage_look: Look
) -> None:
    def answers_are_lost(exchange: Exchange) -> None:
        exchange.forward()
        exchange.reset()

    network.mongo.plan.order("register", answers_are_lost, times=None)
    answer = by_curl(outage_gateway.upload, FIELDS, recordings["mp3"], {})
    network.mongo.plan.lift()

    assert (answer.status, answer.json["type"]) == (500, "not_registered")
    call_id = answer.json["call_id"]
    eventually(lambda: not outage_look.unfinished(), "it is settled")
    assert outage_look.document(call_id)["audio"]["s3_key"] in outage_look.stored_keys()
    assert outage_look.message(call_id)


def test_a_message_that_its_replica_could_not_send_is_sent_by_another(
    sandbox: Running, folder: Path, proxies: Network, recordings: Mapping[str, Path], look: Look, gateway: Replica
) -> None:
    path = write_profile(folder / "mute", proxies.profile, sandbox.profile)
    proxies.sqs.go_down()
    with replica(path, path.parent, **MORTAL) as mute:
        answer = by_curl(mute.upload, FIELDS, recordings["mp3"], {})
        assert answer.status == 201
        mute.kill()
    proxies.sqs.come_back()

    assert look.message(answer.json["call_id"])
    assert gateway.process.poll() is None


def test_a_call_that_nobody_took_up_is_announced_again_and_one_that_moved_on_is_not(
    gateway: Replica, recordings: Mapping[str, Path], look: Look
) -> None:
    forgotten, taken = (by_curl(gateway.upload, FIELDS, recordings["mp3"], {}).json["call_id"] for _ in range(2))
    for call_id in (forgotten, taken):
        look.message(call_id)
    both = {"_id": {"$in": [forgotten, taken]}, "announcements": 1}
    eventually(lambda: look.uploads.count_documents(both) == 2, "both are marked")
    look.calls.update_one({"_id": taken}, {"$set": {"status": "transcribing"}})
    row = look.uploads.find_one({"_id": taken})
    assert row is not None
    assert timedelta(minutes=55) < row["due_at"] - datetime.now(UTC) < timedelta(minutes=65)

    an_hour_later = {"$set": {"due_at": datetime.now(UTC) - timedelta(seconds=1)}}
    look.uploads.update_many({"_id": {"$in": [forgotten, taken]}}, an_hour_later)

    eventually(lambda: len(look.messages(forgotten)) == 2, "the second message")
    eventually(lambda: look.uploads.find_one({"_id": taken, "due_at": {"$exists": False}}), "nobody looks again")
    assert len(look.messages(taken)) == 1


def test_an_upload_under_way_is_not_taken_for_abandoned(
    sandbox: Running, folder: Path, gateway: Replica, long_call: Path, look: Look
) -> None:
    body = form_of(long_call)
    with replica(sandbox.profile, folder / "slow", **MORTAL) as slow, connected(slow) as sock:
        sock.sendall(head(len(body)) + body[: len(body) // 2])
        row = eventually(lambda: next(iter(look.unfinished()), None), "its row")
        first_lease = row["due_at"]
        eventually(lambda: datetime.now(UTC) > first_lease + timedelta(seconds=1), "its first lease is over")
        sock.sendall(body[len(body) // 2 :])

        answer = answer_on(sock)

    assert answer.status == 201
    assert answer.json["call_id"] == row["_id"]
    assert gateway.process.poll() is None


@pytest.mark.parametrize("workers", [1, 2])
def test_a_replica_that_is_told_to_stop_refuses_new_connections_and_finishes_what_is_under_way(
    workers: int, sandbox: Running, folder: Path, long_call: Path, look: Look
) -> None:
    body = form_of(long_call)
    settings = {**QUICK, "workers": workers}
    with replica(sandbox.profile, folder / "stopping", **settings) as stopping, connected(stopping) as sock:
        sock.sendall(head(len(body)) + body[: len(body) // 2])
        eventually(look.unfinished, "its row")
        stopping.process.send_signal(signal.SIGTERM)
        eventually(lambda: not _takes_connections(stopping), "nobody else is let in")
        sock.sendall(body[len(body) // 2 :])

        assert answer_on(sock).status == 201
        assert stopping.process.wait(30) == 0


def _takes_connections(replica: Replica) -> bool:
    try:
        with connected(replica):
            return True
    except ConnectionRefusedError:
        return False


@pytest.mark.usefixtures("gateway")  # looks once more at what was cleaned up
def test_a_replica_that_may_not_wait_leaves_nothing_behind(
    sandbox: Running, folder: Path, long_call: Path, look: Look
) -> None:
    before = Before.of(look)
    body = form_of(long_call)
    # Nobody else may touch its row for minutes, so that it is this replica that cleans up.
    hasty = {**QUICK, "shutdown_timeout": 0, "lease": 600}
    with replica(sandbox.profile, folder / "hasty", **hasty) as stopping, connected(stopping) as sock:
        sock.sendall(head(len(body)) + body[: len(body) * 3 // 4])
        eventually(lambda: look.open_uploads(), "its upload")
        stopping.process.send_signal(signal.SIGTERM)
        stopping.process.wait(30)

    before.wait_until_nothing_is_added()
