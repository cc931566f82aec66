"""Prints a bundle's size and how long its programs take to start: `python -m installers.measure BUNDLE`."""

import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

_RUNS = 3
_TIMEOUT = 60.0
_POLL_INTERVAL = 0.01
_PROFILE = """\
name = "Nowhere"
bucket = "nowhere"
region = "us-east-1"
endpoint = "http://127.0.0.1:9"
mongo_uri = "mongodb://127.0.0.1:9/"
database = "nowhere"
queue_url = "http://127.0.0.1:9/0/nowhere"
"""


def size_of(folder: Path) -> int:
    """Bytes in all files; what is linked counts once."""
    return sum(file.lstat().st_size for file in folder.rglob("*") if file.is_file() and not file.is_symlink())


def console_start(bundle: Path) -> float:
    """Seconds until the console has said its version."""
    started = time.perf_counter()
    subprocess.run([_program(bundle, "callup"), "--version"], check=True, capture_output=True)  # noqa: S603 - our own
    return time.perf_counter() - started


def window_start(bundle: Path) -> float:
    """Seconds until the window is there and its engine answers others; no server is."""
    with TemporaryDirectory(prefix="callup-start-") as folder:
        profile = Path(folder) / "nowhere.callup"
        profile.write_text(_PROFILE, encoding="utf-8")
        door = Path(folder) / "owner.json"
        environ = os.environ | {"CALLUP_HOME": folder, "QT_QPA_PLATFORM": "offscreen"}
        command = [_program(bundle, "callup-desktop"), "--profile", str(profile)]
        started = time.perf_counter()
        with subprocess.Popen(command, env=environ, stderr=subprocess.DEVNULL) as window:  # noqa: S603 - our own
            try:
                while not door.exists():
                    if window.poll() is not None or time.perf_counter() - started > _TIMEOUT:
                        raise SystemExit("the window does not start")
                    time.sleep(_POLL_INTERVAL)
                return time.perf_counter() - started
            finally:
                window.kill()


def _program(bundle: Path, name: str) -> str:
    return str(bundle / (f"{name}.exe" if sys.platform == "win32" else name))


def main(bundle: Path) -> None:
    """One line: the size, and the best start of each program."""
    console = min(console_start(bundle) for _ in range(_RUNS))
    window = min(window_start(bundle) for _ in range(_RUNS))
    size = size_of(bundle) / 1e6
    sys.stdout.write(f"bundle: {size:.0f} MB, console starts in {console:.2f} s, window in {window:.2f} s\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
