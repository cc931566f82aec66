"""Whether Windows runs this program as administrator: then it blocks drops from other programs. Any thread."""

import sys

if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    _TOKEN_QUERY = 0x0008
    _TOKEN_ELEVATION_TYPE = 18
    _FULL = 2
    """TokenElevationTypeFull of winnt.h: more rights than the file browser has."""

    def runs_elevated() -> bool:
        """Whether this program has more rights than the file browser; False if Windows does not say."""
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
            succeeded = advapi32.GetTokenInformation(
                token, _TOKEN_ELEVATION_TYPE, ctypes.byref(kind), size, ctypes.byref(length)
            )
            return bool(succeeded) and kind.value == _FULL
        finally:
            kernel32.CloseHandle(token)
else:

    def runs_elevated() -> bool:
        """False: only Windows blocks drops."""
        return False
