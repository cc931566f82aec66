"""The incidents of a laptop without keys: killed, cancelled, cut off, asleep; its calls arrive whole, once or not."""

import random
import shutil
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest

from callup_desktop.compose import SystemClock
from callup_desktop.config.profile import Profile
from callup_desktop.engine.errors import Rejection
from callup_desktop.sandbox.servers import Server
from tests.faults import harms
from tests.faults.crashes import Deadly, Death, Moment, Rep, Zygote, lives, noise, zygote
from tests.faults.laptop import DETAILS, AnyLaptop
from tests.faults.outcome import Ground, Servers
from tests.faults.proxy import LOOPBACK, Exchange
from tests.faults.through_gateway import (
    ENTRIES,
    QUICK,
    TOKEN,
    GatewayWays,
    arrived_whole_and_once,
    laptop_on,
    profile_behind,
    ways_to_gateway,
)
from tests.gateway.replica import eventually, replica

posix = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL and fork are POSIX's")


@pytest.fixture(scope="module")
def starter() -> Iterator[Zygote]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CALLUP_GATEWAY_TOKEN", TOKEN)
        with zygote() as made:
            yield made


def boundaries(operation: str) -> list[Death]:
    return [Deadly(operation, moment) for moment in (Moment.ASKED, Moment.ACTED, Moment.TOLD)]


@posix
@pytest.mark.parametrize("last", [Moment.ACTED, Moment.TOLD])
def test_whenever_the_program_is_killed_the_call_arrives_once_and_whole(
    last: Moment, ways: GatewayWays, servers: Servers, starter: Zygote, tmp_path: Path
) -> None:
    rep = Rep(tmp_path / "rep", ways, {}, starter, random.Random(tmp_path.name))
    path = noise(rep.folder / "call.wav", 37_000_000, rep.chance)
    on_the_way: list[Death] = [
        *boundaries("begin"),
        Deadly("sign", Moment.ACTED),
        Deadly("part", Moment.BYTES, after_bytes=1_000_000),
        *boundaries("part"),
        Deadly("look", Moment.TOLD),
        Deadly("complete", Moment.ASKED),
    ]
    deaths = [
        *(on_the_way if last is Moment.ACTED else []),
        Deadly("complete", last),
        *boundaries("register"),
        *boundaries("announce"),
    ]

    job = lives(rep, path, deaths)

    rep.no_stored_part_was_sent_again()
    arrived_whole_and_once(servers, job, path)
    assert {death.place for death in deaths} - {place for place, times in rep.killed_at.items() if times} == set()


@posix
def test_whenever_the_program_is_killed_a_call_that_is_taken_back_leaves_nothing(
    ways: GatewayWays, servers: Servers, starter: Zygote, tmp_path: Path
) -> None:
    rep = Rep(tmp_path / "rep", ways, {}, starter, random.Random(tmp_path.name))
    path = noise(rep.folder / "call.wav", 11_000_000, rep.chance)
    rep.begin()
    rep.die(rep.sends(path), Deadly("complete", Moment.ACTED))
    (job,) = rep.jobs()

    for death in boundaries("remove"):
        if rep.jobs():
            rep.die(("cancel", job.id), death)
    if rep.jobs():
        rep.run("cancel", job.id).wait()

    assert rep.jobs() == ()
    assert servers.keys_with(job.id) == []
    servers.nothing_is_left(job)
    assert rep.killed_at["remove", Moment.ASKED]


@pytest.mark.parametrize("operation", ["begin", "sign", "part", "complete"])
def test_a_call_that_is_cancelled_at_any_step_leaves_nothing(
    operation: str, ways: GatewayWays, servers: Servers, short: Path, long: Path, tmp_path: Path
) -> None:
    with laptop_on(ways, tmp_path) as laptop:

        def cancelled(exchange: Exchange) -> None:
            exchange.forward()
            laptop.engine.cancel(tuple(laptop.jobs))
            exchange.reset()

        ways.of(operation).plan.order(operation, cancelled)
        call = laptop.send(long if operation == "sign" else short)
        laptop.until_gone(call)

    assert servers.keys_with(call) == []
    servers.nothing_is_left(laptop.jobs[call])


def test_a_call_that_is_cancelled_before_the_storage_has_heard_of_it_leaves_no_row(
    ways: GatewayWays, servers: Servers, short: Path, tmp_path: Path
) -> None:
    with laptop_on(ways, tmp_path) as laptop:

        def cancelled(exchange: Exchange) -> None:
            exchange.forward()
            laptop.engine.cancel(tuple(laptop.jobs))
            exchange.reset()

        # The gateway has its row by now, and could not open the upload.
        ways.s3.plan.order("create", lambda exchange: exchange.reset(), times=None)
        ways.gateway.plan.order("begin", cancelled)
        call = laptop.send(short)
        laptop.until_gone(call)
        ways.lift()

    rows = servers.calls.database["callup_uploads"]
    eventually(lambda: rows.find_one({"_id": call}) is None, "its row is gone")
    servers.nothing_is_left(laptop.jobs[call])


def test_a_beginning_that_arrives_after_its_call_was_cancelled_begins_nothing(
    ways: GatewayWays, servers: Servers, short: Path, tmp_path: Path
) -> None:
    is_gone = threading.Event()
    with laptop_on(ways, tmp_path) as laptop:

        def delayed(exchange: Exchange) -> None:
            exchange.read()
            laptop.engine.cancel(tuple(laptop.jobs))
            exchange.line.client.shutdown(socket.SHUT_RDWR)
            is_gone.wait(30)
            exchange.forward()

        ways.gateway.plan.order("begin", delayed)
        call = laptop.send(short)
        laptop.until_gone(call)
        is_gone.set()
        ways.gateway.plan.wait_idle()

    rows = servers.calls.database["callup_uploads"]
    assert [key for key in servers.open_uploads() if call in key] == []
    eventually(lambda: rows.find_one({"_id": call}) is None, "its row is gone")
    servers.nothing_is_left(laptop.jobs[call])


def test_a_cancel_that_comes_while_the_call_is_registered_is_too_late(
    ways: GatewayWays, servers: Servers, short: Path, tmp_path: Path
) -> None:
    with laptop_on(ways, tmp_path) as laptop:

        def cancelled(exchange: Exchange) -> None:
            exchange.forward()
            laptop.engine.cancel(tuple(laptop.jobs))
            exchange.reset()

        ways.of("register").plan.order("register", cancelled)
        call = laptop.send(short)
        laptop.until_sent(call)

    assert laptop.rejections() == ["registered"]
    arrived_whole_and_once(servers, laptop.jobs[call], short)


@pytest.mark.parametrize("operation", ["begin", "sign", "part", "complete", "register", "announce"])
def test_an_answer_that_is_lost_costs_nothing_but_time(
    operation: str, ways: GatewayWays, servers: Servers, short: Path, long: Path, tmp_path: Path
) -> None:
    def lost(exchange: Exchange) -> None:
        exchange.forward()
        exchange.reset()

    path = long if operation == "sign" else short
    ways.of(operation).plan.order(operation, lost)
    with laptop_on(ways, tmp_path) as laptop:
        call = laptop.send(path)
        laptop.until_sent(call)

    assert ways.of(operation).plan.met(operation) == 1
    arrived_whole_and_once(servers, laptop.jobs[call], path)


@pytest.mark.parametrize("operation", ["complete", "register"])
def test_a_replica_that_is_killed_at_its_work_leaves_the_call_to_another(
    operation: str, ways: GatewayWays, ground: Ground, straight: Profile, servers: Servers, short: Path, tmp_path: Path
) -> None:
    path = profile_behind(ways.s3, ground, straight, tmp_path / "mortal")
    other = ways.gateway.backend
    with (
        replica(path, path.parent, **{**QUICK, "lease": 2, "tokens": ENTRIES}) as mortal,
        laptop_on(ways, made(tmp_path / "home")) as laptop,
    ):

        def killed(exchange: Exchange) -> None:
            exchange.hand_over()
            mortal.kill()
            ways.gateway.backend = other
            exchange.reset()

        ways.gateway.backend = (LOOPBACK, mortal.port)
        ways.gateway.plan.order(operation, killed)
        call = laptop.send(short)
        # The lease of the one that is dead ends first.
        laptop.until_sent(call, within=60)

    assert mortal.process.poll() is not None
    arrived_whole_and_once(servers, laptop.jobs[call], short)


@pytest.mark.parametrize(
    ("operation", "server"),
    [
        *((operation, Server.MONGO) for operation in ("create", "list", "complete", "head")),
        # Not at storage's last step: the sandbox's may lose what it completed just before, the real one does not.
        *((operation, Server.S3) for operation in ("create", "list", "head")),
    ],
)
def test_a_replica_and_a_server_that_lose_their_power_together_leave_the_call_to_another_replica(
    operation: str,
    server: Server,
    ways: GatewayWays,
    ground: Ground,
    straight: Profile,
    servers: Servers,
    short: Path,
    tmp_path: Path,
) -> None:
    path = profile_behind(ways.s3, ground, straight, tmp_path / "mortal")
    other, is_dark = ways.gateway.backend, threading.Event()
    with (
        replica(path, path.parent, **{**QUICK, "lease": 2, "tokens": ENTRIES}) as mortal,
        laptop_on(ways, made(tmp_path / "home")) as laptop,
    ):

        def dark(exchange: Exchange) -> None:
            exchange.forward()
            mortal.kill()
            ground.sandbox.kill(server)
            ways.gateway.backend = other
            is_dark.set()
            exchange.reset()

        ways.gateway.backend = (LOOPBACK, mortal.port)
        ways.s3.plan.order(operation, dark)
        call = laptop.send(short)
        assert is_dark.wait(30)
        ground.sandbox.restart(server)
        laptop.until_sent(call, within=60)

    arrived_whole_and_once(servers, laptop.jobs[call], short)


@pytest.mark.parametrize("operation", ["create", "list", "complete", "head"])
def test_an_answer_of_storage_that_the_gateway_does_not_hear_costs_nothing_but_time(
    operation: str, ways: GatewayWays, servers: Servers, short: Path, tmp_path: Path
) -> None:
    ways.s3.plan.order(operation, harms.reset_after)
    with laptop_on(ways, tmp_path) as laptop:
        call = laptop.send(short)
        laptop.until_sent(call)

    assert ways.s3.plan.met(operation)
    arrived_whole_and_once(servers, laptop.jobs[call], short)


def test_a_laptop_that_is_offline_goes_on_where_it_was(
    ways: GatewayWays, servers: Servers, long: Path, tmp_path: Path
) -> None:
    def network_ends(exchange: Exchange) -> None:
        ways.go_down()
        exchange.reset()

    ways.s3.plan.order("part", network_ends, times=1)
    with laptop_on(ways, tmp_path) as laptop:
        call = laptop.send(long)
        laptop.until(lambda: not laptop.status().online)
        ways.come_back()
        laptop.until_sent(call)

    arrived_whole_and_once(servers, laptop.jobs[call], long)


def test_a_recording_that_changes_while_it_is_sent_arrives_as_it_is_then(
    ways: GatewayWays, servers: Servers, long: Path, short: Path, tmp_path: Path
) -> None:
    path = Path(shutil.copy(long, tmp_path / "call.wav"))

    def changed(exchange: Exchange) -> None:
        shutil.copy(short, path)
        exchange.reset()

    ways.s3.plan.order("part", changed)
    with laptop_on(ways, tmp_path) as laptop:
        call = laptop.send(path)
        laptop.until_sent(call)

    arrived_whole_and_once(servers, laptop.jobs[call], short)


def test_a_laptop_that_slept_past_its_urls_time_has_them_signed_again_and_counts_no_failure(
    ground: Ground, straight: Profile, servers: Servers, short: Path, tmp_path: Path
) -> None:
    with ways_to_gateway(ground, straight, tmp_path / "brief", urls_last=4) as ways:

        def asleep(exchange: Exchange) -> None:
            exchange.read()
            # Nothing tells when a URL's time is over but the clock.
            until = time.monotonic() + 5.5
            eventually(lambda: time.monotonic() > until, "its time is over")
            exchange.pass_on()

        ways.s3.plan.order("part", asleep)
        with laptop_on(ways, tmp_path) as laptop:
            call = laptop.send(short)
            laptop.until_sent(call)

        assert laptop.codes(call) == []
        asked = Counter(seen.arrived.operation for seen in ways.gateway.plan.exchanges("sign"))
        assert asked["sign"] == 2
    arrived_whole_and_once(servers, laptop.jobs[call], short)


def test_where_storage_does_not_say_whether_a_recording_is_there_nobody_takes_it_away(
    ways: GatewayWays, servers: Servers, short: Path, tmp_path: Path
) -> None:
    ways.s3.plan.order("head", harms.s3_refusal(403, "AccessDenied"), times=None)
    with laptop_on(ways, tmp_path) as laptop:
        call = laptop.send(short)
        laptop.until(lambda: call in laptop.jobs and laptop.jobs[call].trouble is not None)
        # Whoever looks for what a request left asks storage as well.
        eventually(lambda: len(ways.s3.plan.exchanges("head")) > 4, "the replica has looked again and again")
        ways.lift()
        laptop.engine.retry((call,))  # saves the test the minute that it was asked to wait
        laptop.until_sent(call)

    assert len(ways.s3.plan.exchanges("part")) == 1
    arrived_whole_and_once(servers, laptop.jobs[call], short)


def test_a_stored_recording_that_was_given_up_while_its_laptop_was_away_is_sent_again(
    ways: GatewayWays, servers: Servers, short: Path, tmp_path: Path
) -> None:
    rows = servers.calls.database["callup_uploads"]
    with laptop_on(ways, tmp_path) as laptop:

        def away_for_too_long(exchange: Exchange) -> None:
            (call,) = laptop.jobs
            past = datetime.now(UTC) - timedelta(seconds=1)
            rows.update_one({"_id": call}, {"$set": {"rests_until": past, "due_at": past}})
            eventually(lambda: rows.find_one({"_id": call}) is None, "it is given up")
            exchange.pass_on()

        ways.gateway.plan.order("register", away_for_too_long)
        call = laptop.send(short)
        laptop.until_sent(call)

    assert "upload_expired" in laptop.codes(call)
    arrived_whole_and_once(servers, laptop.jobs[call], short)


def edits_settled(laptop: AnyLaptop, call: str) -> int:
    """How often an edit waited and waits no more."""
    waited = [job.awaits_edit for job in laptop.changes(call)]
    return sum(before and not after for before, after in pairwise(waited))


def test_details_change_until_the_pipeline_begins_and_no_longer(
    ways: GatewayWays, servers: Servers, short: Path, tmp_path: Path
) -> None:
    with laptop_on(ways, tmp_path) as laptop:
        call = laptop.send(short)
        laptop.until_sent(call)
        laptop.engine.describe((call,), DETAILS.__class__("Globex", "mary@globex.com", "sales"))
        laptop.until(lambda: edits_settled(laptop, call) == 1)
        (document,) = servers.documents_of(laptop.jobs[call])
        assert document["metadata"]["company_name"] == "Globex"

        servers.calls.update_one({"call_id": call}, {"$set": {"status": "transcribing"}})
        laptop.engine.describe((call,), DETAILS)
        laptop.until(lambda: edits_settled(laptop, call) == 2)
    assert laptop.jobs[call].details.company_name == "Globex"
    (document,) = servers.documents_of(laptop.jobs[call])
    assert document["metadata"]["company_name"] == "Globex"


def settled_edits_are(laptop: AnyLaptop, call: str, number: int) -> bool:
    return edits_settled(laptop, call) == number


class Behind(SystemClock):
    """The clock of a laptop that is some minutes late, which nobody notices."""

    def now(self) -> datetime:
        return datetime.now(UTC) - timedelta(minutes=3)


def test_a_laptop_whose_clock_is_late_changes_details_that_the_gateway_has_dated_later(
    ways: GatewayWays, servers: Servers, short: Path, tmp_path: Path
) -> None:
    with laptop_on(ways, tmp_path, clock=Behind()) as laptop:
        call = laptop.send(short)
        laptop.until_sent(call)
        for number, company in enumerate(("Globex", "Initech"), start=1):
            laptop.engine.describe((call,), DETAILS.__class__(company, "mary@globex.com", "sales"))
            laptop.until(partial(settled_edits_are, laptop, call, number))

    assert laptop.rejections() == []
    (document,) = servers.documents_of(laptop.jobs[call])
    assert document["metadata"]["company_name"] == "Initech"


def made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def test_what_a_colleague_has_sent_is_told_with_their_name_and_goes_when_the_rep_says_so(
    ways: GatewayWays, servers: Servers, tmp_path: Path
) -> None:
    path = noise(tmp_path / "theirs.wav", 300_000, random.Random())
    with laptop_on(ways, made(tmp_path / "hers")) as hers:
        theirs = hers.send(path)
        hers.until_sent(theirs)
    with laptop_on(ways, made(tmp_path / "mine")) as mine:
        call = mine.drop(path)
        mine.until(lambda: mine.jobs[call].question is Rejection.DUPLICATE)
        trouble = mine.jobs[call].trouble
        assert trouble is not None
        assert (trouble.params or {})["call_id"] == theirs
        assert (trouble.params or {})["sent_by"] == "rep"
        mine.engine.send((call,), DETAILS, again=True)
        mine.until_sent(call)

    arrived_whole_and_once(servers, mine.jobs[call], path)
    assert len(servers.documents_of(hers.jobs[theirs])) == 1


def test_a_question_of_what_colleagues_have_sent_that_is_not_answered_holds_up_no_call(
    ways: GatewayWays, servers: Servers, tmp_path: Path
) -> None:
    ways.gateway.plan.order("elsewhere", lambda exchange: exchange.reset(), times=None)
    path = noise(tmp_path / "call.wav", 300_000, random.Random())
    with laptop_on(ways, made(tmp_path / "rep")) as laptop:
        call = laptop.send(path)
        laptop.until_sent(call)
        assert laptop.codes(call) == []

    arrived_whole_and_once(servers, laptop.jobs[call], path)
    # It is asked once, for this call and those after it.
    assert len(ways.gateway.plan.exchanges("elsewhere")) == 1
