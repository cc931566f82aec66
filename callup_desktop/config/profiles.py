"""The profiles of a home: which one is active, what the rep agreed to, whose waiting calls come along. Any thread.

profile.callup         the active one
profiles/IDENTITY.callup  every one that was imported, the active one too
profiles.json          what is remembered of them
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from pydantic import BaseModel, ConfigDict, ValidationError

from callup_desktop.config.atomic import write_atomically
from callup_desktop.config.destination import KEYS_OF_USES
from callup_desktop.config.paths import Home
from callup_desktop.config.profile import AnyProfile, load_any_profile, parse_profile, read_profile
from callup_desktop.config.profile_problems import ProfileError
from callup_desktop.config.reading import read_small

_SHORT = 16
"""Characters of an identity that name its file."""


class Origin(StrEnum):
    """Where a profile comes from, which says how far it is trusted; of POLICY there is no file, but single keys."""

    MANAGED = "managed"
    POLICY = "policy"
    IMPORTED = "imported"
    NAMED = "named"
    SANDBOX = "sandbox"


@dataclass(frozen=True, slots=True)
class ChosenProfile:
    """The profile that counts for this run; `path` is where it stands."""

    profile: AnyProfile
    path: Path
    origin: Origin

    @property
    def is_managed(self) -> bool:
        """Whether IT put it on this computer for every user."""
        return self.origin in {Origin.MANAGED, Origin.POLICY}


@dataclass(frozen=True, slots=True)
class ProfileChange:
    """What importing a file would change, before it does: it is what the rep agrees to, byte for byte.

    `may_take` is the variable of this program's environment whose secret waits for the rep's word, "" for none.
    """

    file: Path
    content: bytes
    new: AnyProfile
    old: AnyProfile | None
    may_take: str = ""

    @property
    def leads_elsewhere(self) -> bool:
        """Whether calls would go to other servers than those of the profile that is active now."""
        return self.old is not None and self.old.identity != self.new.identity


@dataclass(frozen=True, slots=True)
class KeptProfile:
    """A profile that was imported."""

    profile: AnyProfile
    path: Path
    active: bool

    @property
    def short_identity(self) -> str:
        """How a person names it."""
        return self.path.stem


class _Remembered(BaseModel):
    """`inherits` is the identity that owns what earlier versions kept without one, `inherits_name` its name then.

    `with_password` are the identities that the rep lets have their secret in the environment.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    inherits: str = ""
    inherits_name: str = ""
    agreed: tuple[str, ...] = ()
    with_password: tuple[str, ...] = ()
    calls_from: tuple[str, ...] = ()
    calls_to: str = ""


class ProfileStore:
    """Reads and writes what is remembered; a file that cannot be read allows nothing.

    `fixed` are the keys that IT set: a profile is what its file says together with them, and its file keeps the name
    that it has without them.
    """

    def __init__(self, home: Home, fixed: Mapping[str, object] = MappingProxyType({})) -> None:
        self._home = home
        self._fixed = fixed

    @property
    def active(self) -> Path | None:
        """The file of the active profile, or None before one was imported."""
        return self._home.profile if self._home.profile.exists() else None

    def begin(self, managed: AnyProfile | None) -> None:
        """Once a home, note whose the secrets and calls of earlier versions are: this computer's profile of then.

        Raises OSError where nothing can be kept.
        """
        if self._home.profiles_state.exists():
            return
        found = managed or self._imported()
        if found is None:
            self._remember(_Remembered())
        else:
            self._remember(_Remembered(inherits=found.identity, inherits_name=found.name, agreed=(found.agreement,)))

    def inherited_name(self, profile: AnyProfile) -> str:
        """The name under which an earlier version kept this profile's secrets, or ""."""
        known = self._remembered()
        return known.inherits_name if known.inherits == profile.identity else ""

    def is_allowed(self, chosen: ChosenProfile, fixed: Collection[str] = ()) -> bool:
        """Whether the profile may use of this computer what it wants to use; `fixed` are the keys that IT set."""
        profile = chosen.profile
        if chosen.is_managed or chosen.origin is Origin.SANDBOX or profile.agreement in self._remembered().agreed:
            return True
        said_by = (key for use in profile.local_uses for key in KEYS_OF_USES[use] if getattr(profile, key) is not None)
        return all(key in fixed for key in said_by)

    def may_have_password(self, chosen: ChosenProfile) -> bool:
        """Whether the secret in the environment, the registry's password or the gateway's token, is for this profile.

        It is for what IT set or somebody named for this very run. The environment outlasts a profile, so an imported
        one gets it only where the rep said so, or where it had it before anybody could be asked.
        """
        return chosen.origin is not Origin.IMPORTED or self._has_password(chosen.profile)

    def _has_password(self, profile: AnyProfile) -> bool:
        known = self._remembered()
        return profile.identity in {*known.with_password, known.inherits}

    def calls_to_take(self, profile: AnyProfile) -> frozenset[str]:
        """The identities whose waiting calls come along to this profile; "" for those of earlier versions."""
        known = self._remembered()
        earlier = {""} if known.inherits == profile.identity else set()
        return frozenset(earlier | (set(known.calls_from) if known.calls_to == profile.identity else set()))

    def calls_taken(self) -> None:
        """The calls that were to come along did; later ones of those profiles stay with theirs."""
        known = self._remembered()
        if known.calls_from:
            self._remember(known.model_copy(update={"calls_from": (), "calls_to": ""}))

    def preview(self, file: Path, environ: Mapping[str, str] = MappingProxyType({})) -> ProfileChange:
        """What importing the file would change; raises ProfileError, and changes nothing.

        `environ` may hold a secret that a profile can use.
        """
        content = read_profile(file)
        new = parse_profile(content, file, self._fixed)
        may_take = "" if self._has_password(new) or not environ.get(new.secret_variable) else new.secret_variable
        return ProfileChange(file, content, new, self._imported(), may_take)

    def adopt(self, change: ProfileChange, *, with_calls: bool = False, with_password: bool = False) -> None:
        """Make it the active profile from the next start on, as the rep agreed; raises OSError.

        `with_calls` lets the waiting calls of every other profile come along to it, `with_password` its secret in the
        environment.
        """
        self._home.make()
        self.begin(None)
        self._keep_active()
        identity = change.new.identity
        self._home.profiles.mkdir(exist_ok=True, mode=0o700)
        write_atomically(self._path_of(parse_profile(change.content, change.file)), change.content)
        known = self._remembered()
        others = {kept.profile.identity for kept in self.kept()} | {known.inherits} - {""}
        facts: dict[str, object] = {"agreed": tuple(dict.fromkeys((*known.agreed, change.new.agreement)))}
        if with_password:
            facts["with_password"] = tuple(dict.fromkeys((*known.with_password, identity)))
        if with_calls:
            facts |= {"calls_from": tuple(sorted(others - {identity})), "calls_to": identity}
        self._remember(known.model_copy(update=facts))
        write_atomically(self._home.profile, change.content)

    def use(self, short_identity: str, *, with_calls: bool = False) -> KeptProfile | None:
        """Make an imported profile active again; None where there is no such one. Raises OSError."""
        found = next((kept for kept in self.kept() if kept.short_identity == short_identity), None)
        if found is not None:
            content = read_profile(found.path)
            self.adopt(ProfileChange(found.path, content, found.profile, None), with_calls=with_calls)
        return found

    def kept(self) -> tuple[KeptProfile, ...]:
        """Every imported profile that can be read."""
        return tuple(self._read_kept())

    def _read_kept(self) -> Iterator[KeptProfile]:
        active = self._imported()
        for path in sorted(self._home.profiles.glob("*.callup")):
            try:
                content = read_profile(path)
                profile = parse_profile(content, path, self._fixed)
                is_ours = path == self._path_of(parse_profile(content, path))
            except ProfileError:
                continue
            if is_ours:
                yield KeptProfile(profile, path, active is not None and active.identity == profile.identity)

    def _keep_active(self) -> None:
        """An active profile from an earlier version is kept beside the new one, so that its calls can go on."""
        with suppress(ProfileError):
            content = read_profile(self._home.profile)
            path = self._path_of(parse_profile(content, self._home.profile))
            if not path.exists():
                self._home.profiles.mkdir(exist_ok=True, mode=0o700)
                write_atomically(path, content)

    def _path_of(self, profile: AnyProfile) -> Path:
        return self._home.profiles / f"{profile.identity[:_SHORT]}.callup"

    def _imported(self) -> AnyProfile | None:
        try:
            return load_any_profile(self._home.profile, self._fixed)
        except ProfileError:
            return None

    def _remembered(self) -> _Remembered:
        try:
            return _Remembered.model_validate_json(read_small(self._home.profiles_state))
        except (OSError, ValidationError):
            return _Remembered()

    def _remember(self, known: _Remembered) -> None:
        self._home.make()
        write_atomically(self._home.profiles_state, known.model_dump_json().encode())
