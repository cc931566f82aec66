"""What rows, call details and the queue summary say, without Qt."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path, PurePath

import pytest

from callup_desktop.calls.metadata import Details, FieldProblem
from callup_desktop.engine.errors import Actor, Code
from callup_desktop.engine.events import (
    Event,
    JobChanged,
    JobProgress,
    ProbeProgress,
    Progress,
    Snapshot,
    Status,
    Statuses,
)
from callup_desktop.engine.job import Job, State, Trouble
from callup_desktop.engine.ports import CheckStep
from callup_desktop.files.errors import Refusal, Wait
from callup_desktop.presentation.call_details import DetailsWriter, Mark
from callup_desktop.presentation.form_values import completions, email_for, first_problems, shared
from callup_desktop.presentation.messages import Messages, actor_of
from callup_desktop.presentation.name_rules import NameRules
from callup_desktop.presentation.name_suggestions import NameReader
from callup_desktop.presentation.notifications import Notifications
from callup_desktop.presentation.queue_summary import Hints, LastCheck, QueueSummary, Remedy
from callup_desktop.presentation.rows import (
    Action,
    ActionRequest,
    CallRow,
    RowWriter,
    Tone,
    actions_of,
    matches,
    toggled,
)
from callup_desktop.presentation.view_state import Hop, Phase, ViewState, phase_of
from callup_desktop.recordings.recording import Doubt, Doubtful, SoundOf
from tests.ui import samples
from tests.ui.fake_engine import CALL_TYPES, NOW
from tests.ui.samples import MIB

TEXTS = Messages()
ROWS = RowWriter(TEXTS, CALL_TYPES, lambda: NOW)
DETAILS = DetailsWriter(TEXTS, ROWS, lambda: NOW)


def row_of(job: Job, *, progress: JobProgress | None = None, checking: ProbeProgress | None = None) -> CallRow:
    state = ViewState()
    state.apply(Snapshot((job,), ()))
    if progress:
        state.apply(Progress((progress,), progress.rate))
    if checking:
        state.apply(checking)
    return ROWS.row(job, state)


def trouble(code: str, **facts: str | int | float) -> Trouble:
    return Trouble(code, NOW, params=facts)


def test_an_upload_reads_as_one_sentence_with_what_counts() -> None:
    job = samples.working()[0]
    row = row_of(job, progress=JobProgress(job.id, job.stored, 30 * MIB, 6.1 * MIB, 31.0))

    assert row.accessible_text == (
        "Acme quarterly review.wav. Acme Corp · sales · 48:12 · 486 MB. Uploading. 62% · 6.1 MB/s · 30 s left"
    )
    assert (row.acknowledged, row.in_flight) == (623, 61)


def test_in_flight_bytes_never_push_the_bar_over_its_end() -> None:
    job = samples.sending(samples.working()[0], State.RUNNING, 990)

    row = row_of(job, progress=JobProgress(job.id, job.stored, 200 * MIB, 1.0, None))

    assert (row.acknowledged or 0) + row.in_flight == 1000


def test_a_checked_part_of_a_dropped_file_fills_a_bar() -> None:
    job = Job(id="x", state=State.DRAFT, path=samples.working()[0].path, added_at=NOW)

    row = row_of(job, checking=ProbeProgress("x", 30, 100))

    assert (row.stage, row.acknowledged, row.figures) == ("Checking…", 300, ("30%",))


@pytest.mark.parametrize(
    ("folder", "stage"),
    [
        ("OneDrive - Acme", "Getting this file from OneDrive…"),
        ("Calls", "Getting this file from the cloud…"),
    ],
)
def test_a_file_that_is_fetched_from_the_cloud_says_from_where_and_how_far(folder: str, stage: str) -> None:
    job = Job(id="x", state=State.DRAFT, path=Path("home", folder, "call.mp3"), added_at=NOW)

    row = row_of(job, checking=ProbeProgress("x", 40, 100, fetched=True))

    assert (row.stage, row.acknowledged, row.figures) == (stage, 400, ("40%",))
    assert row_of(job, checking=ProbeProgress("x", 0, 0, fetched=True)).acknowledged == 0


@pytest.mark.parametrize(
    ("state", "code", "stage", "tone", "advice"),
    [
        (State.QUEUED, Code.OFFLINE, "Waiting for the network", Tone.WARNING, ""),
        (State.QUEUED, Code.ACCESS_DENIED, "Access denied", Tone.BAD, "ask your admin"),
        (State.FAILED, Code.BUG, "Something went wrong", Tone.BAD, "ask your admin"),
        (State.FAILED, Code.FILE_MISSING, "File not found", Tone.BAD, ""),
    ],
)
def test_a_trouble_has_its_words_its_tone_and_the_one_who_acts(
    state: State, code: Code, stage: str, tone: Tone, advice: str
) -> None:
    job = replace(samples.sending(samples.working()[1], state, 100), trouble=trouble(code))

    row = row_of(job)

    assert (row.stage, row.tone, row.advice) == (stage, tone, advice)


def test_details_that_would_not_be_accepted_need_the_rep() -> None:
    draft = samples.draft("x", "a.wav", 1, 1, Details("Acme", "john@acme", "demo"))

    assert row_of(draft).stage == "Needs call details"
    assert row_of(replace(draft, details=samples.ACME)).stage == "Ready to send"


def test_a_question_stands_before_the_details() -> None:
    draft = samples.draft("x", "a.wav", 1, 1)
    assert draft.recording is not None
    silent = replace(draft, recording=replace(draft.recording, warnings=(Doubtful(Doubt.SILENT),)))

    assert row_of(silent).stage == "Nothing to hear"
    assert ROWS.question(silent) == "We couldn't hear anything in this recording. Send it anyway?"
    assert row_of(replace(draft, duplicate_of=NOW)).stage == "Sent before"
    assert phase_of(silent) is Phase.NEEDS_REP
    assert phase_of(replace(silent, accepted=True)) is Phase.DRAFT


def test_a_recording_in_which_channels_do_not_tell_the_speakers_apart_gets_a_quiet_note() -> None:
    draft = samples.draft("x", "a.wav", 1, 1, samples.ACME)
    assert draft.recording is not None
    same = replace(draft, recording=replace(draft.recording, channels=2, same_channels=True))
    mono = replace(draft, recording=replace(draft.recording, channels=1))
    both = RowWriter(TEXTS, CALL_TYPES, lambda: NOW, channels=2)

    assert (row_of(same).stage, row_of(same).tone) == (row_of(draft).stage, Tone.OK)
    assert row_of(same).advice.startswith("both channels are the same")
    assert ROWS.note(mono) == ""
    assert both.note(mono).startswith("one channel only")
    assert both.note(replace(mono, recording=None)) == ""
    noted = DetailsWriter(TEXTS, both, lambda: NOW).details_of(samples.sending(mono, State.QUEUED, 0), ViewState())
    assert [line.value for line in noted.lines if line.label == "Note"] == [both.note(mono)]


def test_a_row_and_the_pane_say_that_the_sound_of_a_video_is_sent() -> None:
    draft = replace(samples.draft("x", "meeting.m4a", 14, 60, samples.ACME), path=Path("meeting.mp4"))
    assert draft.recording is not None
    sound = replace(draft, recording=replace(draft.recording, sound_of=SoundOf(212 * MIB)))
    beside = replace(draft, recording=replace(draft.recording, sound_of=SoundOf(212 * MIB, "audio_only.m4a")))

    details = DetailsWriter(TEXTS, ROWS, lambda: NOW).details_of(samples.sending(sound, State.DONE, 0), ViewState())

    assert "sound of meeting.mp4 (212 MB to 14 MB)" in [line.value for line in details.lines]
    assert ROWS.measure(sound).endswith("sound: 14 MB")
    assert ROWS.origin(draft) == "meeting.mp4"
    assert row_of(beside).advice == "Zoom saved the sound beside it as audio_only.m4a"


def test_sentences_are_filled_with_their_facts() -> None:
    assert TEXTS.sentence(trouble(Refusal.UNSUPPORTED, kind="PDF")).startswith("This is a PDF file.")
    assert "1.3 GB; the limit is 1 GB" in TEXTS.sentence(trouble(Refusal.TOO_LARGE, size=1_395_864_371, limit=1024**3))
    assert "a little over 1 GB" in TEXTS.sentence(trouble(Refusal.TOO_LARGE, size=1024**3 + 1, limit=1024**3))
    assert "(Zscaler)" in TEXTS.sentence(trouble(Code.TLS_UNTRUSTED, issuer="Zscaler"))
    assert "2 h" in TEXTS.sentence(trouble(Code.CLOCK_WRONG, seconds_ahead=-7300))


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, ""),
        (3, "a few seconds left"),
        (31, "30 s left"),
        (33, "35 s left"),
        (70, "about 1 min left"),
        (1000, "about 15 min left"),
        (4800, "about 1 h 20 min left"),
        (40_000, "about 11 h left"),
        (1e9, ""),
    ],
)
def test_time_left_has_steps_that_do_not_jump(seconds: float | None, words: str) -> None:
    assert TEXTS.units.time_left(seconds) == words


def test_sizes_are_short_and_the_limit_is_one_gigabyte() -> None:
    assert [TEXTS.units.size(size) for size in (0, 1, 2048, 11_600_000, 486 * MIB, 1024**3)] == [
        "0 bytes",
        "1 byte",
        "2 KB",
        "11.1 MB",
        "486 MB",
        "1 GB",
    ]


def test_a_dropped_connection_counts_down_calmly() -> None:
    waiting = replace(samples.offline()[0], trouble=trouble(Code.CONNECTION))

    def sentence(seconds: float) -> str:
        return ROWS.trouble(replace(waiting, retry_at=NOW + timedelta(seconds=seconds)))

    assert sentence(19) == "The connection dropped. Trying again in 20 s; nothing is lost."
    assert sentence(100) == "The connection dropped. Trying again in 2 min; nothing is lost."
    assert sentence(-1) == "The connection dropped. Trying again in a moment; nothing is lost."


def test_a_file_in_the_cloud_names_the_program_to_open() -> None:
    folder = r"C:\Users\rep\OneDrive - Acme\Calls"

    assert TEXTS.sentence(trouble(Wait.ONLINE_ONLY, folder=folder)) == (
        "OneDrive isn't running. Open OneDrive, then try again."
    )
    assert "Open its cloud program" in TEXTS.sentence(trouble(Wait.ONLINE_ONLY, folder="/media/calls"))


def test_a_registry_that_is_silent_for_a_day_is_a_matter_for_it() -> None:
    waits, blocked = trouble(Code.REGISTRY_UNREACHABLE), trouble(Code.REGISTRY_BLOCKED)

    assert TEXTS.sentence(waits) == "Sent safely. Waiting to register the call; we keep trying."
    assert "this network blocks the call list" in TEXTS.sentence(blocked)
    assert (actor_of(waits), actor_of(blocked)) == (Actor.NOBODY, Actor.IT)


def test_a_copy_that_did_not_match_once_is_sent_again_and_needs_nobody() -> None:
    once, twice = trouble(Code.MISMATCH_AGAIN), trouble(Code.MISMATCH)
    job = replace(samples.sending(samples.working()[0], State.QUEUED, 0), trouble=once)

    assert TEXTS.sentence(once) == "The copy in storage didn't match, so we're sending it again."
    assert phase_of(job) is Phase.WAITING
    assert TEXTS.sentence(twice).endswith("Please send this to IT.")
    assert actor_of(twice) is Actor.IT


def test_a_slow_link_is_explained_where_it_takes_long() -> None:
    job, state = samples.working()[0], ViewState()
    state.apply(Snapshot((job,), ()))
    notices = []
    for rate, left in ((50_000.0, 2400.0), (50_000.0, 60.0), (5e6, 2400.0)):
        state.apply(Progress((JobProgress(job.id, job.stored, 0, rate, left),), rate))
        notices.append(DETAILS.details_of(job, state).notice)

    assert notices == ["Your connection is slow; about 40 min left. You can keep working.", "", ""]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("john", "Enter a full email address, such as john@acme.com."),
        ("john@acme", "Enter a full email address, such as john@acme.com."),
        ("john doe@acme.com", "That email address doesn't look right."),
        ("john@@acme.com", "That email address doesn't look right."),
    ],
)
def test_an_unfinished_address_has_another_sentence_than_a_wrong_one(typed: str, sentence: str) -> None:
    assert TEXTS.field_problem("contact_email", FieldProblem.INVALID_EMAIL, typed) == sentence


def test_a_field_problem_names_what_to_do() -> None:
    assert TEXTS.field_problem("company_name", FieldProblem.MISSING) == "Add the company name to send this recording."


# --- what may be done -------------------------------------------------------------------------------------------------


def test_a_registered_call_can_no_longer_be_removed() -> None:
    job = replace(samples.uploaded(samples.working()[0], State.RUNNING), registered_at=NOW)

    assert Action.REMOVE not in actions_of(job)
    assert row_of(job).buttons == ()


def test_space_pauses_calls_that_move_before_it_starts_the_others() -> None:
    running, paused = samples.working()[0], samples.working()[2]

    assert toggled([running, paused]) == ActionRequest(Action.PAUSE, (running.id,))
    assert toggled([paused]) == ActionRequest(Action.RESUME, (paused.id,))
    assert toggled([samples.working()[4]]) is None


def test_search_looks_at_name_company_contact_and_type() -> None:
    job = samples.working()[0]

    assert all(matches(job, text) for text in ("QUARTERLY", "acme corp", "john@", "sales", job.id[:8], " "))
    assert not matches(job, "globex")


# --- the detail pane --------------------------------------------------------------------------------------------------


def test_a_file_that_its_recorder_writes_is_said_to_go_by_itself_only_where_sending_was_asked() -> None:
    waiting = replace(samples.draft("a", "a.wav", 1, 1), recording=None, trouble=trouble(Wait.UNFINISHED), retry_at=NOW)
    asked = replace(waiting, send_asked_at=NOW)

    assert ROWS.trouble(asked) == "Waiting for your recorder to finish this file. It will be sent by itself."
    assert "by itself" not in ROWS.trouble(waiting)
    assert "Send it when you like" in ROWS.trouble(waiting)
    assert DETAILS.details_of(asked, ViewState()).notice == ROWS.trouble(asked)
    assert ROWS.tip(waiting) == ROWS.trouble(waiting)


def test_the_details_of_a_waiting_upload_count_stored_parts_and_say_when_it_continues() -> None:
    details = DETAILS.details_of(samples.offline()[0], ViewState())

    assert [(stage.mark, stage.title) for stage in details.stages] == [
        (Mark.DONE, "Checked"),
        (Mark.NOW, "Uploading: 58 of 93 parts stored"),
        (Mark.NEXT, "Register call"),
        (Mark.NEXT, "Queue for transcription"),
    ]
    assert ("Next try", "when the network is back") in [(line.label, line.value) for line in details.lines]


def test_each_stage_where_a_call_is_stuck_can_be_tried_again_alone() -> None:
    registered = replace(
        samples.uploaded(samples.working()[0], State.QUEUED), trouble=trouble(Code.REGISTRY_DENIED), retry_at=None
    )
    announced = replace(registered, registered_at=NOW, trouble=trouble(Code.QUEUE_DENIED))

    for job, stuck in ((registered, 2), (announced, 3)):
        stages = DETAILS.details_of(job, ViewState()).stages
        assert [stage.retriable for stage in stages] == [index == stuck for index in range(4)]
        assert stages[stuck].mark is Mark.FAILED


def test_what_only_it_can_end_has_code_time_and_request_and_can_be_copied_for_it() -> None:
    denied = Trouble(Code.ACCESS_DENIED, NOW, "AccessDenied, request 8PZ4")
    job = replace(samples.offline()[3], trouble=denied)
    lines = [line.value for line in DETAILS.details_of(job, ViewState()).lines if line.label == "Details"]

    assert lines == [f"access_denied · {TEXTS.units.clock(NOW)} · AccessDenied, request 8PZ4"]
    assert Action.COPY_FOR_IT in DETAILS.details_of(job, ViewState()).actions
    assert Action.COPY_FOR_IT not in actions_of(samples.offline()[0])


def test_a_receipt_holds_what_proves_that_the_call_arrived() -> None:
    details = DETAILS.details_of(samples.sent()[0], ViewState())

    exact = {line.label: line.value for line in details.lines if line.exact}
    assert exact == {
        "Call ID": samples.CALL_ID,
        "Stored at": f"s3://audio-pipeline-dev-audio/2026/11/20/{samples.CALL_ID}.wav",
        "Checksum": "CRC64NVME 4mYc0P3vQeM=",
        "Message ID": "5fea7756-0ea4-451a-a703-a558b933e274",
    }
    assert all(stage.mark is Mark.DONE and stage.time for stage in details.stages)
    assert "safe to close" in details.notice
    assert "delete the file" in details.notice


def test_a_copy_without_a_checksum_of_the_store_is_not_called_verified() -> None:
    job = replace(samples.sent()[0], checksum="")

    assert DETAILS.details_of(job, ViewState()).stages[1].title == "Uploaded, size verified"


# --- the whole queue --------------------------------------------------------------------------------------------------


def summary_of(state: ViewState, hints: Hints | None = None) -> tuple[str, str]:
    summary = QueueSummary(TEXTS, "Acme Sales · eu-west-1")
    alert = summary.alert(state, hints or Hints())
    line = summary.status_line(state, hints or Hints())
    return f"{alert.lead} {alert.text}".strip() if alert else "", f"{line.place}|{line.queue}|{line.idle}"


def status(**facts: object) -> Status:
    known = {"online": True, "since": NOW, "blocked": None, "running": 0, "waiting": 0, "drafts": 0, "needs_rep": 0}
    return Status(**{**known, "sent": 0, **facts})  # type: ignore[arg-type]  # facts of a test


def test_offline_says_how_many_calls_are_kept() -> None:
    state = ViewState()
    state.apply(Snapshot(samples.offline(), ()))
    state.apply(status(online=False))

    alert, line = summary_of(state)

    assert alert == "You are offline. 3 calls are kept here and will be sent when you are back online."
    assert line.endswith("|3 waiting · 1 needs you|")
    assert line.startswith("Offline since")


def test_an_idle_queue_is_connected_and_has_nothing_waiting() -> None:
    state = ViewState()
    state.apply(status())
    assert summary_of(state) == ("", "Acme Sales · eu-west-1, not checked yet||")

    state.apply(Snapshot((), ()))

    assert summary_of(state) == ("", "Acme Sales · eu-west-1, not checked yet||Nothing waiting")


def dot_of(state: ViewState, checked: LastCheck | None = None) -> tuple[Tone, str]:
    line = QueueSummary(TEXTS, "Acme Sales · eu-west-1").status_line(state, Hints(), checked=checked)
    return line.tone, line.place


def test_the_dot_is_green_only_for_what_was_seen_to_work_and_says_when() -> None:
    state = ViewState()
    state.apply(status())
    assert dot_of(state) == (Tone.PLAIN, "Acme Sales · eu-west-1, not checked yet")

    good = LastCheck(Tone.OK, "Everything is reachable", frozenset(), NOW)
    clock = TEXTS.units.clock(NOW, seconds=False)
    assert dot_of(state, good) == (Tone.OK, f"Connected to Acme Sales · eu-west-1, checked at {clock}")
    bad = LastCheck(Tone.BAD, "Not working: Storage", frozenset({"storage"}), NOW)
    assert dot_of(state, bad) == (Tone.BAD, "Not working: Storage")

    state.apply(status(passing=trouble(Code.STORAGE_BUSY)))
    tone, place = dot_of(state, good)
    assert tone is Tone.WARNING
    assert place == TEXTS.chip(trouble(Code.STORAGE_BUSY))


def test_a_call_that_got_through_is_as_good_as_a_check_and_outdates_an_earlier_one() -> None:
    before = samples.sending(samples.draft("a", "a.wav", 60, 60), State.RUNNING, 10)
    state = ViewState(now=lambda: NOW)
    state.apply(Snapshot((before,), ()))
    state.apply(status(running=1))
    assert dot_of(state)[0] is Tone.PLAIN
    later = NOW + timedelta(minutes=3)

    state.apply(JobChanged(samples.uploaded(before, State.RUNNING, later)))

    expected = f"Connected to Acme Sales · eu-west-1, checked at {TEXTS.units.clock(later, seconds=False)}"
    assert dot_of(state, LastCheck(Tone.BAD, "Not working: Storage", frozenset({"storage"}), NOW)) == (
        Tone.OK,
        expected,
    )
    newer = LastCheck(Tone.BAD, "Not working: Storage", frozenset({"storage"}), later + timedelta(minutes=1))
    assert dot_of(state, newer) == (Tone.BAD, "Not working: Storage")


AT_WORK = samples.sending(samples.draft("a", "a.wav", 60, 60), State.RUNNING, 10)
SENT = samples.done(AT_WORK, NOW - timedelta(hours=1))
EDITED = replace(SENT, edit_asked_at=NOW)
ANSWERS: list[tuple[Hop, Job, Event]] = [
    (Hop.STORAGE, AT_WORK, JobChanged(replace(AT_WORK, stored=AT_WORK.stored + 1))),
    (Hop.STORAGE, replace(AT_WORK, upload_id=None), JobChanged(AT_WORK)),
    (Hop.STORAGE, AT_WORK, JobChanged(samples.uploaded(AT_WORK, State.RUNNING, NOW))),
    (Hop.REGISTRY, AT_WORK, JobChanged(replace(AT_WORK, registered_at=NOW))),
    (Hop.QUEUE, AT_WORK, JobChanged(replace(AT_WORK, state=State.DONE, announced_at=NOW))),
    (Hop.REGISTRY, SENT, Statuses(((SENT.id, "transcribing"),))),
    (Hop.REGISTRY, EDITED, JobChanged(replace(EDITED, edit_asked_at=None))),
]


@pytest.mark.parametrize(("hop", "before", "event"), ANSWERS)
def test_the_dot_follows_every_answer_of_each_service(hop: Hop, before: Job, event: Event) -> None:
    state = ViewState(now=lambda: NOW)
    state.apply(Snapshot((before,) if before.state is not State.DONE else (), ()))
    state.apply(JobChanged(before))
    state.apply(status())
    earlier = NOW - timedelta(minutes=42)
    old = LastCheck(Tone.OK, "Everything is reachable", frozenset(), earlier)
    assert dot_of(state, old)[1].endswith(TEXTS.units.clock(earlier, seconds=False))

    state.apply(event)

    assert state.answered_at == {hop: NOW}
    assert dot_of(state, old) == (
        Tone.OK,
        f"Connected to Acme Sales · eu-west-1, checked at {TEXTS.units.clock(NOW, seconds=False)}",
    )
    for step in ("storage", "registry", "queue"):
        failed = LastCheck(Tone.BAD, f"Not working: {step}", frozenset({step}), earlier)
        assert dot_of(state, failed)[0] is (Tone.OK if step == hop else Tone.BAD)
    both = LastCheck(Tone.BAD, "Not working: Storage, Call records", frozenset({"storage", "registry"}), earlier)
    assert dot_of(state, both)[0] is Tone.BAD


def test_every_step_of_a_check_can_be_disproved() -> None:
    answered = dict.fromkeys(Hop, NOW)
    for step in CheckStep:
        failed = LastCheck(Tone.BAD, "", frozenset({step.value}), NOW - timedelta(minutes=1))
        assert failed.is_disproved(answered), step
        assert not failed.is_disproved({}), step


def test_a_call_that_only_waits_is_no_answer() -> None:
    state = ViewState(now=lambda: NOW)
    state.apply(Snapshot((AT_WORK,), ()))
    state.apply(JobChanged(replace(AT_WORK, state=State.QUEUED, trouble=trouble(Code.CONNECTION), upload_id=None)))
    state.apply(JobChanged(replace(EDITED, id="b", trouble=trouble(Code.REGISTRY_UNREACHABLE))))

    assert state.answered_at == {}


def test_bytes_that_move_are_a_connection() -> None:
    state = ViewState()
    job = samples.sending(samples.draft("a", "a.wav", 60, 60), State.RUNNING, 10)
    state.apply(Snapshot((job,), ()))
    state.apply(status(running=1))
    state.apply(Progress((JobProgress("a", 10, 5, 1000.0, None),), 1000.0))

    assert dot_of(state) == (Tone.OK, "Connected to Acme Sales · eu-west-1")


def test_an_account_trouble_outranks_being_offline_and_goes_to_it() -> None:
    state = ViewState()
    state.apply(status(online=False, blocked=trouble(Code.KEYS_REVOKED)))

    alert = QueueSummary(TEXTS, "").alert(state, Hints())

    assert alert is not None
    assert alert.remedies == (Remedy.OPEN_CONNECTION, Remedy.COPY_FOR_IT, Remedy.CHECK_AGAIN)


def test_a_metered_network_is_announced_only_while_something_waits() -> None:
    state = ViewState()
    state.apply(status())
    metered = Hints(metered=True)
    assert summary_of(state, metered)[0] == ""

    state.apply(JobChanged(samples.working()[0]))

    assert summary_of(state, metered)[0].startswith("Paused to save mobile data.")
    assert summary_of(state, Hints(metered=True, send_metered=True))[0] == ""


def test_counts_follow_every_event_and_end_at_zero() -> None:
    state = ViewState()
    for job in samples.working():
        state.apply(JobChanged(job))
    for job in samples.working():
        state.apply(JobChanged(job, gone=True))

    assert +state.counts == Counter()


def test_a_call_sent_long_ago_and_reported_again_is_no_new_arrival() -> None:
    state = ViewState()

    assert state.apply(JobChanged(samples.sent()[0])).sent is None


# --- notifications ----------------------------------------------------------------------------------------------------


def test_a_batch_is_announced_once_when_its_last_call_arrived() -> None:
    state, notifications = ViewState(), Notifications(TEXTS)
    running = [samples.working()[0], samples.working()[1]]
    notifications.take([state.apply(Snapshot(tuple(running), ()))], state, unsent=2)
    first = state.apply(JobChanged(samples.done(running[0], NOW)))
    assert notifications.take([first], state, unsent=1) is None

    second = state.apply(JobChanged(samples.done(running[1], NOW)))
    notification = notifications.take([second], state, unsent=0)

    assert notification is not None
    assert notification.title == "2 calls sent"
    assert notifications.take([], state, unsent=0) is None


def test_a_call_needs_the_rep_once_until_it_moves_again() -> None:
    state, notifications = ViewState(), Notifications(TEXTS)
    job = samples.working()[0]
    failed = replace(job, state=State.FAILED, trouble=trouble(Code.FILE_MISSING, name="a.wav"))
    notifications.take([state.apply(Snapshot((job,), ()))], state, unsent=1)

    def after(changed: Job) -> str:
        notification = notifications.take([state.apply(JobChanged(changed))], state, unsent=1)
        return notification.title if notification else ""

    assert [after(failed), after(failed), after(job), after(failed)] == [
        "Acme quarterly review.wav needs you",
        "",
        "",
        "Acme quarterly review.wav needs you",
    ]


def test_a_call_that_the_engine_tries_in_vain_every_minute_is_notified_once() -> None:
    state, notifications = ViewState(), Notifications(TEXTS)
    job = replace(samples.working()[0], trouble=None)
    refused = replace(job, state=State.QUEUED, attempts=1, trouble=trouble(Code.SIGN_IN))
    notifications.take([state.apply(Snapshot((job,), ()))], state, unsent=1)

    def after(changed: Job) -> bool:
        return notifications.take([state.apply(JobChanged(changed))], state, unsent=1) is not None

    tried_again = replace(job, attempts=1)
    assert [after(refused), after(tried_again), after(replace(refused, attempts=2))] == [True, False, False]
    # A part arrived, and the next failure is news.
    assert [after(tried_again), after(job), after(refused)] == [False, False, True]


# --- the form ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "company"),
    [
        ("Acme-kickoff.wav", "Acme Corp"),
        ("2026-11-20 call with Hooli.mp3", "Hooli"),
        ("recording_003.wav", None),
        ("GMT20261120-101500_Recording.m4a", None),
    ],
)
def test_a_file_name_suggests_a_company_or_nothing(name: str, company: str | None) -> None:
    found = NameReader(samples.PAST, CALL_TYPES, NameRules()).shared((PurePath(name),))

    assert (found.company_name if found else None) == company


def test_names_of_two_companies_suggest_neither() -> None:
    paths = (PurePath("Acme.wav"), PurePath("Globex.wav"))
    assert NameReader(samples.PAST, CALL_TYPES, NameRules()).shared(paths) is None


def test_a_known_company_brings_its_contact_and_a_name_its_type() -> None:
    found = NameReader(samples.PAST, CALL_TYPES, NameRules()).shared((PurePath("globex support 2.wav"),))

    assert found == Details("Globex", "mary@globex.com", "support")
    assert email_for("globex", samples.PAST) == "mary@globex.com"


def test_completions_are_what_was_typed_before_each_once() -> None:
    assert completions((samples.ACME, samples.GLOBEX, samples.ACME), "company_name") == ("Acme Corp", "Globex")


def test_shared_values_and_problems_over_many_calls() -> None:
    jobs = [samples.draft("a", "a.wav", 1, 1, samples.ACME), samples.draft("b", "b.wav", 1, 1, samples.GLOBEX)]

    assert shared(jobs, "company_name").several
    assert first_problems(jobs, {}, CALL_TYPES) == {}
    assert first_problems(jobs, {"contact_email": "x"}, CALL_TYPES) == {"contact_email": FieldProblem.INVALID_EMAIL}


def test_the_time_of_sending_is_written_as_people_say_it() -> None:
    local_noon = NOW.astimezone().replace(hour=12, minute=5)

    assert TEXTS.units.when(local_noon, local_noon) == "today 12:05"
    assert TEXTS.units.when(local_noon - timedelta(days=1), local_noon) == "yesterday"
    assert TEXTS.units.when(local_noon - timedelta(days=2), local_noon) == f"{local_noon.day - 2} November"


# --- the watched folder -----------------------------------------------------------------------------------------------


def test_a_recording_that_the_watched_folder_brought_is_notified_once_it_is_read() -> None:
    state, notifications = ViewState(), Notifications(TEXTS)
    draft = replace(samples.working()[4], watched=True)
    notifications.take([state.apply(Snapshot((), ()))], state, unsent=0)

    unread = [state.apply(JobChanged(replace(draft, recording=None)))]
    assert notifications.take(unread, state, unsent=0) is None
    told = notifications.take([state.apply(JobChanged(draft))], state, unsent=0)
    again = notifications.take([state.apply(JobChanged(draft))], state, unsent=0)

    assert told is not None
    assert (told.title, told.text) == ("New recording: Acme-kickoff.wav", "Add the call details to send it.")
    assert again is None


def test_recordings_of_the_last_run_are_not_new() -> None:
    state, notifications = ViewState(), Notifications(TEXTS)
    draft = replace(samples.working()[4], watched=True)
    notifications.take([state.apply(Snapshot((draft,), ()))], state, unsent=0)

    assert notifications.take([state.apply(JobChanged(draft))], state, unsent=0) is None


# --- edits after Send -------------------------------------------------------------------------------------------------


def edited(job: Job, why: Trouble | None = None) -> Job:
    return replace(job, edit_asked_at=NOW, registered_details=job.details, trouble=why)


def test_a_call_that_has_arrived_and_waits_with_new_details_says_so() -> None:
    waiting, stuck = (edited(samples.sent()[0], why) for why in (None, trouble(Code.REGISTRY_UNREACHABLE)))

    assert (row_of(waiting).stage, row_of(waiting).tone) == ("Saving details…", Tone.ACCENT)
    assert (row_of(stuck).stage, row_of(stuck).tone) == ("Details not saved yet", Tone.WARNING)
    details = DETAILS.details_of(stuck, ViewState())
    assert details.notice == "The new details wait for the call list; we keep trying."
    assert details.notice_tone is Tone.WARNING
    assert Action.RETRY in details.actions
    assert Action.RETRY not in DETAILS.details_of(waiting, ViewState()).actions


def test_a_registered_call_that_waits_with_new_details_does_not_say_that_it_waits_for_the_queue() -> None:
    registered = replace(samples.working()[3], registered_at=NOW)

    assert row_of(registered).stage == "Queueing for transcription…"
    assert row_of(edited(registered)).stage == "Saving details…"
    assert row_of(replace(edited(registered), state=State.QUEUED)).stage == "Registered, waiting to save details"


def test_details_can_be_edited_wherever_the_call_offers_it_and_the_pipeline_has_not_begun() -> None:
    done = samples.sent()[0]
    begun = ViewState(call_statuses={done.id: "transcribing"})

    assert Action.EDIT in DETAILS.details_of(done, ViewState()).actions
    assert Action.EDIT not in DETAILS.details_of(done, begun).actions
    for job in samples.working():
        assert (Action.EDIT in actions_of(job)) is (job.state is not State.DRAFT), job
    assert Action.EDIT not in actions_of(replace(samples.working()[3], cancel_asked_at=NOW))
