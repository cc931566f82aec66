"""Each step x each fault, with the real engine, the real rooms and real servers behind a proxy that does harm."""

import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from callup_desktop.engine.commands import DetailsChange
from callup_desktop.engine.errors import Code
from callup_desktop.engine.events import Event, JobChanged
from callup_desktop.engine.job import Job, State
from callup_desktop.presentation.messages import Messages
from tests.faults import harms
from tests.faults.laptop import DETAILS, AnyLaptop, Network, OneSession, Ways
from tests.faults.matrix import CASES, GATEWAY_CASES, Case, Ends, some_of, told, told_of_gateway
from tests.faults.outcome import Servers
from tests.faults.proxy import Plan
from tests.faults.roads import GatewayRoad, Road, StraightRoad
from tests.faults.through_gateway import GatewayWays

EDITED = DetailsChange(company_name="Globex")
DOCS = Path(__file__).resolve().parents[2] / "docs"
ALL = os.environ.get("CALLUP_FAULTS") == "all"
OF_GATEWAY = GATEWAY_CASES if ALL else some_of(GATEWAY_CASES, 6)


@pytest.fixture(scope="module")
def ran() -> list[Case]:
    """The cases that ended as they should."""
    return []


@pytest.fixture(scope="module")
def ran_through_gateway() -> list[Case]:
    """Likewise of those through a gateway."""
    return []


def lead_to(case: Case, laptop: AnyLaptop, ways: Ways, path: Path) -> str:
    """Bring a call to where it is about to meet the step; its call_id."""
    match case.step:
        case "list" | "look":
            ways.storage.plan.order("part", harms.s3_refusal(500, "InternalError"))
        case "sign":
            # The URL of a short recording comes with its beginning; one that is past its time is signed again.
            ways.storage.plan.order("part", harms.s3_refusal(403, "AccessDenied"))
        case "head":
            ways.storage.plan.order("complete", harms.reset_after)
        case "abort" | "list uploads" | "remove":
            return _cancelled(laptop, path, lambda job: job.upload_id is not None)
        case "delete":
            ways.of("register").plan.order("register", harms.mongo_error(13, "Unauthorized"), times=None)
            return _cancelled(laptop, path, lambda job: job.trouble is not None)
        case "find":
            ways.of("register").plan.order("register", harms.reset_before, times=None)
            return _cancelled(laptop, path, lambda job: job.trouble is not None)
        case "edit":
            call = laptop.send(path)
            laptop.until_sent(call)
            laptop.engine.describe((call,), EDITED)
            return call
    return laptop.send(path)


def _cancelled(laptop: AnyLaptop, path: Path, now: Callable[[Job], bool]) -> str:
    """Send a call, and take it back at the first change that tells it is time."""
    told: list[str] = []

    def listen(event: Event) -> None:
        if isinstance(event, JobChanged) and now(event.job) and not told:
            told.append(event.job.id)
            laptop.engine.cancel((event.job.id,))

    laptop.listeners.append(listen)
    return laptop.send(path)


def lift_once_seen(case: Case, laptop: AnyLaptop, network: Ways) -> list[Job]:
    """Stop the harm as soon as the call shows that it met it; the list will hold the call as it stood then."""
    plan = plan_of(case, network)
    seen: list[Job] = []
    failures = 0

    def listen(event: Event) -> None:
        nonlocal failures
        if seen or not isinstance(event, JobChanged) or not plan.met(case.step):
            return
        trouble = event.job.trouble
        failures += trouble is not None and trouble.code == case.code
        if failures == case.failures:
            seen.append(event.job)
            network.lift()

    laptop.listeners.append(listen)
    return seen


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_call_ends_where_the_contract_says(
    case: Case,
    tmp_path: Path,
    network: Network,
    keys: OneSession,
    servers: Servers,
    short: Path,
    ran: list[Case],
) -> None:
    ends_as_told(case, StraightRoad(servers, network, keys), tmp_path, short)
    ran.append(case)


def plan_of(case: Case, ways: Ways) -> Plan:
    """Where the case's step is met; what only a gateway asks of storage is met before storage."""
    return (ways.storage if case.step in {"create", "list"} else ways.of(case.step)).plan


@pytest.mark.parametrize("case", OF_GATEWAY, ids=str)
def test_the_call_ends_where_the_contract_says_through_a_gateway(
    case: Case, tmp_path: Path, ways: GatewayWays, servers: Servers, short: Path, ran_through_gateway: list[Case]
) -> None:
    ends_as_told(case, GatewayRoad(servers, ways), tmp_path, short)
    ran_through_gateway.append(case)


def ends_as_told(case: Case, road: Road, home: Path, short: Path) -> None:
    """Let a call of this recording meet the case on its road."""
    servers, network = road.servers, road.ways
    plan = plan_of(case, network)
    with road.laptop(home, plan=case.plan, stall=case.stall) as laptop:
        seen = lift_once_seen(case, laptop, network)
        plan.order(case.step, case.make(servers, short), times=case.times)
        call = lead_to(case, laptop, network, short)
        if case.ends is not Ends.UNSEEN:
            laptop.until(lambda: bool(seen))
            shown_as_promised(case, laptop, seen[0])
            let_go_on(case, laptop, call)
        if case.taken_back:
            laptop.until_gone(call)
        else:
            laptop.until(lambda: call in laptop.jobs and laptop.jobs[call].is_finished)
        job = laptop.jobs[call]
        assert plan.met(case.step), "the call never met the fault"
        if case.code is None:
            assert laptop.codes(call) == [] or case.step in {"list", "head"} or case.taken_back
    if case.taken_back:
        road.nothing_is_left(job)
    else:
        road.arrived_whole_and_once(job, short)
        (document,) = servers.documents_of(job)
        wanted = EDITED if case.edited else DETAILS
        assert document["metadata"]["company_name"] == wanted.company_name == job.details.company_name
    no_stored_part_was_sent_again(network)


def test_the_tables_in_the_documentation_are_what_was_run(ran: list[Case], ran_through_gateway: list[Case]) -> None:
    straight, through = len(ran) == len(CASES), len(ran_through_gateway) == len(GATEWAY_CASES)
    if not straight and not through:
        pytest.skip("a table is made of a whole run")
    wrong = [
        *(wrong_page("fault-matrix.md", told(ran)) if straight else ()),
        *(wrong_page("fault-matrix-gateway.md", told_of_gateway(ran_through_gateway)) if through else ()),
    ]
    assert wrong == [], "told something else; they are written again"


def wrong_page(name: str, table: str) -> list[str]:
    """The page's name if it does not tell this table; it does then."""
    page = DOCS / name
    if page.exists() and page.read_text(encoding="utf-8") == table:
        return []
    page.write_text(table, encoding="utf-8")
    return [name]


def shown_as_promised(case: Case, laptop: AnyLaptop, job: Job) -> None:
    """The state, the sentence, the wait."""
    assert job.trouble is not None
    code = Code(job.trouble.code)
    assert code is case.code
    assert Messages().of_call(code, job.trouble.params, edit_asked=job.awaits_edit) == case.sentence
    assert "secret words" not in job.trouble.detail
    if case.waits_at_least:
        assert job.retry_at is not None
        assert (job.retry_at - job.trouble.at).total_seconds() >= case.waits_at_least
    if case.taken_back:
        return
    waiting = State.DONE if case.edited else State.RUNNING if case.starts_again else State.QUEUED
    assert job.state is (State.FAILED if case.ends is Ends.FAILED else waiting)
    if case.ends is Ends.BLOCKED:
        laptop.until(lambda: (blocked := laptop.status().blocked) is not None and blocked.code == code)


def let_go_on(case: Case, laptop: AnyLaptop, call: str) -> None:
    """What the rep, or the admin, does about it; nothing where it goes on by itself."""
    if case.ends in {Ends.FAILED, Ends.KEPT}:
        laptop.engine.retry((call,))
    elif case.ends is Ends.STAYS:
        laptop.engine.cancel((call,))
    elif case.ends is Ends.BLOCKED:
        laptop.engine.check_again()
    elif case.waits_at_least:
        laptop.engine.set_online(online=True)  # saves the test the second that it was asked to wait


def no_stored_part_was_sent_again(network: Ways) -> None:
    """A part that the store once took is not sent to the same upload again."""
    arrived = network.storage.plan.exchanges("part")
    times = Counter((seen.arrived.upload_id, seen.arrived.part) for seen in arrived if seen.acted)
    assert all(count == 1 for count in times.values()), times
