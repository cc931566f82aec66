"""Bars where somebody sits before a terminal, and nothing where a script reads. Main thread."""

import sys
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol, Self

from callup_desktop.instance.messages import CallStatus
from callup_desktop.standard_streams import Output


class Progress(Protocol):
    """What is shown on stderr of calls that move."""

    def __enter__(self) -> Self:
        """Start drawing."""
        ...

    def __exit__(self, *_error: object) -> None:
        """Take it away."""
        ...

    def paused(self) -> AbstractContextManager[None]:
        """Make room for lines that stay."""
        ...

    def show(self, status: CallStatus) -> None:
        """The call as it is now."""
        ...


def progress() -> Progress:
    """Bars on a terminal, which take a moment to load; else nothing."""
    if not Output(sys.stderr).isatty():
        return _Nothing()
    from callup_desktop.cli.bars import Bars

    return Bars()


class _Nothing:
    """Implements Progress where nobody looks."""

    def __enter__(self) -> Self:
        """See Progress."""
        return self

    def __exit__(self, *_error: object) -> None:
        """See Progress."""

    def paused(self) -> AbstractContextManager[None]:
        """See Progress."""
        return nullcontext()

    def show(self, status: CallStatus) -> None:
        """See Progress."""
