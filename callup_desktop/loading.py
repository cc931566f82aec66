"""How modules are loaded while a program starts. Main thread."""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """Nobody looks for waste meanwhile: what is loaded stays until the end, and the look takes a tenth of a start.

    Nor for pydantic's plugins, of which there are none: pydantic would read the list of every package's entry points.
    """
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
