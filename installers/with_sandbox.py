"""Runs a command while the sandbox's servers are up; `{profile}` in it becomes the profile that leads there.

python -m installers.with_sandbox COMMAND... {profile} ...
"""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from callup_desktop.sandbox.embedded import Sandbox


def main(command: Sequence[str]) -> int:
    """The command's exit code."""
    with TemporaryDirectory(prefix="callup-sandbox-") as folder, Sandbox(Path(folder)) as sandbox:
        profile = str(sandbox.profile)
        words = [word.replace("{profile}", profile) for word in command]
        return subprocess.run(words, check=False).returncode  # noqa: S603 - what the Makefile says


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
