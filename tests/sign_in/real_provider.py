"""A certified OpenID Connect provider, run by Node: what the tests sign in to."""

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Condition, Thread
from typing import Any, TextIO

import pytest

CLIENT_ID = "callup-desktop"
AUDIENCE = "callup-gateway"
_FOLDER = Path(__file__).with_name("provider")
_SECONDS = 60.0


@dataclass
class RealProvider:
    """Its issuer, and what it granted, refused and revoked so far."""

    issuer: str = ""
    told: list[dict[str, Any]] = field(default_factory=list)
    heard: Condition = field(default_factory=Condition)
    end: Callable[[], None] = lambda: None

    def count(self, **wanted: Any) -> int:
        """How many of these it has told."""
        with self.heard:
            return sum(wanted.items() <= line.items() for line in self.told)

    def wait_for(self, **wanted: Any) -> None:
        """Return once it has told such a thing."""
        with self.heard:
            assert self.heard.wait_for(lambda: any(wanted.items() <= line.items() for line in self.told), _SECONDS)


@contextmanager
def real_provider(lifetime: int = 3600) -> Iterator[RealProvider]:
    """One that gives access tokens for so many seconds; skips the test where this computer cannot run it."""
    node = shutil.which("node")
    if node is None or not (_FOLDER / "node_modules").is_dir():
        pytest.skip("no OpenID Connect provider here: ./setup.sh --tests installs it where there is Node.js with npm")
    command = [node, "--no-warnings", str(_FOLDER / "server.mjs"), str(lifetime)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        provider = RealProvider(json.loads(process.stdout.readline())["issuer"])
        provider.end = process.kill
        listener = Thread(target=_listen, args=(process.stdout, provider), daemon=True)
        listener.start()
        try:
            yield provider
        finally:
            process.kill()
            listener.join()


def _listen(lines: TextIO, provider: RealProvider) -> None:
    for line in lines:
        # The provider has words of its own.
        if not line.startswith("{"):
            continue
        with provider.heard:
            provider.told.append(json.loads(line))
            provider.heard.notify_all()
