"""Group Policy's templates: what the editor offers is what the program takes, in two languages."""

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from callup_desktop.config.policy import read_policy
from callup_desktop.config.preferences import Preferences
from callup_desktop.config.profile import ALL_KEYS, GatewayProfile, Profile
from tools import policy_templates
from tools.policy_templates import FOLDER, LANGUAGES, SETTINGS

_IN = "{http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions}"
DEFINITIONS = FOLDER / "CallUpDesktop.admx"
RESOURCES = [FOLDER / language / "CallUpDesktop.adml" for language in LANGUAGES]
ROOT_HASH = "ab" * 32
TEXTS = {
    "aws_profile": "sales",
    "bucket": "calls-of-acme",
    "collection": "calls",
    "database": "calls",
    "endpoint": "https://s3.example.com",
    "gateway": "https://calls.example.com",
    "mongo_uri": "mongodb+srv://callup@cluster0.example.mongodb.net/",
    "name": "Acme Sales",
    "oidc_client_id": "callup-desktop",
    "oidc_issuer": "https://id.example.com",
    "oidc_scope": "openid offline_access",
    "proxy": "http://proxy.example.com:8080",
    "queue_url": "https://sqs.eu-west-1.amazonaws.com/123456789012/tasks",
    "region": "eu-west-1",
    "transcript_url": "https://calls.example.com/{call_id}",
    "update_root": ROOT_HASH,
    "update_url": "https://updates.example.com",
    "uploaded_by": "rep@acme.com",
    "watch_folder": r"%USERPROFILE%\Documents\Zoom",
}
LINES = {"call_types": ["demo", "support"], "name_rules": [r"^(?P<company>.+?)_"]}

every_language = pytest.mark.parametrize("file", RESOURCES, ids=lambda file: file.parent.name)


def policies() -> list[ElementTree.Element]:
    return list(ElementTree.parse(DEFINITIONS).getroot().iter(f"{_IN}policy"))  # noqa: S314 - our own file


def test_the_shipped_templates_are_todays() -> None:
    """Else run `python -m tools.policy_templates`."""
    written = {file: file.read_text(encoding="utf-8") for file in (DEFINITIONS, *RESOURCES)}

    assert written == policy_templates.templates()


def test_every_key_that_it_may_set_is_offered_and_no_other() -> None:
    assert {policy.get("name") for policy in policies()} == {*ALL_KEYS, *SETTINGS}
    assert set(SETTINGS) <= Preferences.model_fields.keys()
    for policy in policies():
        places = [policy.get("valueName"), *(found.get("valueName") for found in policy.iterfind(f"{_IN}elements/*"))]
        assert [place for place in places if place] == [policy.get("name")]


@every_language
def test_each_text_that_is_asked_for_is_there_and_none_is_idle(file: Path) -> None:
    asked = DEFINITIONS.read_text(encoding="utf-8")
    resources = ElementTree.parse(file).getroot()  # noqa: S314 - our own file

    strings = {found.get("id"): found.text or "" for found in resources.iter(f"{_IN}string")}
    presentations = {found.get("id"): found for found in resources.iter(f"{_IN}presentation")}
    assert strings.keys() == set(re.findall(r"\$\(string\.(\w+)\)", asked))
    assert all(text.strip() for text in strings.values())
    assert presentations.keys() == set(re.findall(r"\$\(presentation\.(\w+)\)", asked))
    for name, presentation in presentations.items():
        assert [control.get("refId") for control in presentation] == [name]


def test_the_languages_differ_in_every_explanation() -> None:
    english, german = (
        {found.get("id"): found.text for found in ElementTree.parse(file).getroot().iter(f"{_IN}string")}  # noqa: S314 - our own file
        for file in RESOURCES
    )

    assert [name for name in english if str(name).endswith("_help") and english[name] == german[name]] == []


def written_by_the_editor() -> Iterator[tuple[str, str, object]]:
    """A key and a value of each kind that the editor can write for it, as the registry gives them."""
    for policy in policies():
        name = str(policy.get("name"))
        element = policy.find(f"{_IN}elements/*")
        if element is None:
            yield from ((name, "switch", int(str(policy[at][0].get("value")))) for at in (2, 3))
        elif element.tag == f"{_IN}decimal":
            yield from ((name, "number", int(str(element.get(limit)))) for limit in ("minValue", "maxValue"))
        elif element.tag == f"{_IN}enum":
            yield from ((name, "choice", found.text) for found in element.iter(f"{_IN}string"))
        elif name != "authority":
            yield name, "text", LINES.get(name) or TEXTS[name]


@pytest.mark.parametrize(("name", "kind", "value"), list(written_by_the_editor()))
def test_what_the_editor_writes_the_program_takes(name: str, kind: str, value: object) -> None:
    policy = read_policy("win32", registry=lambda key: [(f"HKLM\\{key}", name, value)])
    assert policy.is_locked(name)
    if name in SETTINGS:
        assert getattr(Preferences.model_validate(policy.preference_values()), name) is bool(value)
        return
    model = GatewayProfile if name in GatewayProfile.model_fields else Profile
    beside = {"oidc_issuer", "oidc_client_id"} if name.startswith("oidc") else set()
    beside |= {"update_url", "update_root"} if name.startswith("update_") else set()
    needed = {key for key, field in model.model_fields.items() if field.is_required()} | beside

    profile = model.model_validate({**{key: TEXTS[key] for key in needed}, **policy.profile_values()})
    taken = getattr(profile, name)
    assert taken == (tuple(value) if isinstance(value, list) else bool(value) if kind == "switch" else value)


def test_the_templates_write_where_the_program_reads() -> None:
    def registry(key: str) -> Iterator[tuple[str, str, object]]:
        read.append(key)
        yield from ()

    read: list[str] = []
    read_policy("win32", registry=registry)

    assert {policy.get("key") for policy in policies()} == set(read)
    assert {policy.get("class") for policy in policies()} == {"Both"}
