"""The log: JSON lines that carry no secret."""

import json
from pathlib import Path

from callup_desktop.logs import FILE_NAME, open_log
from callup_desktop.redaction import redacted


def lines(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / FILE_NAME).read_text(encoding="utf-8").splitlines()]


def test_each_entry_is_one_json_line_with_time_and_level(tmp_path: Path) -> None:
    with open_log(tmp_path) as log:
        log.info("step done", call_id="one", step="upload", seconds=1.5)
        log.warning("step failed", error_type="TransientError", traceback="Traceback\n  line")
    first, second = lines(tmp_path)
    assert (first["event"], first["call_id"], first["step"], first["seconds"]) == ("step done", "one", "upload", 1.5)
    assert first["level"] == "info"
    assert str(first["timestamp"]).endswith("Z")
    assert second["traceback"] == "Traceback\n  line"


def test_secrets_never_reach_the_file(tmp_path: Path) -> None:
    with open_log(tmp_path, lambda: ("hunter2hunter2",)) as log:
        log.info(
            "failed",
            password="hunter2hunter2",
            detail="mongodb://callup:s3cr3t@db.acme.com and AKIAIOSFODNN7EXAMPLE and hunter2hunter2",
            traceback="Authorization: AWS4-HMAC-SHA256 Credential=abc, Signature=deadbeef",
        )
    text = (tmp_path / FILE_NAME).read_text(encoding="utf-8")
    for secret in ("hunter2hunter2", "s3cr3t", "AKIAIOSFODNN7EXAMPLE", "deadbeef"):
        assert secret not in text


def test_a_secret_that_became_known_later_does_not_reach_the_file_either(tmp_path: Path) -> None:
    known = ["hunter2hunter2"]
    with open_log(tmp_path, lambda: tuple(known)) as log:
        log.info("failed", detail="hunter2hunter2")
        known.append("correct horse")
        log.info("failed", detail="hunter2hunter2, correct horse and correct%20horse")
    assert [line["detail"] for line in lines(tmp_path)] == ["***", "***, *** and ***"]


def test_a_folder_that_takes_no_file_never_stops_the_program(tmp_path: Path) -> None:
    blocked = tmp_path / "logs"
    blocked.mkdir()
    (blocked / FILE_NAME).mkdir()
    with open_log(blocked) as log:
        log.info("still alive")


def test_a_log_opened_again_writes_each_line_once(tmp_path: Path) -> None:
    for number in range(2):
        with open_log(tmp_path) as log:
            log.info("opened", number=number)
    assert [line["number"] for line in lines(tmp_path)] == [0, 1]


def test_an_uri_keeps_its_host_when_its_password_is_masked() -> None:
    assert redacted("mongodb://u:p@host/db") == "mongodb://u:***@host/db"
