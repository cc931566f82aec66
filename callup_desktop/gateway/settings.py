"""What an operator sets: every key is a field here and a variable `CALLUP_GATEWAY_<KEY>`. Immutable, any thread."""

import os
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_core import from_json
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from callup_desktop.choice import GATEWAY_TOKEN_VARIABLE
from callup_desktop.config.addresses import is_loopback
from callup_desktop.recordings.recording import MAX_SIZE

MIB = 1024 * 1024
PREFIX = "CALLUP_GATEWAY_"
SEND = "calls:send"
READ_ALL = "calls:read"
OPERATE = "calls:operate"
DEFAULT_TENANT = "default"


class StaticToken(BaseModel):
    """One bearer token as the gateway knows it: its hash, and who presents it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of the token, in hexadecimal")]
    caller: Annotated[str, Field(min_length=1, max_length=200)]
    tenant: Annotated[str, Field(min_length=1, max_length=200)] = DEFAULT_TENANT
    roles: frozenset[str] = frozenset({SEND})


def _of_json(given: object) -> object:
    return from_json(given) if isinstance(given, str | bytes) else given


StaticTokens = Annotated[tuple[StaticToken, ...], BeforeValidator(_of_json)]
"""Tokens, also as the JSON that an operator writes; what is wrong with it is told without a word of it."""


class GatewaySettings(BaseSettings):
    """One replica's settings; what is not given is read from the environment."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="forbid", env_ignore_empty=True, allow_inf_nan=False
    )

    profile: Annotated[Path, Field(description="the .callup file: bucket, registry and queue")]
    host: Annotated[str, Field(description="the address to listen on")] = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535, description="the port to listen on; 0 is any that is free")] = 8080
    workers: Annotated[int, Field(ge=1, le=64, description="processes that share the port")] = 1

    tokens: Annotated[StaticTokens, NoDecode, Field(description="static bearer tokens, as a JSON list")] = ()
    tokens_file: Annotated[Path | None, Field(description="a file with such a list")] = None
    oidc_issuer: Annotated[str | None, Field(description="the `iss` that JWTs must have")] = None
    oidc_audience: Annotated[str | None, Field(description="the `aud` that JWTs must have")] = None
    oidc_jwks_url: Annotated[str | None, Field(description="where the issuer's public keys are")] = None
    oidc_caller_claim: Annotated[str, Field(description="the claim that names the caller")] = "sub"
    oidc_tenant_claim: Annotated[
        str | None, Field(description="the claim that names the tenant; without it all callers are of one tenant")
    ] = None

    largest_recording: Annotated[int, Field(gt=0, le=MAX_SIZE, description="bytes")] = MAX_SIZE
    memory_budget: Annotated[int, Field(ge=24 * MIB, description="bytes that all uploads of a process may hold")] = (
        512 * MIB
    )
    buffers: Annotated[
        int,
        Field(
            ge=3, description="buffers of up to 16 MiB that fast senders share; slow ones get more, up to memory_budget"
        ),
    ] = 3
    uploads_a_caller: Annotated[int, Field(ge=1, description="uploads that one caller may have under way")] = 20
    silence_timeout: Annotated[float, Field(gt=0, description="seconds that a sender may say nothing")] = 30.0
    least_a_minute: Annotated[int, Field(ge=0, description="bytes that a sender must send in a minute")] = 64 * 1024
    storage_threads: Annotated[int, Field(ge=2, le=256, description="requests to the storage at once")] = 16
    registry_threads: Annotated[int, Field(ge=2, le=256, description="requests to the registry at once")] = 8
    storage_timeout: Annotated[float, Field(gt=0, description="seconds that the storage may say nothing")] = 30.0
    registry_timeout: Annotated[float, Field(gt=0, description="seconds to find the registry's primary")] = 5.0
    registry_silence: Annotated[
        float, Field(gt=0, description="seconds that the registry may say nothing; half of it at first")
    ] = 20.0
    tries: Annotated[int, Field(ge=1, le=10, description="how often a step is tried before the caller hears of it")] = 3
    tries_within: Annotated[
        float, Field(gt=0, description="seconds after which a step is not tried again, or waits for no thread any more")
    ] = 20.0

    urls_last: Annotated[
        int, Field(ge=1, le=43200, description="seconds that the URL of one part of a direct upload is good for")
    ] = 900
    rests_days: Annotated[
        int, Field(ge=1, description="days that a direct upload is kept whose sender is away; as the lifecycle rule")
    ] = 14
    complete_within: Annotated[
        float, Field(ge=0, description="seconds after which a direct upload's complete is answered 202 and goes on")
    ] = 20.0

    report_within: Annotated[
        float, Field(ge=0, description="seconds after which an operator's report is answered 202 and goes on")
    ] = 20.0

    lease: Annotated[
        float,
        Field(
            ge=1,
            description="seconds after which another replica may take over, also the message of a call"
            " whose replica died",
        ),
    ] = 60.0
    settle_after: Annotated[
        float, Field(gt=0, description="seconds until a request that had no answer can arrive no more")
    ] = 60.0
    relay_interval: Annotated[float, Field(gt=0, description="seconds between two looks for what is due")] = 5.0
    announce_again_after: Annotated[
        float, Field(gt=0, description="seconds after which a call that nobody took up is announced again")
    ] = 3600.0
    keep_days: Annotated[int, Field(ge=1, description="days that a sent call's key and owner are remembered")] = 400
    shutdown_timeout: Annotated[int, Field(ge=0, description="seconds that running uploads get at a shutdown")] = 120

    @field_validator("oidc_jwks_url", "oidc_issuer")
    @classmethod
    def _https_or_loopback(cls, url: str | None) -> str | None:
        parts = urlsplit(url or "https://unset")
        if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname or "")):
            raise ValueError("must begin with https://")
        return url

    @model_validator(mode="after")
    def _oidc_is_complete(self) -> "GatewaySettings":
        given = {self.oidc_issuer is None, self.oidc_audience is None, self.oidc_jwks_url is None}
        if len(given) > 1:
            raise ValueError("oidc_issuer, oidc_audience and oidc_jwks_url go together")
        return self

    @model_validator(mode="after")
    def _every_variable_is_a_setting(self) -> "GatewaySettings":
        """One that is misspelt would leave its setting as it is, and nobody would know."""
        given = {name.upper() for name, value in os.environ.items() if value}
        known = {f"{PREFIX}{field.upper()}" for field in type(self).model_fields} | {GATEWAY_TOKEN_VARIABLE}
        if unknown := {name for name in given - known if name.startswith(PREFIX)}:
            raise ValueError(f"no such setting: {', '.join(sorted(unknown))}")
        return self

    @property
    def asks_for_tokens(self) -> bool:
        """Whether anybody can be told apart at all."""
        return bool(self.tokens or self.tokens_file or self.oidc_issuer)

    def as_environment(self) -> dict[str, str]:
        """The variables that make the same settings in another process."""
        values = self.model_dump(mode="json", exclude_unset=True)
        tokens = [token.model_dump_json() for token in self.tokens]
        texts = {name: str(value) for name, value in values.items() if value is not None and name != "tokens"}
        if tokens:
            texts["tokens"] = f"[{','.join(tokens)}]"
        return {f"{PREFIX}{name.upper()}": text for name, text in texts.items()}


def told(exc: ValidationError) -> str:
    """What is wrong and where, without what was given: it may be a secret."""
    wrong = exc.errors(include_input=False, include_url=False)
    return "; ".join(": ".join([*_place(error["loc"]), error["msg"].removeprefix("Value error, ")]) for error in wrong)


def _place(where: tuple[int | str, ...]) -> tuple[str, ...]:
    return (".".join(map(str, where)),) if where else ()
