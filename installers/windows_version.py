"""The version that Windows shows of a program, in the form that PyInstaller reads from a file. Made on any system."""

COMPANY = "CallUp"
PRODUCT = "CallUp Desktop"
_PURPOSE = {"callup-desktop": PRODUCT, "callup": "CallUp console"}


def version_file(program: str, version: str) -> str:
    """The text of the version file of this program."""
    texts = ", ".join(f"StringStruct({name!r}, {text!r})" for name, text in strings(program, version).items())
    numbers = four(version)
    return (
        "VSVersionInfo("
        f"ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}, mask=0x3F, flags=0x0, OS=0x40004, fileType=0x1),"
        f"kids=[StringFileInfo([StringTable('040904B0', [{texts}])]),"
        "VarFileInfo([VarStruct('Translation', [0x0409, 0x04B0])])])\n"
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
