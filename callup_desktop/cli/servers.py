"""Storage, registry and queue, for the commands that ask them without a gateway. Main thread."""

from callup_desktop.compose import Connection
from callup_desktop.config.profile import GatewayProfile, Profile
from callup_desktop.config.profile_problems import ProblemCode, ProfileError, ProfileProblem
from callup_desktop.instance.client import bad_profile
from callup_desktop.services.gateway_tokens import straight
from callup_desktop.services.secrets import Secrets


def servers_of(connection: Connection) -> tuple[Profile, Secrets]:
    """The profile that names them, and its secrets; raises StartError where the profile names a gateway."""
    if isinstance(connection.profile, GatewayProfile):
        problem = ProfileProblem("gateway", ProblemCode.NEEDS_SERVERS)
        raise bad_profile(ProfileError(connection.path, (problem,)))
    return straight(connection.profile, connection.secrets)
