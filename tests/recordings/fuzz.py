"""The atheris target: `python -m tests.recordings.fuzz [-max_total_time=60]`, any libFuzzer option goes.

Starts from small good recordings made by the real encoders; stops at the first bytes that get no verdict.
"""

import sys
import tempfile
from pathlib import Path

import atheris  # type: ignore[import-untyped,import-not-found,unused-ignore] # no stubs; for developers only

with atheris.instrument_imports(include=["callup_desktop.recordings"]):
    from callup_desktop.recordings import flac, m4a, mp3, probe, tags, unsupported, wav  # noqa: F401 - to be watched
    from tests.recordings.robust import check, check_sound, seeds, videos
    from tests.recordings.studio import Studio

_LONGEST = 64 * 1024
_FOUND = Path("build") / "fuzz"
"""Where bytes that broke the probe are kept."""


def main() -> None:
    """Make the seeds in a temporary folder and run libFuzzer over them; never returns."""
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "seeds"
        made.mkdir()
        studio = Studio(Path(folder))
        for number, data in enumerate([*seeds(studio).values(), *videos(studio).values()]):
            (made / str(number)).write_bytes(data)
        _FOUND.mkdir(parents=True, exist_ok=True)
        options = [f"-max_len={_LONGEST}", "-timeout=10", f"-artifact_prefix={_FOUND}/", *sys.argv[1:]]
        atheris.Setup([sys.argv[0], *options, str(made)], check_any)
        atheris.Fuzz()


def check_any(data: bytes) -> None:
    """One run: the bytes get a verdict, and so does the sound in them."""
    check(data)
    check_sound(data)


if __name__ == "__main__":
    main()
