"""Writes the templates of Group Policy for the keys that IT may set: `python -m tools.policy_templates`.

Types, limits and choices are the profile's and the preferences' own; names and explanations are in `texts.toml`.
"""

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from callup_desktop.config.policy import REGISTRY_KEY
from callup_desktop.config.preferences import Preferences
from tools import profile_schema

FOLDER = Path(__file__).resolve().parents[1] / "installers" / "windows" / "policies"
NAME = "CallUpDesktop"
LANGUAGES = {"en-US": "en", "de-DE": "de"}
SETTINGS = ("launch_at_login", "keep_awake", "notify")
"""Of the rep's own settings, those that IT may set beside the keys of a profile."""
_NAMESPACE = "http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions"
_LARGEST = 2**32 - 1
_LINES = ("authority",)
"""Texts of many lines, which arrive as a list of them."""
_LONGEST = 64 * 1024
_FOR_TESTS = "sandbox"
_SUPPORTED = {"en": "CallUp Desktop 0.2 or newer", "de": "CallUp Desktop 0.2 oder neuer"}
_REGISTRY_VALUE = {"en": "Registry value", "de": "Registrierungswert"}


@dataclass(frozen=True, slots=True)
class Key:
    """A key that IT may set: what may be its value, by JSON Schema, and what is said of it."""

    name: str
    schema: Mapping[str, Any]
    texts: Mapping[str, Any]

    @property
    def kind(self) -> str:
        """How the editor asks for it, in the words of ADMX."""
        if "enum" in self.schema:
            return "enum"
        if self.schema["type"] == "array" or self.name in _LINES:
            return "multiText"
        return {"boolean": "boolean", "integer": "decimal", "string": "text"}[self.schema["type"]]

    @property
    def choices(self) -> list[str]:
        """What it may be, where that is a choice."""
        return [choice for choice in self.schema["enum"] if choice != _FOR_TESTS]


def keys() -> list[Key]:
    """Every key of both kinds of profile, and the settings; raises KeyError for one without texts."""
    told = tomllib.loads((FOLDER / "texts.toml").read_text(encoding="utf-8"))["keys"]
    return [Key(name, schema, told[name]) for name, schema in _schemas().items()]


def templates() -> dict[Path, str]:
    """The content of each file."""
    files = {FOLDER / f"{NAME}.admx": _written(_definitions())}
    for folder, language in LANGUAGES.items():
        files[FOLDER / folder / f"{NAME}.adml"] = _written(_resources(language))
    return files


def _schemas() -> dict[str, Mapping[str, Any]]:
    found = json.loads(profile_schema.schema())["$defs"]
    own = Preferences.model_json_schema()["properties"]
    every = {
        **found["GatewayProfile"]["properties"],
        **found["Profile"]["properties"],
        **{name: own[name] for name in SETTINGS},
    }
    return {name: _without_null(schema) for name, schema in every.items()}


def _without_null(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema of what may be set; unset is not to be there."""
    return next((each for each in schema.get("anyOf", [schema]) if each != {"type": "null"}), schema)


def _definitions() -> ElementTree.Element:
    root = ElementTree.Element("policyDefinitions", xmlns=_NAMESPACE, revision="1.0", schemaVersion="1.0")
    _in(_in(root, "policyNamespaces"), "target", prefix="callup", namespace="CallUp.Policies.Desktop")
    _in(root, "resources", minRequiredRevision="1.0")
    supported = _in(_in(root, "supportedOn"), "definitions")
    _in(supported, "definition", name="supported", displayName="$(string.supported)")
    categories = _in(root, "categories")
    _in(categories, "category", name="callup", displayName="$(string.callup)")
    for name in _categories():
        category = _in(categories, "category", name=f"category_{name}", displayName=f"$(string.category_{name})")
        _in(category, "parentCategory", ref="callup")
    policies = _in(root, "policies")
    for key in keys():
        _add_policy(policies, key)
    return root


def _add_policy(policies: ElementTree.Element, key: Key) -> None:
    attributes = {
        "name": key.name,
        "class": "Both",
        "displayName": f"$(string.{key.name})",
        "explainText": f"$(string.{key.name}_help)",
        "key": REGISTRY_KEY,
    }
    switch = key.kind == "boolean"
    attributes |= {"valueName": key.name} if switch else {"presentation": f"$(presentation.{key.name})"}
    policy = _in(policies, "policy", **attributes)
    _in(policy, "parentCategory", ref=f"category_{key.texts['category']}")
    _in(policy, "supportedOn", ref="supported")
    if switch:
        for name, value in (("enabledValue", "1"), ("disabledValue", "0")):
            _in(_in(policy, name), "decimal", value=value)
        return
    element = _in(
        _in(policy, "elements"), key.kind, id=key.name, valueName=key.name, required="true", **_limits_of(key)
    )
    if key.kind == "enum":
        for choice in key.choices:
            item = _in(element, "item", displayName=f"$(string.{key.name}_{choice})")
            _in(_in(item, "value"), "string").text = choice


def _limits_of(key: Key) -> dict[str, str]:
    """As far as ADMX has them; without one it has limits of its own, of which some are too small."""
    schema = key.schema
    if key.kind == "decimal":
        return {"minValue": str(schema.get("minimum", 0)), "maxValue": str(schema.get("maximum", _LARGEST))}
    if key.kind == "multiText":
        # Whether the length is that of a line or of all is not documented.
        strings = {"maxStrings": str(schema["maxItems"])} if "maxItems" in schema else {}
        return {"maxLength": str(_LONGEST), **strings}
    return {"maxLength": str(schema.get("maxLength", _LONGEST))} if key.kind == "text" else {}


def _resources(language: str) -> ElementTree.Element:
    root = ElementTree.Element("policyDefinitionResources", xmlns=_NAMESPACE, revision="1.0", schemaVersion="1.0")
    _in(root, "displayName").text = "CallUp Desktop"
    _in(root, "description").text = "CallUp Desktop"
    resources = _in(root, "resources")
    strings = _in(resources, "stringTable")
    for name, text in _strings(language):
        _in(strings, "string", id=name).text = text
    presentations = _in(resources, "presentationTable")
    for key in keys():
        if key.kind != "boolean":
            _present(_in(presentations, "presentation", id=key.name), key, key.texts[language][0])
    return root


def _strings(language: str) -> Iterator[tuple[str, str]]:
    yield "callup", "CallUp Desktop"
    yield "supported", _SUPPORTED[language]
    for name, category in _categories().items():
        yield f"category_{name}", category[language]
    for key in keys():
        name, explained = key.texts[language]
        yield key.name, name
        yield f"{key.name}_help", f"{explained}\n\n{_REGISTRY_VALUE[language]}: {key.name}"
        if key.kind == "enum":
            for choice in key.choices:
                yield f"{key.name}_{choice}", key.texts["values"][choice][language]


def _present(presentation: ElementTree.Element, key: Key, label: str) -> None:
    if key.kind == "text":
        _in(_in(presentation, "textBox", refId=key.name), "label").text = label
    elif key.kind == "decimal":
        least = str(key.schema.get("minimum", 0))
        _in(presentation, "decimalTextBox", refId=key.name, defaultValue=least).text = label
    elif key.kind == "enum":
        _in(presentation, "dropdownList", refId=key.name, noSort="true").text = label
    else:
        _in(presentation, "multiTextBox", refId=key.name).text = label


def _categories() -> Mapping[str, Mapping[str, str]]:
    found: Mapping[str, Mapping[str, str]] = tomllib.loads((FOLDER / "texts.toml").read_text(encoding="utf-8"))[
        "categories"
    ]
    return found


def _in(parent: ElementTree.Element, kind: str, **attributes: str) -> ElementTree.Element:
    return ElementTree.SubElement(parent, kind, attributes)


def _written(root: ElementTree.Element) -> str:
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


if __name__ == "__main__":
    for file, content in templates().items():
        file.parent.mkdir(exist_ok=True)
        file.write_text(content, encoding="utf-8", newline="\n")
