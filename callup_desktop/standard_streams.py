"""The console's streams: they say nothing that a terminal acts on, and are no reason to fail. Main thread."""

import io
import os
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from typing import TextIO

_ACTED_ON = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Categories that a terminal or a reader is misled by: controls, formats such as "right to left", lone surrogates."""
_JOINERS = "\u200c\u200d"
"""Format characters that are part of words and of emoji."""


def printable(text: str) -> str:
    r"""The text on one line, with what a terminal would act on written out: ESC as \x1b, a newline as \n."""
    if text.isprintable():
        return text
    return "".join(map(_shown, text))


def _shown(character: str) -> str:
    if character in _JOINERS or unicodedata.category(character) not in _ACTED_ON:
        return character
    return character.encode("unicode_escape").decode("ascii")


def fill_standard_streams() -> None:
    """Open what the shell closed (`>&-`): no file of ours may get the number by which others write to the terminal."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            # The lowest number that is free is given, which is this one.
            os.open(os.devnull, os.O_RDWR)


class Output(io.TextIOBase):
    """A standard stream that may be closed, full, or unable to say a letter; writing to it never raises."""

    def __init__(self, stream: TextIO | None) -> None:
        """`stream` is None where there is none: a program without a console."""
        self._stream = stream

    @property
    def encoding(self) -> str:  # type: ignore[override]  # typeshed has a plain attribute
        """What its reader expects."""
        return getattr(self._stream, "encoding", None) or "utf-8"

    def isatty(self) -> bool:
        """Whether a person sits before it."""
        with suppress(OSError, ValueError):
            return self._stream is not None and self._stream.isatty()
        return False

    def fileno(self) -> int:
        """The descriptor below; raises OSError where there is none."""
        if self._stream is None:
            raise io.UnsupportedOperation("no stream")
        return self._stream.fileno()

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, text: str) -> int:
        """Write it, with a question mark for each letter that the encoding lacks."""
        if self._stream is not None:
            try:
                self._stream.write(text.encode(self.encoding, "replace").decode(self.encoding))
            except (OSError, ValueError):
                self._give_up(self._stream)
        return len(text)

    def flush(self) -> None:
        """Hand on what was written."""
        if self._stream is not None:
            try:
                self._stream.flush()
            except (OSError, ValueError):
                self._give_up(self._stream)

    def _give_up(self, stream: TextIO) -> None:
        """Nobody reads any more; what is still buffered goes nowhere, or Python would fail over it at its end."""
        self._stream = None
        with suppress(OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)


def write_lines(texts: Iterable[str], stream: TextIO | None) -> None:
    """Write every line of the texts, printable, and hand it on; never raises."""
    output = Output(stream)
    for line in "\n".join(texts).splitlines():
        output.write(printable(line) + "\n")
    output.flush()
