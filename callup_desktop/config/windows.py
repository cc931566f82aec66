"""What only Windows can tell: who owns a file, and what Group Policy says. Any thread; nothing of it elsewhere."""

import ctypes
import sys
from collections.abc import Iterator
from pathlib import Path

_SE_FILE_OBJECT = 1
_OWNER_SECURITY_INFORMATION = 1
_WELL_KNOWN_ADMINISTRATORS = (22, 26)
"""WinLocalSystemSid and WinBuiltinAdministratorsSid."""
_TRUSTED_INSTALLER = "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"


def is_owned_by_administrators(path: Path) -> bool:
    """Whether SYSTEM, the administrators or the installer of Windows own the path; raises OSError."""
    if sys.platform != "win32":
        raise OSError("only Windows knows")
    advapi = ctypes.WinDLL("advapi32", use_last_error=True)
    kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    kernel.LocalFree.argtypes = [ctypes.c_void_p]
    owner, descriptor = ctypes.c_void_p(), ctypes.c_void_p()
    error = advapi.GetNamedSecurityInfoW(
        ctypes.c_wchar_p(str(path)),
        _SE_FILE_OBJECT,
        _OWNER_SECURITY_INFORMATION,
        ctypes.byref(owner),
        None,
        None,
        None,
        ctypes.byref(descriptor),
    )
    if error:
        raise OSError(None, "the owner cannot be read", str(path), error)
    try:
        if any(advapi.IsWellKnownSid(owner, kind) for kind in _WELL_KNOWN_ADMINISTRATORS):
            return True
        text = ctypes.c_wchar_p()
        if not advapi.ConvertSidToStringSidW(owner, ctypes.byref(text)):
            raise ctypes.WinError(ctypes.get_last_error())
        name = text.value
        kernel.LocalFree(ctypes.cast(text, ctypes.c_void_p))
        return name == _TRUSTED_INSTALLER
    finally:
        kernel.LocalFree(descriptor)


def policy_values(key: str) -> Iterator[tuple[str, str, object]]:
    """Source, name and value of each entry under the key, the machine's first; both are writable by admins only."""
    if sys.platform != "win32":
        return
    import winreg

    for source, hive in (("HKLM", winreg.HKEY_LOCAL_MACHINE), ("HKCU", winreg.HKEY_CURRENT_USER)):
        try:
            opened = winreg.OpenKey(hive, key, 0, winreg.KEY_READ | winreg.KEY_WOW64_64KEY)
        except FileNotFoundError:
            continue
        with opened:
            for index in range(winreg.QueryInfoKey(opened)[1]):
                name, value, _kind = winreg.EnumValue(opened, index)
                yield f"{source}\\{key}", name, value
