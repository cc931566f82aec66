"""Whether Windows runs this program with an administrator's rights: then it keeps back what others drop. Any thread."""

import sys

if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    _TOKEN_QUERY = 0x0008
    _TOKEN_ELEVATION_TYPE = 18
    _FULL = 2
    """TokenElevationTypeFull of winnt.h: raised above what the file browser runs with."""

    def runs_elevated() -> bool:
        """Whether this program has more rights than the file browser; where nobody tells, it has not."""
        kernel32 = ctypes.WinDLL("kernel32")
        advapi32 = ctypes.WinDLL("advapi32")
        kernel32.GetCurrentProcess.restype = wintypes.HANDLE
        advapi32.OpenProcessToken.argtypes = (wintypes.HANDLE, wintypes.DWORD, ctypes.POINTER(wintypes.HANDLE))
        token = wintypes.HANDLE()
        if not advapi32.OpenProcessToken(kernel32.GetCurrentProcess(), _TOKEN_QUERY, ctypes.byref(token)):
            return False
        try:
            kind, length = wintypes.DWORD(), wintypes.DWORD()
            size = ctypes.sizeof(kind)
            told = advapi32.GetTokenInformation(
                token, _TOKEN_ELEVATION_TYPE, ctypes.byref(kind), size, ctypes.byref(length)
            )
            return bool(told) and kind.value == _FULL
        finally:
            kernel32.CloseHandle(token)
else:

    def runs_elevated() -> bool:
        """Only Windows keeps back drops for this."""
        return False
