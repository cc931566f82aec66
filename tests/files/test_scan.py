"""What a drop of files and folders brings: recordings, in order, each once."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from callup_desktop.files.scan import Kind, ScanEntry, Selection, scan

SELECTION = Selection(frozenset({".wav", ".mp3"}))


def files(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    return folder


def names(found: Iterator[ScanEntry], folder: Path, kind: Kind = Kind.RECORDING) -> list[str]:
    return [str(entry.path.relative_to(folder).as_posix()) for entry in found if entry.kind is kind]


def test_a_dropped_file_is_reported_whatever_it_is_called_and_also_if_it_is_gone(tmp_path: Path) -> None:
    files(tmp_path, "notes.pdf", ".hidden.wav")
    dropped = [tmp_path / name for name in ("notes.pdf", ".hidden.wav", "gone.wav")]

    assert list(scan(dropped, SELECTION)) == [ScanEntry(path, Kind.FILE) for path in dropped]


def test_a_folder_brings_its_recordings_in_the_order_of_names_and_tells_apart_the_rest(tmp_path: Path) -> None:
    folder = files(tmp_path / "calls", "b.wav", "a.MP3", "deep/c.wav", "readme.txt", "no suffix")

    found = list(scan([folder], SELECTION))

    assert [(entry.path.name, entry.kind) for entry in found] == [
        ("calls", Kind.FOLDER),
        ("a.MP3", Kind.RECORDING),
        ("b.wav", Kind.RECORDING),
        ("deep", Kind.FOLDER),
        ("c.wav", Kind.RECORDING),
        ("no suffix", Kind.OTHER),
        ("readme.txt", Kind.OTHER),
    ]


def test_hidden_files_and_folders_are_not_searched(tmp_path: Path) -> None:
    folder = files(tmp_path / "calls", ".trash/a.wav", ".b.wav", "c.wav")

    assert names(scan([folder], SELECTION), folder) == ["c.wav"]


def test_a_folder_that_is_named_like_a_recording_is_searched(tmp_path: Path) -> None:
    folder = files(tmp_path / "calls", "memo.wav/track.wav")

    assert names(scan([folder], SELECTION), folder) == ["memo.wav/track.wav"]


@pytest.mark.skipif(sys.platform == "win32", reason="a link needs a privilege there")
def test_links_that_lead_back_end_and_a_linked_folder_is_searched_once(tmp_path: Path) -> None:
    folder = files(tmp_path / "calls", "a.wav", "deep/b.wav")
    (folder / "deep" / "up").symlink_to(folder, target_is_directory=True)
    (folder / "other").symlink_to(folder / "deep", target_is_directory=True)
    (folder / "self.wav").symlink_to(folder / "self.wav")

    found = list(scan([folder], SELECTION))

    assert names(iter(found), folder) == ["a.wav", "deep/b.wav", "self.wav"]


def test_two_dropped_folders_are_searched_each_for_itself(tmp_path: Path) -> None:
    folder = files(tmp_path / "calls", "deep/a.wav")

    assert names(scan([folder, folder / "deep"], SELECTION), folder) == ["deep/a.wav", "deep/a.wav"]


def test_a_folder_that_goes_away_during_the_scan_is_left_out_and_the_others_are_searched(tmp_path: Path) -> None:
    folder = files(tmp_path / "calls", "a/one.wav", "b/two.wav")
    found = scan([folder], SELECTION)
    first = [next(found), next(found)]
    shutil.rmtree(folder / "a")

    rest = list(found)

    assert [entry.path.name for entry in first] == ["calls", "a"]
    assert [(entry.path.name, entry.kind) for entry in rest] == [
        ("a", Kind.OTHER),
        ("b", Kind.FOLDER),
        ("two.wav", Kind.RECORDING),
    ]


def test_a_scan_looks_no_further_than_its_caller_goes(tmp_path: Path) -> None:
    folder = files(tmp_path / "calls", "a/one.wav", "b/two.wav")
    found = scan([folder], SELECTION)
    for entry in found:
        if entry.path.name == "one.wav":
            break
    shutil.rmtree(folder / "b")
    (folder / "b").write_bytes(b"x")

    assert [(entry.path.name, entry.kind) for entry in found] == [("b", Kind.OTHER)]


def test_a_file_beside_which_its_better_one_lies_is_left_out(tmp_path: Path) -> None:
    folder = files(tmp_path / "calls", "a.wav", "a.mp3", "b.mp3", "deep/c.mp3", "c.wav")
    better = Selection(frozenset({".wav", ".mp3"}), lambda name: name.replace(".mp3", ".wav") if ".mp3" in name else "")

    assert names(scan([folder], better), folder) == ["a.wav", "b.mp3", "c.wav", "deep/c.mp3"]


@pytest.mark.skipif(sys.platform == "win32", reason="such a path is too long there")
def test_folders_within_each_other_by_the_thousand_are_searched_to_the_last(tmp_path: Path) -> None:
    made = [tmp_path / "calls"]
    made[0].mkdir()
    for _ in range(1_200):
        made.append(made[-1] / "d")
        made[-1].mkdir()
    files(made[-1], "a.wav")
    try:
        found = list(scan(made[:1], SELECTION))
    finally:
        # One by one: pytest cannot take away what is so deep.
        (made[-1] / "a.wav").unlink()
        for folder in reversed(made):
            folder.rmdir()

    assert [entry.path for entry in found if entry.kind is Kind.RECORDING] == [made[-1] / "a.wav"]
