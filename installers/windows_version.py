"""The version that Windows shows of a program. Only PyInstaller on Windows can make it."""

from typing import Any

COMPANY = "CallUp"
PRODUCT = "CallUp Desktop"
_ENGLISH = 0x0409
_UNICODE = 0x04B0
_PURPOSE = {"callup-desktop": PRODUCT, "callup": "CallUp console"}


def of(program: str, version: str) -> Any:
    """The version resource of this program."""
    from PyInstaller.utils.win32 import versioninfo as vi

    texts = strings(program, version)
    table = vi.StringTable(f"{_ENGLISH:04x}{_UNICODE:04x}", [vi.StringStruct(*text) for text in texts.items()])
    numbers = four(version)
    return vi.VSVersionInfo(
        ffi=vi.FixedFileInfo(filevers=numbers, prodvers=numbers, mask=0x3F, flags=0, OS=0x40004, fileType=1),
        kids=[
            vi.StringFileInfo([table]),
            vi.VarFileInfo([vi.VarStruct("Translation", [_ENGLISH, _UNICODE])]),
        ],
    )


def strings(program: str, version: str) -> dict[str, str]:
    """What the Details page shows."""
    return {
        "CompanyName": COMPANY,
        "FileDescription": _PURPOSE[program],
        "FileVersion": version,
        "InternalName": program,
        "OriginalFilename": f"{program}.exe",
        "ProductName": PRODUCT,
        "ProductVersion": version,
    }


def four(version: str) -> tuple[int, int, int, int]:
    """The version as four numbers; raises ValueError for one that has other than numbers and dots."""
    numbers = [int(part) for part in version.split(".")]
    first, second, third, fourth = (*numbers, 0, 0, 0, 0)[:4]
    return first, second, third, fourth
