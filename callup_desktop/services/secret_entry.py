"""The names of what a profile keeps secret. Immutable values, any thread."""

from enum import StrEnum


class Entry(StrEnum):
    """What a profile keeps secret; the value is the user name of its keyring entry."""

    ACCESS_KEY_ID = "access_key_id"
    SECRET_ACCESS_KEY = "secret_access_key"  # noqa: S105 - the name of an entry
    SESSION_TOKEN = "session_token"  # noqa: S105 - the name of an entry
    MONGO_PASSWORD = "mongo_password"  # noqa: S105 - the name of an entry
    MONGO_KEY_PASSWORD = "mongo_key_password"  # noqa: S105 - the name of an entry
    """Of the key of the certificate by which this computer signs in to the registry."""
    GATEWAY_TOKEN = "gateway_token"  # noqa: S105 - the name of an entry
    REFRESH_TOKEN = "refresh_token"  # noqa: S105 - the name of an entry
    """Of whoever signed in for a gateway; each use may bring another one."""
    PROXY_LOGIN = "proxy_login"
    """The address of one proxy, with the name and password that it and no other gets."""


TYPED_ENTRIES = tuple(entry.value for entry in Entry if entry not in {Entry.SESSION_TOKEN, Entry.REFRESH_TOKEN})
"""What a person types, and what lasts longer than a run."""
