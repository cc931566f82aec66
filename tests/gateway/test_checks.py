"""`callup check` through a gateway: each hop is named by itself, and nothing is left behind."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from callup_desktop.config.profile import GatewayProfile
from callup_desktop.engine.errors import Code
from callup_desktop.engine.ports import GATEWAY_STEPS, CheckResult, CheckStep
from callup_desktop.presentation.connection_check import CheckWriter
from callup_desktop.presentation.messages import Messages
from callup_desktop.sandbox.embedded import Running
from callup_desktop.sandbox.ports import choose_ports
from callup_desktop.services.gateway.diagnostics import run_gateway_checks
from callup_desktop.services.gateway_tokens import open_gateway_secrets
from callup_desktop.services.secrets import Vault
from tests.faults.laptop import Network
from tests.faults.through_gateway import ENTRIES, QUICK, TOKEN
from tests.gateway.inside import Inside, replica_inside
from tests.gateway.look import Before, Look
from tests.gateway.replica import write_profile
from tests.services.test_secrets import GoodKeyring


@pytest.fixture(scope="module")
def behind(sandbox: Running, folder: Path, proxies: Network) -> Iterator[Inside]:
    """A replica whose storage, which it names to laptops, can be cut off."""
    path = write_profile(folder / "checked", proxies.profile, sandbox.profile)
    with replica_inside(path, folder / "checked.log", **{**QUICK, "tokens": ENTRIES}) as running:
        yield running


def found(address: str, token: str = TOKEN, **options: float) -> Mapping[CheckStep, CheckResult]:
    profile = GatewayProfile(name="Acme", gateway=address)
    secrets = open_gateway_secrets(profile, Vault("acme", GoodKeyring()), {"CALLUP_GATEWAY_TOKEN": token})
    return {result.step: result for result in run_gateway_checks(profile, secrets, **options)}


def codes(results: Mapping[CheckStep, CheckResult]) -> dict[CheckStep, str]:
    return {step: result.code for step, result in results.items() if not result.ok}


@pytest.mark.usefixtures("network")
def test_everything_holds_and_nothing_is_left_behind(behind: Inside, proxies: Network, look: Look) -> None:
    before = Before.of(look)

    results = found(behind.address)

    assert list(results) == list(GATEWAY_STEPS)
    assert codes(results) == {}
    assert f"127.0.0.1:{proxies.s3.port}" in results[CheckStep.STORAGE].detail
    before.wait_until_nothing_is_added()
    assert TOKEN not in json.dumps([str(result) for result in results.values()])


def test_no_token_is_told_by_the_first_hop_and_by_its_name_at_the_others(behind: Inside) -> None:
    results = found(behind.address, token="")

    assert codes(results) == dict.fromkeys(GATEWAY_STEPS, Code.TOKEN_MISSING)
    last = CheckWriter(Messages()).line(results[CheckStep.STORAGE], tuple(results.values())[:2])
    assert last.text == "Needs this first: Sign-in"


def test_a_token_that_is_not_accepted_is_told_by_the_gateway(behind: Inside) -> None:
    results = found(behind.address, token="found-in-the-street")

    assert results[CheckStep.SIGN_IN].ok
    assert codes(results)[CheckStep.GATEWAY] == Code.TOKEN_REFUSED


def test_a_gateway_that_is_not_there_is_named(behind: Inside) -> None:
    (port,) = choose_ports(1)
    nobody = found(f"http://127.0.0.1:{port}")
    elsewhere = found(f"{behind.address}/elsewhere")

    assert codes(nobody)[CheckStep.GATEWAY] == Code.CONNECTION
    assert codes(elsewhere)[CheckStep.GATEWAY] == Code.GATEWAY_ADDRESS


def test_a_storage_that_cannot_be_reached_is_named_and_the_gateway_is_not(behind: Inside, network: Network) -> None:
    network.s3.go_down()

    results = found(behind.address, timeout=2.0)

    assert set(codes(results)) == {CheckStep.STORAGE}
