"""Whether the package was installed with its extra `gateway`. Any thread."""

from importlib.util import find_spec

_OF_THE_GATEWAY = ("fastapi", "uvicorn", "multipart", "prometheus_client", "jwt", "pydantic_settings")


def has_gateway() -> bool:
    """Whether everything that the gateway imports is there; the setup programs and a plain `pipx install` lack it."""
    return all(find_spec(module) is not None for module in _OF_THE_GATEWAY)
