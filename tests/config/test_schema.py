"""The JSON Schema that is shipped is the one that the profile has today."""

import json

from callup_desktop.config.profile import GatewayProfile, Profile
from tools import profile_schema


def test_the_shipped_schema_is_todays() -> None:
    assert profile_schema.FILE.read_text(encoding="utf-8") == profile_schema.schema()


def test_it_knows_every_key_and_refuses_any_other() -> None:
    schema = json.loads(profile_schema.schema())
    assert [each["$ref"] for each in schema["anyOf"]] == ["#/$defs/Profile", "#/$defs/GatewayProfile"]
    straight, gateway = schema["$defs"]["Profile"], schema["$defs"]["GatewayProfile"]
    assert straight["properties"].keys() == Profile.model_fields.keys()
    assert gateway["properties"].keys() == GatewayProfile.model_fields.keys()
    assert straight["additionalProperties"] is gateway["additionalProperties"] is False
    assert set(straight["required"]) == {"name", "bucket", "mongo_uri", "database", "queue_url"}
    assert set(gateway["required"]) == {"name", "gateway"}
