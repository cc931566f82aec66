"""The operator's page: what it shows of a day, to whom, at what cost; read by a parser and by a real browser."""

import asyncio
import base64
import hashlib
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
import requests

from callup_desktop.calls.reconciliation import CallFacts, DayFacts, DayReport, FallenCall, reconcile
from callup_desktop.config.profile import load_profile
from callup_desktop.engine.errors import Code, TransientError
from callup_desktop.gateway import day_reports
from callup_desktop.gateway.blocking import BlockingCalls
from callup_desktop.gateway.day_reports import MOST_WAITING, DayReports, TenantDay
from callup_desktop.gateway.problems import ProblemError
from callup_desktop.sandbox.embedded import Running
from callup_desktop.services.day_facts import DayReader
from tests.chromium import Page, chromium
from tests.cli.console import profile_with
from tests.gateway.clients import FIELDS, by_requests
from tests.gateway.inside import Inside, replica_inside
from tests.gateway.replica import UPLOAD
from tests.planted import PlantedDay
from tests.services.front import Front, front_of, refusal

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

OPERATOR, SENDER, OTHER = "operator-of-acme", "sender-of-acme", "operator-of-globex"
GOOD, BAD, STRANGE = date(2016, 3, 1), date(2016, 3, 2), date(2016, 3, 3)
SCRIPT = "<script>document.title = 'owned'</script>\u202e"
OLD_ROW = {"not_registered", "upload_open"}
"""The storage says when these began, and that was just now."""
ALONE = {"object_missing", "size_differs", "doubled", "not_taken_up", "stuck", "failed"}
"""Calls that the gateway has no row of."""


def tokens(*who: tuple[str, str, str]) -> str:
    return json.dumps(
        [
            {"sha256": hashlib.sha256(name.encode()).hexdigest(), "caller": name, "tenant": tenant, "roles": [role]}
            for name, tenant, role in who
        ]
    )


ACME = ((OPERATOR, "acme", "calls:operate"), (SENDER, "acme", "calls:send"))


@dataclass(frozen=True)
class Served:
    """Gateways on one day's places, and the front before their storage."""

    one_tenant: str
    two_tenants: str
    slow: str
    front: Front
    wrong: dict[str, str]


@pytest.fixture(scope="module")
def served(sandbox: Running, tmp_path_factory: pytest.TempPathFactory, s3: "S3Client") -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("operator")
    with front_of(sandbox.s3_endpoint) as front:
        path = profile_with(folder, sandbox, collection="compared_at_gateway", endpoint=front.endpoint)
        with (
            quiet(path, folder / "one", tokens(*ACME)) as one,
            quiet(path, folder / "two", tokens(*ACME, (OTHER, "globex", "calls:operate"))) as two,
            quiet(path, folder / "slow", tokens(*ACME), report_within=0) as slow,
            ExitStack() as days,
        ):
            # Now that the gateways are up, which look at what others left as they start, and then not again.
            wrong = plant(path, sandbox, s3, days)
            yield Served(one.address, two.address, slow.address, front, wrong)


@contextmanager
def quiet(path: Path, log: Path, entries: str, **settings: Any) -> Iterator[Inside]:
    with replica_inside(path, log, tokens=entries, relay_interval=3600, **settings) as running:
        yield running


def plant(path: Path, sandbox: Running, s3: "S3Client", days: ExitStack) -> dict[str, str]:
    profile = load_profile(path)

    def planted(day: date) -> PlantedDay:
        return days.enter_context(PlantedDay.at(day, profile, sandbox.profile, s3))

    good = planted(GOOD)
    for name in ("one", "two"):
        good.whole(name)
        good.row(name)
    good.whole("of globex")
    good.row("of globex", tenant="globex")
    planted(STRANGE).whole("strange", status="failed", uploaded_by=SCRIPT)
    s3.put_object(Bucket=profile.bucket, Key="2016/03/03/<img src=x>.mp3", Body=b"")
    made = planted(BAD).everything_that_can_go_wrong()
    return {name: call_id for name, call_id in made.items() if name not in OLD_ROW}


class Read(HTMLParser):
    """A page as a parser sees it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.texts: list[str] = []
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1] != "style":
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " | ".join(text for text in self.texts if text.strip())


def basic(token: str, name: str = "any") -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{token}".encode()).decode(), "Accept": "text/html"}


def shown(address: str, day: date | str, token: str = OPERATOR) -> tuple[requests.Response, Read]:
    answer = requests.get(f"{address}/reconcile", {"day": str(day)}, headers=basic(token), timeout=60)
    return answer, Read(answer.text)


def told(address: str, day: date, token: str = OPERATOR) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token}"}
    answer = requests.get(f"{address}/reconcile.json", {"day": str(day)}, headers=headers, timeout=60)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def kinds(found: dict[str, Any]) -> set[tuple[str, str]]:
    return {(call["difference"], call["call_id"]) for call in found["fallen"]}


def test_a_day_that_agrees_is_shown_with_the_number_of_every_stage(served: Served) -> None:
    answer, page = shown(served.two_tenants, GOOD)

    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "Calls of 1 March 2016" in page.text
    assert "All agree | Every call that was sent is stored, registered, announced and transcribed." in page.text
    for stage in ("Sent", "Stored", "Registered", "Announced", "Transcribed"):
        assert stage in page.texts
    assert [text for text in page.texts if text.isdecimal()] == ["2"] * 5
    assert {"/reconcile?day=2016-02-29", "/reconcile?day=2016-03-02"} <= set(page.links)
    assert "table" not in page.tags


def test_each_call_that_falls_out_is_shown_with_what_it_means(served: Served) -> None:
    _, page = shown(served.one_tenant, BAD)

    assert f"{len(served.wrong)} differences" in page.text
    for call_id in served.wrong.values():
        assert call_id in page.texts
    assert "Size differs | 1 | The stored recording has another size than the one that was sent." in page.text
    assert "stored: 25 bytes, registered: 10 bytes" in page.texts
    assert "2016-03-02 09:30" in page.texts


def test_a_program_gets_the_same_as_json_by_its_address_or_by_what_it_accepts(served: Served) -> None:
    found = told(served.one_tenant, BAD)
    headers = {"Authorization": f"Bearer {OPERATOR}", "Accept": "application/json"}
    accepted = requests.get(f"{served.one_tenant}/reconcile", {"day": str(BAD)}, headers=headers, timeout=60)

    assert accepted.json() == found
    assert kinds(found) == set(served.wrong.items())
    assert found["left_off"] == 0
    assert found["report"]["differences"] == dict.fromkeys(served.wrong, 1)
    assert found["report"]["agrees"] is False


def test_an_operator_sees_the_calls_of_its_own_tenant_only(served: Served) -> None:
    of_gateway = {item for item in served.wrong.items() if item[0] not in ALONE}

    assert kinds(told(served.two_tenants, BAD)) == of_gateway
    assert told(served.two_tenants, BAD, OTHER)["report"]["stages"]["sent"] == 0
    assert told(served.two_tenants, GOOD, OTHER)["report"]["stages"]["sent"] == 1
    assert told(served.one_tenant, GOOD)["report"]["stages"]["sent"] == 2


def test_calls_that_were_really_posted_agree_whether_they_are_stored_at_once_or_in_parts(
    served: Served, long_call: Path, recordings: Mapping[str, Path]
) -> None:
    sender = {"Authorization": f"Bearer {SENDER}"}
    first = datetime.now(UTC).date()
    for file in (recordings["mp3"], long_call):
        assert by_requests(f"{served.two_tenants}{UPLOAD}", FIELDS, file, sender).status == 201
    days = {first, datetime.now(UTC).date()}

    reports = [told(served.two_tenants, day) for day in days]

    assert [report["fallen"] for report in reports] == [[]] * len(days)
    for stage in ("sent", "stored", "registered"):
        assert sum(report["report"]["stages"][stage] for report in reports) == 2


@pytest.mark.parametrize(
    "headers",
    [
        {},
        basic("not-a-token"),
        {"Authorization": "Basic !!!"},
        {"Authorization": "Basic /w=="},
        {"Authorization": "Bearer wrong"},
    ],
    ids=["nobody", "wrong token", "no base64", "no UTF-8", "wrong bearer"],
)
def test_whoever_is_not_known_is_asked_by_the_browser_and_told_what_to_type(
    served: Served, headers: dict[str, str]
) -> None:
    answer = requests.get(f"{served.one_tenant}/reconcile", headers={"Accept": "text/html", **headers}, timeout=60)

    assert (answer.status_code, answer.headers["www-authenticate"]) == (
        401,
        'Basic realm="CallUp operator", charset="UTF-8"',
    )
    assert "the password is your token" in Read(answer.text).text


def test_a_program_that_is_not_known_is_asked_for_a_bearer(served: Served) -> None:
    for path, headers in (("/reconcile.json", {}), ("/reconcile", {"Accept": "application/json"})):
        answer = requests.get(served.one_tenant + path, headers=headers, timeout=60)
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


def test_a_token_that_may_only_send_sees_no_report(served: Served) -> None:
    answer, page = shown(served.one_tenant, GOOD, SENDER)

    assert (answer.status_code, "www-authenticate" in answer.headers) == (403, False)
    assert "progress" not in page.tags


def test_whatever_comes_from_outside_is_text(served: Served) -> None:
    _, page = shown(served.one_tenant, STRANGE)

    assert not {"script", "img"} & set(page.tags)
    assert SCRIPT.replace("\u202e", "\\u202e") in page.texts


@pytest.mark.parametrize("day", ["2016-02-30", "today", "20160301", "2016-W01-1", "<b>"])
def test_what_is_no_day_is_told_in_words(served: Served, day: str) -> None:
    answer, page = shown(served.one_tenant, day)

    assert (answer.status_code, "That is no day. Days look like 2026-11-27." in page.texts) == (400, True)
    assert "b" not in page.tags


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_first_and_the_last_day_are_days(served: Served, day: str) -> None:
    answer, page = shown(served.one_tenant, day)

    assert (answer.status_code, "No calls" in page.text) == (200, True)


def test_without_a_day_it_is_today(served: Served) -> None:
    before = datetime.now(UTC).date()
    answer = requests.get(f"{served.one_tenant}/reconcile", headers=basic(OPERATOR), timeout=60)
    after = datetime.now(UTC).date()

    assert any(f'value="{day}"' in answer.text for day in (before, after))


def test_the_page_forbids_scripts_frames_and_everything_from_elsewhere(served: Served) -> None:
    headers = shown(served.one_tenant, GOOD)[0].headers

    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert (headers["cache-control"], headers["x-content-type-options"]) == ("no-store", "nosniff")
    assert (headers["referrer-policy"], headers["x-frame-options"]) == ("no-referrer", "DENY")
    assert "set-cookie" not in headers


def test_another_site_cannot_have_the_browser_fetch_reports(served: Served) -> None:
    def status(mode: str) -> int:
        fetched = {**basic(OPERATOR), "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": mode}
        return requests.get(
            f"{served.one_tenant}/reconcile", {"day": str(GOOD)}, headers=fetched, timeout=60
        ).status_code

    assert (status("no-cors"), status("navigate")) == (403, 200)


def listings(front: Front, day: date) -> int:
    prefix = f"prefix={day:%Y%%2F%m%%2F%d}%2F"
    return sum("list-type=2" in request.path and prefix in request.path for request in front.arrived)


def test_a_storm_of_reloads_costs_the_store_one_report(served: Served) -> None:
    day = date(2016, 4, 1)
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: shown(served.one_tenant, day)[0].status_code, range(60)))

    assert (set(answers), listings(served.front, day)) == ({200}, 1)


def test_a_store_that_refuses_is_told_in_words_and_never_as_missing_calls(served: Served) -> None:
    day = date(2016, 4, 2)
    served.front.answer(
        "", refusal(403, "AccessDenied"), times=100, applies=lambda asked: "2016%2F04%2F02" in asked.path
    )

    answer, page = shown(served.one_tenant, day)
    headers = {"Authorization": f"Bearer {OPERATOR}"}
    as_json = requests.get(f"{served.one_tenant}/reconcile.json", {"day": str(day)}, headers=headers, timeout=60)

    assert (answer.status_code, "progress" in page.tags) == (503, False)
    assert "Calls of 2 April 2016 | No report: not everything could be read | " in page.text
    assert "Storage refuses us. Your admin needs to allow it." in page.texts
    assert (as_json.status_code, as_json.json()["cause"]) == (503, "access_denied")


def test_a_report_that_takes_longer_brings_the_page_back_by_itself(served: Served) -> None:
    day = date(2016, 4, 3)
    headers = {"Authorization": f"Bearer {OPERATOR}"}
    with served.front.delay("") as asked:
        answer, page = shown(served.slow, day)
        assert asked.wait(60)
        as_json = requests.get(f"{served.slow}/reconcile.json", {"day": str(day)}, headers=headers, timeout=60)

    assert (as_json.status_code, as_json.headers["retry-after"], as_json.json()) == (202, "3", {"status": "comparing"})
    assert (answer.status_code, answer.headers["refresh"]) == (202, "3")
    assert "Comparing…" in page.text


@dataclass
class Gated:
    """A reader whose reports wait until they are let go; `running` are the tenants' days that are being read."""

    running: list[date] = field(default_factory=list)
    most: int = 0
    fails: bool = False
    gate: threading.Event = field(default_factory=threading.Event)
    began: "asyncio.Queue[date]" = field(default_factory=asyncio.Queue)
    loop: asyncio.AbstractEventLoop | None = None

    def report(
        self, day: date, fallen: Callable[[FallenCall], None], belongs: Callable[[CallFacts], bool]
    ) -> DayReport:
        self.running.append(day)
        self.most = max(self.most, len(self.running))
        assert self.loop is not None
        self.loop.call_soon_threadsafe(self.began.put_nowait, day)
        self.gate.wait(60)
        self.running.remove(day)
        if self.fails:
            raise TransientError(Code.STORAGE_BUSY, "")
        return reconcile(day, DayFacts(), lambda: datetime.now(UTC), fallen, belongs)


@contextmanager
def gated(answer_within: float = 60) -> Iterator[tuple[Gated, DayReports]]:
    reader, blocking = Gated(loop=asyncio.get_running_loop()), BlockingCalls(4)
    try:
        yield reader, DayReports(cast(DayReader, reader), blocking, None, answer_within)
    finally:
        reader.gate.set()
        blocking.close()


def test_a_tenant_has_one_report_made_at_a_time_and_holds_up_no_other() -> None:
    async def scenario() -> None:
        with gated() as (reader, reports):
            asked = [asyncio.create_task(reports.of("acme", day)) for day in (GOOD, BAD, STRANGE)]
            assert await reader.began.get() == GOOD
            other = asyncio.create_task(reports.of("globex", BAD))
            assert await reader.began.get() == BAD
            assert reader.running == [GOOD, BAD]
            reader.gate.set()
            found = await asyncio.gather(*asked, other)

        assert [each.report.day for each in found if each] == [GOOD, BAD, STRANGE, BAD]

    asyncio.run(scenario())


def test_more_days_than_a_person_looks_at_are_refused_for_a_while() -> None:
    async def scenario() -> None:
        with gated() as (reader, reports):
            days = [GOOD + timedelta(days=number) for number in range(MOST_WAITING)]
            asked = [asyncio.create_task(reports.of("acme", day)) for day in days]
            await reader.began.get()
            with pytest.raises(ProblemError) as refused:
                await reports.of("acme", date(2016, 5, 1))
            reader.gate.set()
            await asyncio.gather(*asked)

        assert refused.value.problem.code == Code.GATEWAY_BUSY

    asyncio.run(scenario())


def test_a_report_goes_on_while_nobody_waits_and_is_there_when_it_is_asked_for_again() -> None:
    async def scenario() -> TenantDay | None:
        with gated(answer_within=0) as (reader, reports):
            assert await reports.of("acme", GOOD) is None
            await reader.began.get()
            reader.gate.set()
            while (found := await reports.of("acme", GOOD)) is None:
                await asyncio.sleep(0)
            assert reader.began.empty()
            return found

    found = asyncio.run(scenario())
    assert found is not None


def test_a_failure_is_forgotten_sooner_than_a_report(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> None:
        with gated() as (reader, reports):
            reader.fails = True
            reader.gate.set()
            with pytest.raises(ProblemError):
                await reports.of("acme", GOOD)
            monkeypatch.setattr(day_reports, "FAILURE_REMEMBERED", 0.0)
            reader.fails = False
            found = await reports.of("acme", GOOD)
            again = await reports.of("acme", GOOD)

        assert found is not None
        assert again is found

    asyncio.run(scenario())


def test_the_end_of_a_gateway_waits_for_no_report() -> None:
    async def scenario() -> None:
        with gated() as (reader, reports):
            asked = asyncio.create_task(reports.of("acme", GOOD))
            await reader.began.get()
            await reports.close()
            with pytest.raises(asyncio.CancelledError):
                await asked

    asyncio.run(scenario())


@pytest.fixture(scope="module")
def browser() -> Iterator[Page]:
    with chromium() as page:
        yield page


def signed_in(served: Served, day: date) -> str:
    return f"{served.one_tenant.replace('://', f'://any:{OPERATOR}@')}/reconcile?day={day}"


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)], ids=["laptop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_a_browser_it_fits_the_screen_in_the_systems_colours(
    served: Served, browser: Page, width: int, height: int, scheme: str
) -> None:
    browser.be(width, height, scheme)
    browser.open(signed_in(served, BAD))

    assert browser.run("document.documentElement.scrollWidth") == width
    ground = browser.run("getComputedStyle(document.body).backgroundColor")
    assert ground == {"light": "rgb(244, 245, 247)", "dark": "rgb(20, 23, 28)"}[scheme]
    assert browser.run("document.querySelectorAll('.kind').length") == len(served.wrong)
    assert all(call_id in browser.run("document.body.innerText") for call_id in served.wrong.values())


def test_in_a_browser_nothing_from_outside_runs_and_the_policy_has_nothing_to_forbid(
    served: Served, browser: Page
) -> None:
    browser.complaints.clear()
    browser.open(signed_in(served, STRANGE))

    assert browser.run("document.title") == "Calls of 3 March 2016 · CallUp operator"
    assert "<script>" in browser.run("document.body.innerText")
    assert browser.complaints == []


def test_in_a_browser_one_goes_from_day_to_day_without_signing_in_again(served: Served, browser: Page) -> None:
    browser.be(1366, 768)
    browser.open(signed_in(served, BAD))

    browser.run("document.querySelector('nav a').click()")
    browser.until("document.querySelector('h1')?.textContent === 'Calls of 1 March 2016'")
    browser.run("document.querySelector('#day').value = '2016-03-03'; document.querySelector('button').click()")
    browser.until("document.querySelector('h1')?.textContent === 'Calls of 3 March 2016'")
    assert browser.run("location.search") == "?day=2016-03-03"


def test_in_a_browser_whoever_cancels_the_question_reads_what_to_type_and_is_asked_again(served: Served) -> None:
    with chromium() as page:
        page.asks_user()
        page.open(f"{served.one_tenant}/reconcile?day={BAD}")
        page.until("document.querySelector('h1')?.textContent === 'Please sign in'")

        page.login = ("any", OPERATOR)
        page.open(f"{served.one_tenant}/reconcile?day={BAD}")
        page.until("document.querySelector('h1')?.textContent === 'Calls of 2 March 2016'")
