"""Looks for published weaknesses of everything that is pinned: `python -m tools.audit`, by `make audit`.

Ends with 0 if there are none, 1 if there are, 75 if the database of weaknesses cannot be asked from here.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

_CONSTRAINTS = Path(__file__).resolve().parents[1] / "constraints.txt"
_NOT_REACHABLE = 75


def found_in(report: dict[str, Any]) -> tuple[list[str], list[str]]:
    """The weaknesses, and the packages that the database said nothing about."""
    weak = [
        f"{package['name']} {package['version']}: {weakness['id']}, mended in {weakness['fix_versions']}"
        for package in report["dependencies"]
        for weakness in package.get("vulns", [])
    ]
    return weak, [package["name"] for package in report["dependencies"] if "skip_reason" in package]


def main() -> int:
    """Ask, and say what was found."""
    command = [
        sys.executable,
        "-m",
        "pip_audit",
        "--no-deps",
        "--disable-pip",
        "--format",
        "json",
        "--progress-spinner",
    ]
    asked = subprocess.run([*command, "off", "-r", str(_CONSTRAINTS)], capture_output=True, text=True, check=False)
    try:
        report = json.loads(asked.stdout)
    except json.JSONDecodeError:
        sys.stderr.write(f"The database of weaknesses cannot be asked from here.\n{asked.stderr[-500:]}\n")
        return _NOT_REACHABLE
    weak, skipped = found_in(report)
    sys.stdout.writelines(f"{line}\n" for line in weak)
    if len(skipped) == len(report["dependencies"]):
        sys.stderr.write("The database of weaknesses knows none of our packages: it is not reachable from here.\n")
        return _NOT_REACHABLE
    sys.stdout.writelines(f"not audited: {name}\n" for name in skipped)
    return 1 if weak else 0


if __name__ == "__main__":
    sys.exit(main())
