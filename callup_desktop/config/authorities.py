"""The certificates of a profile: authorities that count beside the system's, and what a person reads of them."""

import hashlib
import re
import ssl
from dataclasses import dataclass
from typing import cast

MOST_AUTHORITIES = 16
_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----")
_NAMES = ("organizationName", "commonName")


@dataclass(frozen=True, slots=True)
class Authority:
    """One of them: who it says it is, and the SHA-256 of its certificate, which nobody else has."""

    name: str
    fingerprint: str


def authorities_in(pem: str) -> tuple[Authority, ...]:
    """The authorities, each once and in one order; () where the text is anything else but certificates of such."""
    found = _CERTIFICATE.findall(pem)
    if not found or len(found) > MOST_AUTHORITIES or _CERTIFICATE.sub("", pem).strip():
        return ()
    try:
        authorities = {_authority(text) for text in found}
    except (ssl.SSLError, ValueError, IndexError):
        return ()
    return tuple(sorted(authorities, key=lambda authority: authority.fingerprint))


def _authority(pem: str) -> Authority:
    """Raises IndexError where it is a certificate, but none of an authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=pem)
    told = cast("tuple[tuple[tuple[str, str], ...], ...]", context.get_ca_certs()[0]["subject"])
    subject = dict(pair for group in told for pair in group)
    name = " · ".join(subject[key] for key in _NAMES if key in subject)
    return Authority(name, hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest())
