"""`callup reconcile`: what it prints of a day, and what the shell hears."""

import json
import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pymongo.collection import Collection

from callup_desktop.calls.reconciliation import DayReport, Difference
from callup_desktop.config.profile import load_profile
from callup_desktop.sandbox.embedded import Running
from callup_desktop.services.day_facts import open_reader
from callup_desktop.services.secrets import open_secrets
from tests.cli.console import DETAILS, Answer, Callup, profile_with, run_console, wav
from tests.planted import PlantedDay
from tests.services.front import front_of, refusal

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

GOOD, BAD = date(2017, 3, 1), date(2017, 3, 2)
NOT_LATE_YET = {"not_registered", "upload_open"}
"""The storage says when these began, and that was just now."""


@pytest.fixture(scope="module")
def profile(sandbox: Running, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return profile_with(tmp_path_factory.mktemp("operator"), sandbox, collection="compared_by_console")


@pytest.fixture(scope="module")
def wrong(profile: Path, sandbox: Running, s3: "S3Client") -> Iterator[dict[str, str]]:
    """One good day and one on which everything went wrong: the call_id of each difference."""
    with PlantedDay.at(GOOD, load_profile(profile), sandbox.profile, s3) as day:
        day.whole("good")
    with PlantedDay.at(BAD, load_profile(profile), sandbox.profile, s3) as day:
        made = day.everything_that_can_go_wrong()
        yield {name: call_id for name, call_id in made.items() if name not in NOT_LATE_YET}


@pytest.fixture
def callup(home: Path, profile: Path, wrong: dict[str, str]) -> Callup:
    assert wrong
    return Callup(home, profile)


def lines(answer: Answer) -> list[dict[str, Any]]:
    return [json.loads(line) for line in answer.out.splitlines()]


def test_a_script_is_told_each_call_that_falls_out_and_a_line_for_each_day(
    callup: Callup, wrong: dict[str, str]
) -> None:
    said = callup("reconcile", "--json", "--day", str(BAD), "--day", str(GOOD))

    good, *fallen, bad = lines(said)
    assert said.code == 4
    assert (good["day"], good["agrees"], good["differences"], good["under_way"]) == (str(GOOD), True, {}, 0)
    assert good["stages"] == dict.fromkeys(("sent", "stored", "registered", "announced", "transcribed"), 1)
    assert {(line["difference"], line["call_id"]) for line in fallen} == set(wrong.items())
    assert (bad["day"], bad["agrees"], bad["under_way"]) == (str(BAD), False, 2)
    assert bad["differences"] == dict.fromkeys(wrong, 1)
    (size,) = [line for line in fallen if line["difference"] == "size_differs"]
    assert size == {
        "day": str(BAD),
        "difference": "size_differs",
        "call_id": wrong["size_differs"],
        "s3_key": f"2017/03/02/{wrong['size_differs']}.mp3",
        "since": "2017-03-02T09:30:00Z",
        "stored_size": 25,
        "registered_size": 10,
        "status": "completed",
        "sent_by": "rep@acme.com",
    }


def test_people_see_tables_in_utc_and_what_each_difference_means(callup: Callup, wrong: dict[str, str]) -> None:
    said = callup("reconcile", "--day", str(BAD))

    assert said.code == 4
    assert "day (UTC)" in said.out.splitlines()[0]
    for call_id in wrong.values():
        assert call_id in said.out
    assert "2017-03-02 09:30" in said.out
    assert "stored: 25 bytes, registered: 10 bytes" in said.out
    assert "Stuck: The pipeline began with it, and has not moved for six hours." in said.out


def test_a_day_that_agrees_is_one_line_and_exit_code_0(callup: Callup) -> None:
    said = callup("reconcile", "--day", str(GOOD))

    assert (said.code, len(said.out.splitlines()), said.err) == (0, 2, "")
    assert said.out.splitlines()[1].split() == [str(GOOD), "1", "1", "1", "1", "1", "0", "All", "agree"]


def test_without_a_day_yesterday_and_today_are_compared(callup: Callup) -> None:
    before = datetime.now(UTC).date()
    said = callup("reconcile", "--json")
    after = datetime.now(UTC).date()

    days = [line["day"] for line in lines(said) if "stages" in line]
    assert days in [[str(today - timedelta(days=1)), str(today)] for today in (before, after)]


def test_a_store_that_refuses_half_way_is_told_and_the_other_days_are_compared_all_the_same(
    home: Path, sandbox: Running, wrong: dict[str, str], tmp_path: Path
) -> None:
    with front_of(sandbox.s3_endpoint) as front:
        front.answer(
            "",
            refusal(403, "AccessDenied"),
            times=100,
            applies=lambda asked: "list-type=2" in asked.path and "2017%2F03%2F02" in asked.path,
        )
        through = profile_with(tmp_path, sandbox, collection="compared_by_console", endpoint=front.endpoint)
        said = Callup(home, through)("reconcile", "--json", "--day", str(GOOD), "--day", str(BAD))

    good, error = lines(said)
    assert wrong
    assert (said.code, good["day"], good["agrees"]) == (1, str(GOOD), True)
    assert (error["day"], error["error"]["code"]) == (str(BAD), "access_denied")
    assert error["error"]["message"].startswith("2017-03-02: no report, because not everything could be read.")
    assert "ListObjectsV2" in error["error"]["detail"]


def test_a_call_that_was_really_sent_agrees_once_the_pipeline_is_done_with_it(
    callup: Callup, profile: Path, sandbox: Running, tmp_path: Path, calls: Collection[dict[str, Any]]
) -> None:
    sent = callup("send", wav(tmp_path / "call.wav"), *DETAILS)
    (receipt,) = lines(sent)
    registered = calls.database["compared_by_console"]
    document = registered.find_one({"_id": receipt["call_id"]})
    assert document is not None
    day = date(*map(int, document["audio"]["s3_key"].split("/")[:3]))
    loaded = load_profile(profile)

    def compared() -> DayReport:
        later = datetime.now(UTC) + timedelta(hours=2)
        with open_reader(loaded, open_secrets(loaded, sandbox.profile), lambda: later) as reader:
            return reader.report(day, lambda _call: None, lambda call: call.call_id == receipt["call_id"])

    assert compared().differences == {Difference.NOT_TAKEN_UP: 1}
    registered.update_one({"_id": receipt["call_id"]}, {"$set": {"status": "completed"}})
    assert compared().agrees
    assert set(compared().stages.values()) == {1}


def test_on_the_gateways_machine_its_profile_is_taken_without_being_named(
    home: Path, profile: Path, wrong: dict[str, str]
) -> None:
    environment = {**os.environ, "CALLUP_HOME": str(home), "CALLUP_GATEWAY_PROFILE": str(profile)}
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        code = run_console(["reconcile", "--json", "--day", str(BAD)], environment, out, err)
        out.seek(0)
        told = [json.loads(line) for line in out.read().splitlines()]

    assert code == 4
    assert told[-1]["differences"] == dict.fromkeys(wrong, 1)


@pytest.mark.parametrize("day", ["yesterday", "2017-02-30", "", "1.3.2017", "2017-W09-3"])
def test_a_day_that_is_none_is_refused_by_the_command_line(home: Path, sandbox: Running, day: str) -> None:
    said = Callup(home, sandbox.profile)("reconcile", "--day", day)

    assert (said.code, said.out) == (2, "")
    assert "is not a day" in said.err
