"""Makes the Quick Action "Send to CallUp" of the Finder: `python -m installers.macos.quick_action FOLDER`. Any system.

It is a workflow of Automator, which the Finder finds in a folder of services: no library of ours runs in the Finder.
"""

import plistlib
import sys
from pathlib import Path
from typing import Any

from installers.macos.info import BUNDLE_ID, info_plist

NAME = "Send to CallUp"
SCRIPT = f'exec /usr/bin/open -b {BUNDLE_ID} "$@"'
"""Each file is an argument of its own, so that no name is read as anything else."""
_FINDER = "com.apple.finder"
_AS_ARGUMENTS = 1
_FILES = "com.apple.Automator.fileSystemObject"


def recordings() -> list[str]:
    """The types for which it is offered: those that the program opens, without folders."""
    documents = info_plist("")["CFBundleDocumentTypes"]
    kinds = next(known["LSItemContentTypes"] for known in documents if known["CFBundleTypeName"] == "Call recording")
    return [kind for kind in kinds if kind != "public.folder"]


def service() -> dict[str, Any]:
    """What the Finder reads to offer it."""
    return {
        "NSServices": [
            {
                "NSMenuItem": {"default": NAME},
                "NSMessage": "runWorkflowAsService",
                "NSRequiredContext": {"NSApplicationIdentifier": _FINDER},
                "NSSendFileTypes": recordings(),
            }
        ]
    }


def workflow() -> dict[str, Any]:
    """What Automator runs: one shell script, which hands the files to the program."""
    action = {
        "AMAccepts": {"Container": "List", "Optional": True, "Types": ["com.apple.cocoa.path"]},
        "AMActionVersion": "2.0.3",
        "AMApplication": ["Automator"],
        "AMProvides": {"Container": "List", "Types": ["com.apple.cocoa.string"]},
        "ActionBundlePath": "/System/Library/Automator/Run Shell Script.action",
        "ActionName": "Run Shell Script",
        "ActionParameters": {
            "COMMAND_STRING": SCRIPT,
            "CheckedForUserDefaultShell": True,
            "inputMethod": _AS_ARGUMENTS,
            "shell": "/bin/sh",
            "source": "",
        },
        "BundleIdentifier": "com.apple.RunShellScript",
        "CFBundleVersion": "2.0.3",
        "Class Name": "RunShellScriptAction",
    }
    return {
        "AMApplicationVersion": "2.10",
        "AMDocumentVersion": "2",
        "actions": [{"action": action, "isViewVisible": 1}],
        "connectors": {},
        "workflowMetaData": {
            "applicationBundleID": _FINDER,
            "inputTypeIdentifier": _FILES,
            "outputTypeIdentifier": "com.apple.Automator.nothing",
            "serviceInputTypeIdentifier": _FILES,
            "serviceApplicationBundleID": _FINDER,
            "workflowTypeIdentifier": "com.apple.Automator.servicesMenu",
        },
    }


def write_quick_action(folder: Path) -> Path:
    """Write the bundle into the folder; where it is."""
    contents = folder / f"{NAME}.workflow" / "Contents"
    contents.mkdir(parents=True, exist_ok=True)
    for file, values in (("Info.plist", service()), ("document.wflow", workflow())):
        (contents / file).write_bytes(plistlib.dumps(values))
    return contents.parent


if __name__ == "__main__":
    write_quick_action(Path(sys.argv[1]))
