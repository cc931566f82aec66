"""One call after another is looked at in all places: whether it falls out, and how far it got."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from callup_desktop.calls.reconciliation import (
    CallFacts,
    DayFacts,
    DayReport,
    Difference,
    Fact,
    FallenCall,
    GatewayRow,
    OpenUpload,
    OutOfOrderError,
    RegisteredCall,
    Stage,
    StoredRecording,
    differences_of,
    reconcile,
    stages_of,
)

DAY = date(2026, 11, 27)
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
OLD, YOUNG = NOW - timedelta(hours=2), NOW - timedelta(minutes=5)
CALL_ID = "550e8400-e29b-41d4-a716-446655440000"
KEY = f"2026/11/27/{CALL_ID}.mp3"
RECORDING = StoredRecording(KEY, 10, "etag", OLD)
DOCUMENT = RegisteredCall(KEY, CALL_ID, 10, "completed", OLD, OLD, "rep@acme.com")
ROW = GatewayRow(KEY, CALL_ID, "acme", "dialer-1", OLD, 10, "etag", registered_at=OLD, announced_at=OLD)
BEGUN = replace(ROW, size=0, etag=None, registered_at=None, announced_at=None)
WHOLE = CallFacts(KEY, RECORDING, (DOCUMENT,), ROW)


def with_status(status: str, updated_at: datetime = OLD, created_at: datetime = OLD) -> tuple[RegisteredCall, ...]:
    return (replace(DOCUMENT, status=status, updated_at=updated_at, created_at=created_at),)


def later(hours: int) -> datetime:
    return NOW + timedelta(hours=hours)


def report(facts: DayFacts) -> tuple[DayReport, list[FallenCall]]:
    fallen: list[FallenCall] = []
    return reconcile(DAY, facts, lambda: NOW, fallen.append), fallen


@pytest.mark.parametrize("row", [ROW, None], ids=["gateway", "laptop"])
def test_a_call_that_is_everywhere_reached_all_stages_and_does_not_fall_out(row: GatewayRow | None) -> None:
    call = replace(WHOLE, row=row)

    assert stages_of(call) == frozenset(Stage)
    assert differences_of(call, NOW) == ()


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (CallFacts(KEY, RECORDING), Difference.NOT_REGISTERED),
        (CallFacts(KEY, None, (DOCUMENT,)), Difference.OBJECT_MISSING),
        (replace(WHOLE, recording=replace(RECORDING, size=9)), Difference.SIZE_DIFFERS),
        (replace(WHOLE, recording=replace(RECORDING, etag="other")), Difference.CONTENT_DIFFERS),
        (replace(WHOLE, documents=()), Difference.DOCUMENT_GONE),
        (replace(WHOLE, documents=(DOCUMENT, DOCUMENT)), Difference.DOUBLED),
        (
            replace(WHOLE, documents=with_status("uploaded"), row=replace(ROW, announced_at=None)),
            Difference.NOT_ANNOUNCED,
        ),
        (replace(WHOLE, documents=with_status("uploaded")), Difference.NOT_TAKEN_UP),
        (CallFacts(KEY, RECORDING, with_status("uploaded")), Difference.NOT_TAKEN_UP),
        (replace(WHOLE, documents=with_status("transcribing", NOW - timedelta(hours=7))), Difference.STUCK),
        (replace(WHOLE, documents=with_status("analyzing", NOW - timedelta(hours=7))), Difference.STUCK),
        (replace(WHOLE, documents=with_status("transcription_failed")), Difference.FAILED),
        (CallFacts(KEY, uploads=(OpenUpload(KEY, OLD),)), Difference.UPLOAD_OPEN),
        (replace(WHOLE, uploads=(OpenUpload(KEY, OLD),)), Difference.UPLOAD_OPEN),
        (CallFacts(KEY, row=replace(BEGUN, awaits_sender=True, due_at=later(99))), Difference.UPLOAD_OPEN),
        (CallFacts(KEY, row=replace(BEGUN, due_at=OLD)), Difference.ROW_LEFT_OVER),
        (CallFacts("", row=replace(BEGUN, key="", due_at=OLD)), Difference.ROW_LEFT_OVER),
        (
            CallFacts(KEY, row=replace(BEGUN, is_dropped=True, given_up_at=OLD, due_at=later(1))),
            Difference.ROW_LEFT_OVER,
        ),
        (
            CallFacts(KEY, row=replace(BEGUN, created_at=NOW - timedelta(days=2), due_at=later(1))),
            Difference.ROW_LEFT_OVER,
        ),
    ],
    ids=lambda value: value.value if isinstance(value, Difference) else "",
)
def test_a_call_that_falls_out_says_why(call: CallFacts, expected: Difference) -> None:
    assert differences_of(call, NOW) == (expected,)


@pytest.mark.parametrize(
    ("call", "reached"),
    [
        (CallFacts(KEY, replace(RECORDING, modified_at=YOUNG)), {Stage.SENT, Stage.STORED}),
        (CallFacts(KEY, None, with_status("completed", YOUNG, YOUNG)), set(Stage) - {Stage.STORED}),
        (
            CallFacts(KEY, RECORDING, with_status("uploaded", YOUNG, YOUNG)),
            {Stage.SENT, Stage.STORED, Stage.REGISTERED},
        ),
        (
            replace(WHOLE, documents=with_status("uploaded"), row=replace(ROW, announced_at=None, registered_at=YOUNG)),
            {Stage.SENT, Stage.STORED, Stage.REGISTERED},
        ),
        (replace(WHOLE, documents=with_status("transcribing", OLD)), set(Stage) - {Stage.TRANSCRIBED}),
        (CallFacts(KEY, uploads=(OpenUpload(KEY, YOUNG),)), {Stage.SENT}),
        (CallFacts(KEY, row=replace(BEGUN, due_at=later(1))), {Stage.SENT}),
        (CallFacts(KEY, row=replace(BEGUN, created_at=YOUNG, awaits_sender=True, due_at=later(99))), {Stage.SENT}),
    ],
)
def test_a_call_whose_time_is_not_over_is_under_way(call: CallFacts, reached: set[Stage]) -> None:
    assert differences_of(call, NOW) == ()
    assert stages_of(call) == reached


def test_a_recording_that_was_refused_or_taken_back_is_no_call() -> None:
    call = CallFacts(KEY, row=replace(BEGUN, is_dropped=True, given_up_at=OLD))

    assert (stages_of(call), differences_of(call, NOW)) == (frozenset(), ())
    assert report(DayFacts(rows=[replace(BEGUN, is_dropped=True, given_up_at=OLD)]))[0].under_way == 0


def test_what_is_stored_of_a_call_that_was_given_up_falls_out_all_the_same() -> None:
    call = CallFacts(KEY, RECORDING, row=replace(BEGUN, is_dropped=True, given_up_at=OLD, due_at=later(1)))

    assert differences_of(call, NOW) == (Difference.NOT_REGISTERED, Difference.ROW_LEFT_OVER)


def test_the_places_are_put_side_by_side_by_key() -> None:
    keys = [f"2026/11/27/550e8400-e29b-41d4-a716-44665544000{number}.mp3" for number in range(4)]
    facts = DayFacts(
        recordings=[replace(RECORDING, key=keys[at]) for at in (0, 1, 3)],
        registered=[replace(DOCUMENT, key=keys[at]) for at in (0, 2, 3)],
        rows=[replace(ROW, key=keys[3])],
        uploads=[OpenUpload(keys[2], YOUNG)],
        rows_without_key=[replace(BEGUN, key="", call_id="begun", due_at=OLD)],
    )

    told, fallen = report(facts)

    assert told.stages == {
        Stage.SENT: 5,
        Stage.STORED: 3,
        Stage.REGISTERED: 3,
        Stage.ANNOUNCED: 3,
        Stage.TRANSCRIBED: 3,
    }
    assert [(call.difference, call.s3_key) for call in fallen] == [
        (Difference.NOT_REGISTERED, keys[1]),
        (Difference.OBJECT_MISSING, keys[2]),
        (Difference.ROW_LEFT_OVER, ""),
    ]
    assert told.differences == {call.difference: 1 for call in fallen}
    assert not told.agrees


def test_who_sent_it_and_what_is_known_of_it_is_told() -> None:
    recording = replace(RECORDING, size=9)
    _, (by_gateway,) = report(DayFacts([recording], [DOCUMENT], [ROW]))
    _, (by_laptop,) = report(DayFacts([recording], [DOCUMENT]))
    _, (foreign,) = report(DayFacts([replace(recording, key="2026/11/27/notes.txt")]))

    assert (by_gateway.sent_by, by_laptop.sent_by, foreign.sent_by) == ("dialer-1", "rep@acme.com", None)
    assert (by_gateway.call_id, by_gateway.since) == (CALL_ID, OLD)
    assert (by_gateway.stored_size, by_gateway.registered_size, by_gateway.status) == (9, 10, "completed")
    assert (foreign.call_id, foreign.registered_size) == (None, None)


def test_the_calls_that_do_not_belong_to_it_are_not_in_the_report() -> None:
    other = KEY.replace("0000.", "0001.")
    facts = DayFacts(rows=[ROW, replace(ROW, key=other, tenant="globex")])
    fallen: list[FallenCall] = []

    told = reconcile(
        DAY, facts, lambda: NOW, fallen.append, lambda call: call.row is not None and call.row.tenant == "acme"
    )

    assert (told.stages[Stage.SENT], [call.s3_key for call in fallen]) == (1, [KEY])


def test_a_place_that_tells_out_of_order_makes_no_report() -> None:
    with pytest.raises(OutOfOrderError):
        report(DayFacts([RECORDING, replace(RECORDING, key="2026/11/26/x.mp3")]))


def test_a_place_that_fails_half_way_makes_no_report_and_what_comes_after_is_not_taken_as_missing() -> None:
    class GoneError(Exception):
        pass

    def recordings() -> Iterator[StoredRecording]:
        yield RECORDING
        raise GoneError

    documents = [replace(DOCUMENT, key=f"{KEY}{number}") for number in range(5)]
    fallen: list[FallenCall] = []

    with pytest.raises(GoneError):
        reconcile(DAY, DayFacts(recordings(), documents), lambda: NOW, fallen.append)
    assert {call.difference for call in fallen} <= {Difference.NOT_REGISTERED}


def test_no_place_is_read_further_ahead_than_the_next_call_so_that_a_day_may_be_of_any_size() -> None:
    keys = [f"2026/11/27/{number:08}-e29b-41d4-a716-446655440000.mp3" for number in range(3_000)]
    read = {"recordings": 0, "registered": 0, "rows": 0}

    def counted(place: str, made: Callable[[str], Fact]) -> Iterator[Any]:
        for key in keys:
            read[place] += 1
            assert max(read.values()) - min(read.values()) <= 1
            yield made(key)

    told, fallen = report(
        DayFacts(
            counted("recordings", lambda key: replace(RECORDING, key=key)),
            counted("registered", lambda key: replace(DOCUMENT, key=key)),
            counted("rows", lambda key: replace(ROW, key=key)),
        )
    )

    assert (told.stages[Stage.TRANSCRIBED], fallen) == (3_000, [])
