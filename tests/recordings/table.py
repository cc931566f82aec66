"""The corpus judged and set beside ffprobe: `python -m tests.recordings.table` prints it."""

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from callup_desktop.recordings.verdict import Verdict, verdict_of
from tests.recordings.corpus import CASES, Case, aged, write
from tests.recordings.tools import Opinion, ffprobe


@dataclass(frozen=True, slots=True)
class Row:
    """One case, our verdict, and ffprobe's opinion of a good file."""

    case: Case
    verdict: Verdict
    opinion: Opinion | None

    def cells(self) -> tuple[str, ...]:
        """The row as text: case, verdict, code, format, what it is, seconds, ffprobe's seconds (told, counted)."""
        verdict, opinion = self.verdict, self.opinion
        kind = str(verdict.params.get("kind", ""))
        told = f"{opinion.duration:.3f}" if opinion else ""
        counted = f"{opinion.packets:.3f}" if opinion else ""
        seconds = "" if verdict.duration_seconds is None else f"{verdict.duration_seconds:.3f}"
        return (self.case.name, verdict.verdict, verdict.code or "", verdict.format or "", kind, seconds, told, counted)


def judged(files: dict[str, Path]) -> list[Row]:
    """Every case with its verdict."""
    return [_row(case, files[case.name]) for case in CASES]


def _row(case: Case, path: Path) -> Row:
    return Row(case, verdict_of(path), ffprobe(path) if case.good else None)


def lines(rows: list[Row]) -> list[str]:
    """The table as text."""
    head = ("case", "verdict", "code", "format", "is", "seconds", "ffprobe told", "ffprobe counted")
    cells = [head, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(head))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in cells]


def main() -> None:
    """Make the corpus in a temporary folder and print the table."""
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "corpus"
        write(CASES, made)
        sys.stdout.write("\n".join(lines(judged(aged(CASES, made)))) + "\n")


if __name__ == "__main__":
    main()
