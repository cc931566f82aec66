"""The AWS SDK's own chain of keys, asked by way of this program's transport. Any thread."""

from botocore.session import Session

from callup_desktop.config.profile import Profile
from callup_desktop.engine.errors import AccountError, Code
from callup_desktop.services.aws import translate_chain
from callup_desktop.services.aws_session import ChainCredentials, asks_for_mfa, chain_session
from callup_desktop.services.transport import Transport
from callup_desktop.services.way import Way

_ASSUMED_ROLE = "assume-role"


class KeyChain:
    """The chain as one profile names it."""

    def __init__(self, profile: Profile, way: Way) -> None:
        self._profile = profile
        self._transport = Transport(connections=1, way=way)
        self._found: object = None

    def session(self) -> Session:
        """A session with the keys of now; AccountError where the chain ends without keys, or fails, now or later."""
        session = chain_session(
            self._profile.aws_profile, region=self._profile.region, send=self._transport.send, told=translate_chain
        )
        found = session.get_credentials()
        if found is None:
            raise AccountError(Code.NO_CREDENTIALS, "the AWS configuration has no keys")
        if found.method == _ASSUMED_ROLE and asks_for_mfa(session):
            raise AccountError(Code.KEY_SOURCE_FAILED, "the role wants an MFA code, which only a terminal can ask for")
        self._found = found
        return session

    def seen(self) -> tuple[str, ...]:
        """The keys as they are now, so that no writer lets one out; asks nobody."""
        return self._found.held() if isinstance(self._found, ChainCredentials) else ()
