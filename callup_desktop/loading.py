"""How modules are loaded while a program starts. Main thread, and the pool thread that loads the services."""

import builtins
import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType


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
    """Let pydantic look for no plugins: it would read the lists of all packages, and a plugin all that it checks.

    The variable by which pydantic itself leaves them out is read after Python's library of such lists is loaded, which
    is a twentieth of what a list of calls takes.
    """
    sys.modules.setdefault(_NoPlugins.NAME, _NoPlugins())


class _NoPlugins(ModuleType):
    """In place of pydantic's module that finds plugins: asked for them it has none."""

    NAME = "pydantic.plugin._loader"

    def __init__(self) -> None:
        super().__init__(self.NAME)

    def __getattr__(self, name: str) -> Callable[[], tuple[()]]:
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda: ()


def import_as_python_does() -> None:
    """Put Python's own `import` back in place of PySide6's, once that is loaded.

    It reads the source of every module that is imported after it, for a feature (`from __feature__ import ...`) that
    nobody uses here.
    """
    builtins.__import__ = vars(builtins).get("__orig_import__", builtins.__import__)
