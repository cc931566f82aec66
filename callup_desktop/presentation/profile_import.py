"""What a rep reads before a profile is imported: where calls go now and then, what it asks for, what waits. No Qt."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from callup_desktop.config.destination import LocalUse
from callup_desktop.config.profile import AnyProfile, GatewayProfile, Profile
from callup_desktop.config.profiles import ProfileChange
from callup_desktop.presentation.language import Translatable
from callup_desktop.presentation.messages import Messages
from callup_desktop.standard_streams import printable

if TYPE_CHECKING:
    from callup_desktop.config.authorities import Authority


_BLANKS = re.compile("[\\s\u00ad\u115f\u1160\u180e\u200b-\u200d\u2060-\u2064\u2800\u3164\ufeff\uffa0]{2,}")
"""Characters that show as nothing; many of them would push what follows to a line that looks like one of ours."""


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """The preview, line by line; the two questions are "" where they do not arise."""

    title: str
    lines: tuple[str, ...]
    ask_keys: str = ""
    ask_calls: str = ""


class ImportPreviewWriter(Translatable):
    """Says what importing a profile changes."""

    def __init__(self, messages: Messages) -> None:
        """Speak as the messages do."""
        super().__init__(messages.language)

    def preview(self, change: ProfileChange, *, waiting: int | None = None) -> ImportPreview:
        """The preview; `waiting` is how many calls wait on this computer, None if that is not known."""
        new, old = change.new, change.old
        lines = [
            self.tr("File: {file}").format(file=printable(change.file.name)),
            self.tr("Name: {name}").format(name=new.name),
            *self._hosts(new, old if change.leads_elsewhere else None),
            *(self._use(use, new) for use in new.local_uses),
            *map(self._authority, new.authorities),
            *self._password(change),
            *self._proxy(new, old),
            *self._transcripts(new, old),
            *self._updates(new, old),
        ]
        if old is not None and not change.leads_elsewhere:
            lines.append(self.tr("Calls go to the same servers as now."))
        keys = calls = ""
        if change.leads_elsewhere and old is not None:
            if waiting != 0:
                lines.append(self._stays(waiting))
                calls = self.tr("Send the waiting calls to the new servers")
            keys = self._keys(change, old)
        elif change.may_take:
            keys = self.tr("Give it the secret in {variable}").format(variable=change.may_take)
        return ImportPreview(
            self.tr("Import this profile?"), tuple(_BLANKS.sub(" ", line) for line in lines), keys, calls
        )

    def not_yet(self) -> str:
        """Only the preview was shown."""
        return self.tr("Nothing was changed. Add --yes to import it.")

    def not_imported(self, identity: str) -> str:
        """No imported profile has this identity."""
        return self.tr("No imported profile is called {id}.").format(id=identity)

    def _hosts(self, new: AnyProfile, old: AnyProfile | None) -> tuple[str, ...]:
        places, before = self._places(new), self._places(old) if old else {}
        if places.keys() == before.keys():
            return tuple(self._line(title, place, before[title]) for title, place in places.items())
        until_now = (
            self.tr("Until now: {title}: {place}").format(title=title, place=was) for title, was in before.items()
        )
        return *(f"{title}: {place}" for title, place in places.items()), *until_now

    def _places(self, profile: AnyProfile) -> dict[str, str]:
        """Every server that gets something of a call, by what it is for."""
        if isinstance(profile, GatewayProfile):
            signs_in = {self.tr("Sign-in"): _shown(profile.oidc_issuer)} if profile.oidc_issuer else {}
            return {self.tr("Your company's server"): _shown(profile.gateway), **signs_in}
        servers = profile.servers
        registry = ", ".join(servers.registry)
        return {
            self.tr("Recordings"): f"{servers.bucket} · {servers.storage}",
            self.tr("Call records"): f"{registry} · {profile.database}.{profile.collection}",
            self.tr("Transcription queue"): _shown(servers.queue),
        }

    def _line(self, title: str, place: str, was: str) -> str:
        if not was or was == place:
            return f"{title}: {place}"
        return self.tr("{title}: {place} (until now {was})").format(title=title, place=place, was=was)

    def _keys(self, change: ProfileChange, old: AnyProfile) -> str:
        if change.may_take:
            both = self.tr("Give the keys stored for {name} and the secret in {variable} to the new servers")
            return both.format(name=old.name, variable=change.may_take)
        return self.tr("Give the keys stored for {name} to the new servers").format(name=old.name)

    def _password(self, change: ProfileChange) -> tuple[str, ...]:
        if not change.may_take:
            return ()
        if isinstance(change.new, GatewayProfile):
            sentence = self.tr(
                "{variable} of this computer holds a token for your company's server; it gets that only if you agree."
            )
        else:
            sentence = self.tr(
                "{variable} of this computer holds a password for call records; it gets that only if you agree."
            )
        return (sentence.format(variable=change.may_take),)

    def _use(self, use: LocalUse, profile: AnyProfile) -> str:
        if use is LocalUse.AUTHORITY or isinstance(profile, GatewayProfile):
            return self.tr("It says itself who may vouch for its servers, where this computer would not trust them:")
        return self._use_of_keys(use, profile)

    def _use_of_keys(self, use: LocalUse, profile: Profile) -> str:
        address = profile.registry
        properties = address.options.get("authmechanismproperties", {})
        words = {
            LocalUse.AWS_KEYS: self.tr(
                "It signs in with the AWS keys of this computer (AWS profile: {profile}),"
                " and runs the program that gives them if there is one."
            ).format(profile=profile.aws_profile or self.tr("the default one")),
            LocalUse.TOKEN: self.tr("It reads a sign-in token of this computer for the call records ({what}).").format(
                what=printable(", ".join(f"{name}: {value}" for name, value in properties.items()))
            ),
            LocalUse.FILES: self.tr("It reads certificate files of this computer for the call records: {files}").format(
                files=printable(", ".join(address.files))
            ),
        }
        return words[use]

    def _authority(self, authority: "Authority") -> str:
        return self.tr("{name} will be trusted (SHA-256 {fingerprint})").format(
            name=printable(authority.name), fingerprint=authority.fingerprint
        )

    def _proxy(self, new: AnyProfile, old: AnyProfile | None) -> tuple[str, ...]:
        if not new.proxy or (old is not None and old.proxy == new.proxy):
            return ()
        return (self.tr("Recordings go through the proxy {place}").format(place=_shown(new.proxy)),)

    def _updates(self, new: AnyProfile, old: AnyProfile | None) -> tuple[str, ...]:
        if new.update_url is None or (old is not None and (old.update_url, old.update_root) == _updates_of(new)):
            return ()
        return (self.tr("Newer versions are told of by {place}").format(place=_shown(new.update_url)),)

    def _transcripts(self, new: AnyProfile, old: AnyProfile | None) -> tuple[str, ...]:
        if new.transcript_url is None or (old is not None and old.transcript_url == new.transcript_url):
            return ()
        return (self.tr("Transcripts are opened at {place}").format(place=_shown(new.transcript_url)),)

    def _stays(self, waiting: int | None) -> str:
        if waiting is None:
            return self.tr("Calls that wait stay here until the profile they were made for is active again.")
        if waiting == 1:
            return self.tr("1 call waits; it stays here until the profile it was made for is active again.")
        return self.tr(
            "%n calls wait; they stay here until the profile they were made for is active again.", None, waiting
        )


def _updates_of(profile: AnyProfile) -> tuple[str | None, str | None]:
    return profile.update_url, profile.update_root


def _shown(url: str) -> str:
    """The address with its host in small letters, as a capital i looks like a small l."""
    scheme, _, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}://{host.lower()}{slash}{path}"
