"""Consoles that started at the same moment took each other's half-written file, and one of them could not start."""

import subprocess
import sys
from pathlib import Path

WRITER = """
import sys
from pathlib import Path
from callup_desktop.config.atomic import write_atomically

for _ in range(100):
    write_atomically(Path(sys.argv[1]), sys.argv[2].encode() * 1000)
"""


def test_processes_that_write_the_same_file_at_once_all_succeed_and_one_of_them_counts(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(path), letter], stderr=subprocess.PIPE, text=True)
        for letter in "abc"
    ]

    assert [writer.communicate()[1] for writer in writers] == ["", "", ""]
    assert path.read_text() in {letter * 1000 for letter in "abc"}
    assert list(tmp_path.iterdir()) == [path]
