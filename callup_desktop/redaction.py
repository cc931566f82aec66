"""What is secret in a text, and the text without it. Any thread."""

import json
import re
from urllib.parse import quote

_SECRET_TEXT = (
    # The longest run up to the last @: a password in a URL that no parser takes may hold anything.
    re.compile(r"(?P<lead>\b[a-zA-Z][a-zA-Z0-9+.-]*://[^:@/\s'\"]*:)[^\s'\"]+(?=@)"),
    re.compile(r"(?P<lead>\b[a-zA-Z]*[pP]assword=)[^\s&,;'\"]+"),
    re.compile(r"(?P<lead>(?:Signature|X-Amz-Signature|X-Amz-Security-Token|X-Amz-Credential)=)[^\s&,'\"]+"),
    re.compile(
        r"(?P<lead>(?:Authorization|x-amz-security-token)['\"]?\s*[:=]\s*['\"]?)[^\s'\"]+[^'\"\n]*", re.IGNORECASE
    ),
    re.compile(r"(?P<lead>\b)(?:AKIA|ASIA)[A-Z0-9]{12,}"),
    # Tokens of OpenID Connect: a JWT wherever it stands, and what forms and addresses of a sign-in hold.
    re.compile(r"(?P<lead>\b)eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*"),
    re.compile(
        r"(?P<lead>\b(?:access_token|refresh_token|id_token|code_verifier)['\"]?\s*[=:]\s*['\"]?|[?&](?:code|state)=)"
        r"[^\s&,;'\"]+"
    ),
)
_MARKS = re.compile(r"[:=]|AKIA|ASIA|eyJ")
"""Each needs one of these, which most of what is logged has not: to look for all takes half of a line's time."""
MASK = "***"
_SHORTEST_SECRET = 4


def redacted(text: str, secrets: tuple[str, ...] = ()) -> str:
    """The text without anything that looks like a secret, and without the given secrets, however they are written."""
    return without(forms_of(secrets), text)


def without(forms: tuple[str, ...], text: str) -> str:
    """The text without these forms of secrets, and without anything that looks like one."""
    for form in forms:
        text = text.replace(form, MASK)
    for pattern in _SECRET_TEXT if _MARKS.search(text) else ():
        text = pattern.sub(lambda match: match["lead"] + MASK, text)
    return text


def forms_of(secrets: tuple[str, ...]) -> tuple[str, ...]:
    """The secrets however they are written, longest first."""
    return tuple(sorted({form for secret in secrets for form in _spellings_of(secret)}, key=len, reverse=True))


def _spellings_of(secret: str) -> tuple[str, ...]:
    """A secret as it may stand in a text: as it is, in a URL, in a repr, in JSON. One letter is no secret."""
    if len(secret) < _SHORTEST_SECRET:
        return ()
    return secret, quote(secret), quote(secret, safe=""), repr(secret)[1:-1], json.dumps(secret)[1:-1]
