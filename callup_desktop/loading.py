"""How modules are loaded while a program starts. Main thread."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """Nobody looks for waste meanwhile: what is loaded stays until the end, and the look takes a tenth of a start."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
