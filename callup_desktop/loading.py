"""How modules are loaded while a program starts. Main thread."""

import builtins
import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """Nobody looks for waste meanwhile: what is loaded stays until the end, and the look takes a tenth of a start.

    Nor for pydantic's plugins: see `keep_plugins_out`.
    """
    keep_plugins_out()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def keep_plugins_out() -> None:
    """Let pydantic look for no plugins: it would read the lists of all packages, and a plugin all that it checks."""
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")


def import_as_python_does() -> None:
    """Put Python's own `import` back in place of PySide6's, once that is loaded.

    It reads the source of every module that is imported after it, for a feature (`from __feature__ import ...`) that
    nobody uses here.
    """
    builtins.__import__ = vars(builtins).get("__orig_import__", builtins.__import__)
