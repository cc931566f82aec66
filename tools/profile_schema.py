"""Writes the JSON Schema of a profile, for editors and for management tools: `python -m tools.profile_schema`."""

import json
from pathlib import Path

from pydantic import TypeAdapter

from callup_desktop.config.profile import AnyProfile

FILE = Path(__file__).resolve().parents[1] / "resources" / "profile.schema.json"


def schema() -> str:
    """The schema as the file has it; what only code can check is not in it."""
    found = TypeAdapter[AnyProfile](AnyProfile).json_schema()
    titled = {"$schema": "https://json-schema.org/draft/2020-12/schema", **found, "title": "CallUp Desktop profile"}
    return json.dumps(titled, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(schema(), encoding="utf-8")
