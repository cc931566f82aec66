"""Bad input on the console: each a sentence and an exit code, nothing lost, no traceback."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from callup_desktop.engine.errors import Code
from callup_desktop.presentation.messages import Messages
from callup_desktop.recordings.recording import MAX_SIZE
from callup_desktop.sandbox.embedded import Running
from tests.cli.console import DETAILS, Answer, Callup, profile_with, wav


def refusal(answer: Answer) -> str:
    assert answer.code == 1, answer
    (told,) = answer.values
    assert told["error"]["message"].endswith((".", "?"))
    return str(told["error"]["code"])


def test_files_that_cannot_be_recordings(callup: Callup, tmp_path: Path) -> None:
    fifo = tmp_path / "pipe.wav"
    os.mkfifo(fifo)
    loop = tmp_path / "loop.wav"
    loop.symlink_to(loop)
    empty = tmp_path / "empty.mp3"
    empty.touch()
    pdf = tmp_path / "notes.mp3"
    pdf.write_bytes(b"%PDF-1.7\n" + b"x" * 5000)
    large = wav(tmp_path / "large.wav")
    os.truncate(large, MAX_SIZE + 1)
    cases = {
        tmp_path / "missing.wav": {"not_found", "file_missing"},
        tmp_path: {"not_a_file"},
        fifo: {"not_a_file"},
        loop: {"link_loop"},
        empty: {"empty"},
        pdf: {"unsupported_type"},
        large: {"too_large"},
    }
    for path, codes in cases.items():
        assert refusal(callup("send", path, *DETAILS, "--json")) in codes
    assert callup("list", "--json").out == "", "nothing of a refused file stays behind"


def test_no_file_at_all_is_a_usage_error(callup: Callup) -> None:
    answer = callup("send", *DETAILS)
    assert answer.code == 2
    assert "FILE" in answer.err


@pytest.mark.parametrize(
    ("changes", "said"), [({"colour": "red"}, "'colour' is not known"), ({"bucket": ""}, "bucket")]
)
def test_a_profile_with_a_mistake_names_it(
    home: Path, sandbox: Running, tmp_path: Path, changes: dict[str, str], said: str
) -> None:
    callup = Callup(home, profile_with(tmp_path / "bad", sandbox, **changes))
    answer = callup("send", wav(tmp_path / "call.wav"), *DETAILS)
    assert answer.code == 78
    assert said in answer.err
    assert "Please send this to IT" in answer.err


def test_no_profile_says_where_to_get_one(home: Path, tmp_path: Path) -> None:
    answer = Callup(home, tmp_path / "none.callup")("list")
    assert answer.code == 78
    assert "no such file" in answer.err


def test_a_journal_of_a_newer_version_is_left_alone(callup: Callup, tmp_path: Path) -> None:
    assert callup("list").code == 0
    journal = callup.home / "journal.sqlite3"
    with closing(sqlite3.connect(journal)) as db, db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    answer = callup("send", wav(tmp_path / "call.wav"), *DETAILS, "--json")
    assert answer.code == 78
    assert answer.values[0]["error"]["code"] == "journal_newer"
    with closing(sqlite3.connect(journal)) as db, db:
        assert db.execute("PRAGMA user_version").fetchone() == (99,)
    db.close()


def test_a_damaged_journal_is_not_set_aside_without_a_word(callup: Callup) -> None:
    assert callup("list").code == 0
    (callup.home / "journal.sqlite3").write_bytes(b"SQLite format 3\0" + b"rubbish" * 5_000)

    answer = callup("list", "--json")

    assert (answer.code, answer.values) == (0, [])
    assert "We repaired the upload list" in answer.err
    assert "We repaired" not in callup("list").err


def test_a_journal_that_cannot_be_opened_is_told_at_once_and_as_the_window_tells_it(callup: Callup) -> None:
    (callup.home / "journal.sqlite3").mkdir()
    answer = callup("list", "--json")
    assert answer.code == 78
    error = answer.values[0]["error"]
    assert error == {"code": "journal_read_only", "message": Messages().of_code(Code.JOURNAL_READ_ONLY)}


def test_a_home_that_cannot_be_made_is_a_sentence(sandbox: Running, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    answer = Callup(blocked / "home", sandbox.profile)("list")
    assert answer.code == 78
    assert "cannot write to its folder" in answer.err


def test_a_bucket_that_is_not_there_is_for_it_and_the_call_is_kept(
    home: Path, sandbox: Running, tmp_path: Path
) -> None:
    callup = Callup(home, profile_with(tmp_path / "wrong", sandbox, bucket="no-such-bucket"))
    answer = callup("send", wav(tmp_path / "call.wav"), *DETAILS, "--json")
    assert answer.code == 75
    assert answer.values[0]["error"]["code"] == "wrong_bucket"
    assert len(callup("list", "--json").values) == 1


def test_a_check_that_fails_says_what_the_connection_page_says(home: Path, sandbox: Running, tmp_path: Path) -> None:
    nowhere = profile_with(tmp_path / "nowhere", sandbox, queue_url="http://127.0.0.1:9/1/tasks")
    answer = Callup(home, nowhere)("check", "--json")
    assert answer.code == 1
    (failed,) = [hop for hop in answer.values if not hop["ok"]]
    assert (failed["hop"], failed["message"]) == ("queue", "The queue does not answer, or this network blocks it.")
