"""How long the window takes from the birth of its process to its first paint.

    python -m benchmarks.first_paint PROFILE

runs the program's own start and prints one JSON line: the moment of the first paint and of the first one with the
calls, and how many seconds the window's thread had computed by the first. It loads nothing that the program does not.
"""

import gc
import importlib
import json
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent


def start_window(profile: Path, environ: dict[str, str]) -> dict[str, float]:
    """Seconds from the birth of the process to the first paint, and to the first one with its calls; `computed`.

    The first start compiles the modules and keeps that, as the first one on a rep's computer does.
    """
    environ = {name: value for name, value in environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-m", "benchmarks.first_paint", str(profile)]
    born = time.time()
    done = subprocess.run(command, env=environ, check=True, stdout=subprocess.PIPE, text=True)
    told: dict[str, float] = json.loads(done.stdout)
    return {name: moment - born if name != "computed" else moment for name, moment in told.items()}


def show_window(profile: Path) -> None:
    """Run the program's own start; print its moments, and quit."""
    # Only now, as the program does: what is imported before counts as part of the start.
    from callup_desktop import app, loading

    # What `app.main` does before it loads the window, and that before Qt.
    gc.disable()
    loading.keep_plugins_out()
    importlib.import_module("callup_desktop.window")
    importlib.import_module("callup_desktop.ui.application")
    loading.import_as_python_does()
    from PySide6.QtCore import QTimer

    from callup_desktop.ui.main_window import MainWindow
    from callup_desktop.ui.widgets.surface import Surface

    moments: dict[str, float] = {}
    painted = Surface.paintEvent

    def note(surface: Surface) -> None:
        window = surface.window()
        if not isinstance(window, MainWindow) or "calls" in moments:
            return
        if not moments:
            moments.update(shown=time.time(), computed=time.thread_time())
        if window._state.is_known:
            moments["calls"] = time.time()
            print(json.dumps(moments), flush=True)
            window.close_policy.quit_now()

    def paint(surface: Surface, event: "QPaintEvent") -> None:
        painted(surface, event)
        # Once all the widgets of this moment are painted.
        QTimer.singleShot(0, surface, partial(note, surface))

    Surface.paintEvent = paint  # type: ignore[method-assign, assignment]  # to see it
    app.main(["--profile", str(profile)])


if __name__ == "__main__":
    show_window(Path(sys.argv[1]))
