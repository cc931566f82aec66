"""What the one who starts a program chooses and gives to it, and what the shell hears of it. Any thread."""

from base64 import b64encode
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path
from urllib.parse import unquote

from callup_desktop.uncaught import UncaughtErrors

MONGO_PASSWORD_VARIABLE = "CALLUP_MONGO_PASSWORD"  # noqa: S105 - the name of a variable
"""Holds the registry's password in the environment, for automation."""
GATEWAY_TOKEN_VARIABLE = "CALLUP_GATEWAY_TOKEN"  # noqa: S105 - the name of a variable
"""Holds the token for the gateway in the environment, for automation."""
_SECRET_VARIABLES = (
    MONGO_PASSWORD_VARIABLE,
    GATEWAY_TOKEN_VARIABLE,
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
)
_SHORTEST_TOKEN = 16
"""Characters; what stands before a proxy's address is a person's name if it is shorter and a password follows."""

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
    uncaught: UncaughtErrors = field(default_factory=UncaughtErrors, repr=False, compare=False)
    """Whoever tells what nobody caught, and has to know which secrets there are."""

    @property
    def where(self) -> str:
        """The choice as one word, to see that a running program serves the same; "" if nothing was chosen."""
        if self.sandbox:
            return "sandbox"
        return str(self.profile.absolute()) if self.profile else ""


def take_secrets(environ: MutableMapping[str, str]) -> Mapping[str, str]:
    """The environment as it was; what is secret for us alone is taken out of it, so that no child inherits it."""
    before = dict(environ)
    for name in (MONGO_PASSWORD_VARIABLE, GATEWAY_TOKEN_VARIABLE):
        environ.pop(name, None)
    return before


def environment_secrets(environ: Mapping[str, str]) -> tuple[str, ...]:
    """What is secret in an environment: keys, passwords, and how it signs in to proxies."""
    given = (environ.get(name, "") for name in _SECRET_VARIABLES)
    proxies = (value for name, value in environ.items() if name.lower().endswith("_proxy"))
    of_proxies = (secret for url in proxies for secret in secrets_in_url(url))
    return tuple(filter(None, (*given, *of_proxies)))


def secrets_in_url(url: str) -> tuple[str, ...]:
    """What nobody may read of a proxy's address, also of one that no parser takes.

    That is the password, a token in place of a name, and both as a header says them.
    """
    userinfo = url.partition("://")[2] or url
    userinfo = userinfo.rpartition("@")[0]
    name, _, password = userinfo.partition(":")
    header = b64encode(f"{unquote(name)}:{unquote(password)}".encode()).decode() if userinfo else ""
    token = name if not password or len(name) >= _SHORTEST_TOKEN else ""
    return password, unquote(password), token, unquote(token), header
