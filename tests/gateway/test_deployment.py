"""The image, its examples and the operator's page say what the gateway does: its settings, its paths, its times."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import CollectorRegistry

from callup_desktop.choice import GATEWAY_TOKEN_VARIABLE, MONGO_PASSWORD_VARIABLE
from callup_desktop.gateway.http import CALLS
from callup_desktop.gateway.settings import PREFIX, GatewaySettings
from callup_desktop.gateway.telemetry import Metrics
from tests.gateway.replica import ROOT

FOLDER = ROOT / "installers" / "gateway"
OTHERS = {"CALLUP_HOME", MONGO_PASSWORD_VARIABLE, GATEWAY_TOKEN_VARIABLE}
HEALTH = {"/health/live", "/health/ready"}
PLACES = [*sorted(FOLDER.iterdir()), ROOT / "docs" / "gateway.md"]


def kubernetes(kind: str) -> dict[str, dict[str, Any]]:
    """The resources of one kind, by name."""
    found = yaml.safe_load_all((FOLDER / "kubernetes.yaml").read_text(encoding="utf-8"))
    return {each["metadata"]["name"]: each for each in found if each["kind"] == kind}


def compose() -> dict[str, dict[str, Any]]:
    services: dict[str, dict[str, Any]] = yaml.safe_load((FOLDER / "compose.yaml").read_text(encoding="utf-8"))[
        "services"
    ]
    return services


def pods() -> Iterator[dict[str, Any]]:
    for each in kubernetes("Deployment").values():
        yield each["spec"]["template"]["spec"]


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_every_variable_that_is_named_is_a_setting(place: Path) -> None:
    named = set(re.findall(r"\bCALLUP_[A-Z_]*[A-Z]\b", place.read_text(encoding="utf-8")))
    known = {f"{PREFIX}{name.upper()}" for name in GatewaySettings.model_fields} | OTHERS

    assert {name for name in named if name not in known} == set()


def test_the_operators_page_has_every_setting_with_its_default_and_every_metric() -> None:
    registry = CollectorRegistry()
    Metrics(registry)
    metrics = {f"{each.name}_total" if each.type == "counter" else each.name for each in registry.collect()}
    page = (ROOT / "docs" / "gateway.md").read_text(encoding="utf-8")
    rows = {cells[1].strip(" `"): cells[2:4] for line in page.splitlines() if len(cells := line.split("|")) == 5}

    for name, setting in GatewaySettings.model_fields.items():
        default, text = (cell.strip() for cell in rows[f"{PREFIX}{name.upper()}"])
        assert text == setting.description, name
        told = "" if setting.is_required() or setting.default in (None, ()) else f"{setting.default}"
        assert default == told.removesuffix(".0"), name
    assert metrics <= set(re.findall(r"\| `(callup_\w+)` \|", page))


def test_the_two_deployments_take_the_same_image_and_each_its_paths() -> None:
    (rule,) = kubernetes("Ingress")["callup-gateway"]["spec"]["rules"]
    ways = {way["path"]: (way["pathType"], way["backend"]["service"]["name"]) for way in rule["http"]["paths"]}

    assert ways == {f"{CALLS}/upload": ("Exact", "callup-upload"), "/": ("Prefix", "callup-api")}
    assert kubernetes("Service").keys() == kubernetes("Deployment").keys() == {"callup-upload", "callup-api"}
    assert len({container["image"] for pod in pods() for container in pod["containers"]}) == 1
    assert compose()["upload"]["image"] == compose()["api"]["image"]
    assert f"location = {CALLS}/upload" in (FOLDER / "nginx.conf").read_text(encoding="utf-8")


def test_a_replica_gets_the_time_that_it_takes_to_stop() -> None:
    for pod in pods():
        (container,) = pod["containers"]
        told = {each["name"]: each.get("value") for each in container["env"]}
        assert pod["terminationGracePeriodSeconds"] >= int(told[f"{PREFIX}SHUTDOWN_TIMEOUT"]) + 30
    for service in (compose()["upload"], compose()["api"]):
        grace = int(service["stop_grace_period"].removesuffix("s"))
        assert grace >= int(service["environment"][f"{PREFIX}SHUTDOWN_TIMEOUT"]) + 30


def test_nobody_is_root_and_nothing_but_its_own_folder_can_be_written() -> None:
    user = re.findall(r"^USER (\d+)$", (FOLDER / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)[-1]
    for pod in pods():
        (container,) = pod["containers"]
        assert pod["securityContext"]["runAsNonRoot"]
        assert str(pod["securityContext"]["runAsUser"]) == user != "0"
        assert container["securityContext"]["readOnlyRootFilesystem"]
        assert {container[probe]["httpGet"]["path"] for probe in ("livenessProbe", "readinessProbe")} == HEALTH
    for service in (compose()["upload"], compose()["api"]):
        assert service["read_only"]
