"""What the one who starts a program chooses and gives to it, and what the shell hears of it. Any thread."""

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path

MONGO_PASSWORD_VARIABLE = "CALLUP_MONGO_PASSWORD"  # noqa: S105 - the name of a variable
"""Holds the registry's password in the environment, for automation."""

GATEWAY_PROFILE_VARIABLE = "CALLUP_GATEWAY_PROFILE"
"""Names the profile that the gateway of this machine serves."""


class ExitCode(IntEnum):
    """What the shell hears. 75 and 78 are EX_TEMPFAIL and EX_CONFIG of sysexits."""

    OK = 0
    FAILED = 1
    SENT_BEFORE = 3
    DIFFERENCES = 4
    KEPT = 75
    CONFIG = 78


@dataclass(frozen=True, slots=True)
class Choice:
    """What the command line chose: a profile file, the sandbox, or (neither) the managed or imported profile."""

    profile: Path | None = None
    sandbox: bool = False
    environ: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)
    """The environment that the program was started in, with the secrets that no child of it gets."""

    @property
    def where(self) -> str:
        """The choice as one word, to see that a running program serves the same; "" if nothing was chosen."""
        if self.sandbox:
            return "sandbox"
        return str(self.profile.absolute()) if self.profile else ""


def take_secrets(environ: MutableMapping[str, str]) -> Mapping[str, str]:
    """The environment as it was; what is secret for us alone is taken out of it, so that no child inherits it."""
    before = dict(environ)
    environ.pop(MONGO_PASSWORD_VARIABLE, None)
    return before
