"""The keys that every profile has, and the values that a key may have. Immutable, any thread."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Literal, Self
from unicodedata import category

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from callup_desktop.config.addresses import AddressError, AddressFault, check_proxy_address, check_web_address
from callup_desktop.config.name_rules import LONGEST_PATTERN, MOST_PATTERNS, Group, NamePattern, PatternError
from callup_desktop.config.profile_problems import ProblemCode
from callup_desktop.config.transcripts import TemplateError, check_template

if TYPE_CHECKING:
    from callup_desktop.config.authorities import Authority

Updates = Literal["check", "off"]
Video = Literal["sound", "refuse"]


def wrong(code: ProblemCode, **params: str) -> PydanticCustomError:
    """What a validator raises; its type is the code, and `params` fill its words."""
    return PydanticCustomError(code.value, code.value, {**params})


def of_form(pattern: str, code: ProblemCode) -> AfterValidator:
    """Texts of the form only; the code is the problem of all others."""
    form = re.compile(pattern)

    def check(text: str) -> str:
        if not form.fullmatch(text):
            raise wrong(code)
        return text

    return AfterValidator(check)


def showable(text: str) -> str:
    """The text, if it can be shown in one line whose parts stay where they are."""
    if any(character in _BIDI or category(character) in _UNSHOWABLE for character in text):
        raise wrong(ProblemCode.UNSHOWABLE)
    return text


def _pattern(text: str) -> str:
    """The pattern, if RE2 takes it and all of its groups are known."""
    try:
        groups = NamePattern(text).groups
    except PatternError as exc:
        code = ProblemCode.BAD_PATTERN
        raise PydanticCustomError(code.value, code.value, {"reason": str(exc)}) from exc
    if not groups or groups - set(Group):
        raise wrong(ProblemCode.PATTERN_GROUPS)
    return text


def _email(text: str) -> str:
    """The address, as pydantic's `EmailStr` takes it; that would load its rules for every profile."""
    from pydantic.networks import validate_email

    return validate_email(text)[1]


def _https_or_loopback(url: str) -> str:
    try:
        check_web_address(url)
    except AddressError as exc:
        raise wrong(WEB_FAULTS[exc.fault]) from exc
    return url


WEB_FAULTS: Mapping[AddressFault, ProblemCode] = {
    AddressFault.MALFORMED: ProblemCode.BAD_URL,
    AddressFault.PASSWORD_INSIDE: ProblemCode.PASSWORD_INSIDE,
    AddressFault.PLAIN: ProblemCode.PLAIN_HTTP,
}

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They turn the text around them round."""
_UNSHOWABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Control characters, halves of one, and ends of lines and paragraphs."""
WebAddress = Annotated[str, AfterValidator(_https_or_loopback)]
"""https, or http to this computer."""
_Fingerprint = Annotated[str, of_form(r"[0-9A-Fa-f]{64}", ProblemCode.BAD_FINGERPRINT)]
_CallType = Annotated[str, Field(max_length=40)]
_Folder = Annotated[str, of_form(r"(~|%\w+%|\$\w+|/|[A-Za-z]:[\\/]|\\\\).*", ProblemCode.BAD_FOLDER)]
_NamePattern = Annotated[str, Field(max_length=LONGEST_PATTERN), AfterValidator(_pattern)]


class CommonProfile(BaseModel):
    """What every profile says, wherever its calls go."""

    # Built when one is read: a start reads one kind of the two.
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, defer_build=True)

    name: Annotated[str, Field(min_length=1, max_length=100), AfterValidator(showable)]
    call_types: Annotated[tuple[_CallType, ...], Field(min_length=1)] = ("demo", "support", "sales")
    channels: Annotated[int, Field(ge=1, le=2, description="2 where the pipeline wants one voice a channel")] = 1
    video: Annotated[Video, Field(description="send the sound of an MP4 or MOV video, or refuse it")] = "sound"
    uploaded_by: Annotated[str, Field(json_schema_extra={"format": "email"}), AfterValidator(_email)] | None = None
    authority: Annotated[
        str, Field(description="certificates of authorities in PEM, which count beside those of the system")
    ] = ""
    proxy: Annotated[str, Field(description="instead of the proxy of the environment or the system")] = ""
    bandwidth_limit: Annotated[int | None, Field(ge=1, description="bytes a second")] = None
    files_at_once: Annotated[int, Field(ge=1, le=16)] = 3
    requests_at_once: Annotated[int, Field(ge=1, le=32)] = 8
    watch_folder: Annotated[
        Annotated[_Folder, AfterValidator(showable)] | None,
        Field(description="its new recordings become drafts; counts only where IT set it"),
    ] = None
    watch_send: Annotated[
        bool, Field(description="send those whose name gives all details; counts only where IT set it")
    ] = False
    name_rules: Annotated[tuple[_NamePattern, ...], Field(max_length=MOST_PATTERNS)] = ()
    transcript_url: Annotated[
        str | None, Field(description="the page with a call's transcript; {call_id} stands for the call")
    ] = None
    updates: Updates = "check"
    update_url: WebAddress | None = None
    update_root: Annotated[_Fingerprint | None, Field(description="SHA-256 of the update repository's first root")] = (
        None
    )

    @field_validator("call_types")
    @classmethod
    def _lower_case_types(cls, types: tuple[str, ...]) -> tuple[str, ...]:
        cleaned = tuple(dict.fromkeys(showable(kind.strip().lower()) for kind in types))
        if not all(cleaned):
            raise wrong(ProblemCode.EMPTY_CALL_TYPE)
        return cleaned

    @field_validator("authority")
    @classmethod
    def _holds_authorities(cls, text: str) -> str:
        if text and not _authorities_in(text):
            raise wrong(ProblemCode.BAD_AUTHORITY)
        return text

    @field_validator("proxy")
    @classmethod
    def _is_a_proxy(cls, url: str) -> str:
        try:
            if url:
                check_proxy_address(url)
        except AddressError as exc:
            code = ProblemCode.PASSWORD_INSIDE if exc.fault is AddressFault.PASSWORD_INSIDE else ProblemCode.BAD_PROXY
            raise wrong(code) from exc
        return url

    @field_validator("transcript_url")
    @classmethod
    def _names_a_page(cls, template: str | None) -> str | None:
        try:
            if template is not None:
                check_template(template)
        except TemplateError as exc:
            raise wrong(ProblemCode.BAD_TEMPLATE) from exc
        except AddressError as exc:
            raise wrong(WEB_FAULTS[exc.fault]) from exc
        return template

    @model_validator(mode="after")
    def _updates_are_verified(self) -> Self:
        if (self.update_url is None) != (self.update_root is None):
            raise wrong(ProblemCode.UPDATES_UNSIGNED)
        return self

    @property
    def authorities(self) -> "tuple[Authority, ...]":
        """Who may vouch for its servers beside those that this computer trusts."""
        return _authorities_in(self.authority) if self.authority else ()

    @property
    def fingerprints(self) -> str:
        """Of the authorities, in one text."""
        return " ".join(authority.fingerprint for authority in self.authorities)


def _authorities_in(pem: str) -> "tuple[Authority, ...]":
    """See `config.authorities`, which loads TLS: most profiles have none."""
    from callup_desktop.config.authorities import authorities_in

    return authorities_in(pem)
