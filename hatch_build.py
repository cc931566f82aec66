"""Brings what the program reads of resources/ into the package of a wheel; the source tree itself needs no copy."""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_SHIPPED = ("completions", "icons", "licences.txt", "sample.mp3", "translations")


class ResourceFiles(BuildHookInterface[Any]):
    """Runs before each build of a wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name what is to be copied where, unless the wheel only points to the source tree."""
        if version != "editable":
            build_data["force_include"] |= {
                f"resources/{name}": f"callup_desktop/resources/{name}" for name in _SHIPPED
            }
