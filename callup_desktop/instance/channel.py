"""A way to another process of this user that carries whole messages, each within its time. Any thread.

It is a Unix socket in a folder that only this user can enter; on Windows a named pipe that only this user can open.
"""

import os
import secrets
import socket
import stat
import struct
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from callup_desktop.config.paths import Home

MOST_BYTES = 16 * 1024 * 1024
"""The longest message that anybody reads."""
_BACKLOG = 64
_RETRY_INTERVAL = 0.02
"""Seconds until a listener whose queue is full is tried again."""
_WAKE_TIMEOUT = 1.0
"""Seconds that the connection which wakes a closing listener may take."""


class Channel(Protocol):
    """One connection, used by one thread; a TimeoutError is an OSError."""

    def send(self, message: bytes, within: float) -> None:
        """Send it whole within so many seconds; raises OSError."""
        ...

    def receive(self, most: int, within: float) -> bytes:
        """The next message, of `most` bytes, within so many seconds; raises OSError, and EOFError at the end."""
        ...

    def break_off(self) -> None:
        """Wake the thread that waits here, with an error; any other thread may call this."""
        ...

    def close(self) -> None:
        """Give the connection back."""
        ...


class Listener(Protocol):
    """Where connections arrive."""

    @property
    def address(self) -> str:
        """What `connect` takes."""
        ...

    def accept(self) -> Channel:
        """The next connection; blocks; raises OSError."""
        ...

    def close(self) -> None:
        """Take no more connections; `accept` is woken and raises."""
        ...


if sys.platform == "win32":
    import _winapi
    import ctypes
    from ctypes import wintypes
    from multiprocessing.connection import PipeClient, PipeConnection, PipeListener

    _PIPE_BUFFER = 8192
    _TOKEN_QUERY = 0x8
    _TOKEN_USER = 1
    _SDDL_REVISION = 1
    _kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)
    _advapi32 = ctypes.WinDLL("advapi32", use_last_error=True)
    _kernel32.GetCurrentProcess.restype = wintypes.HANDLE
    _kernel32.LocalFree.argtypes = (wintypes.HLOCAL,)
    _advapi32.OpenProcessToken.argtypes = (wintypes.HANDLE, wintypes.DWORD, ctypes.POINTER(wintypes.HANDLE))
    _advapi32.GetTokenInformation.argtypes = (
        wintypes.HANDLE,
        ctypes.c_int,
        ctypes.c_void_p,
        wintypes.DWORD,
        ctypes.POINTER(wintypes.DWORD),
    )
    _advapi32.ConvertSidToStringSidW.argtypes = (ctypes.c_void_p, ctypes.POINTER(wintypes.LPWSTR))
    _advapi32.ConvertStringSecurityDescriptorToSecurityDescriptorW.argtypes = (
        wintypes.LPCWSTR,
        wintypes.DWORD,
        ctypes.POINTER(ctypes.c_void_p),
        ctypes.c_void_p,
    )

    class _SecurityAttributes(ctypes.Structure):
        _fields_ = (
            ("nLength", wintypes.DWORD),
            ("lpSecurityDescriptor", ctypes.c_void_p),
            ("bInheritHandle", wintypes.BOOL),
        )

    def _checked(result: int) -> None:
        if not result:
            raise ctypes.WinError(ctypes.get_last_error())

    def _user_sid() -> str:
        """The user of this process, as S-1-5-21-..."""
        token, needed = wintypes.HANDLE(), wintypes.DWORD()
        _checked(_advapi32.OpenProcessToken(_kernel32.GetCurrentProcess(), _TOKEN_QUERY, ctypes.byref(token)))
        try:
            _advapi32.GetTokenInformation(token, _TOKEN_USER, None, 0, ctypes.byref(needed))
            user = ctypes.create_string_buffer(needed.value)
            _checked(_advapi32.GetTokenInformation(token, _TOKEN_USER, user, needed, ctypes.byref(needed)))
        finally:
            _winapi.CloseHandle(token.value or 0)
        # TOKEN_USER begins with the pointer to the SID.
        sid, text = ctypes.c_void_p.from_buffer(user), wintypes.LPWSTR()
        _checked(_advapi32.ConvertSidToStringSidW(sid, ctypes.byref(text)))
        try:
            return text.value or ""
        finally:
            _kernel32.LocalFree(ctypes.cast(text, ctypes.c_void_p).value)

    def _only_this_user() -> _SecurityAttributes:
        """An ACL with one entry; it lives as long as the process."""
        descriptor = ctypes.c_void_p()
        _checked(
            _advapi32.ConvertStringSecurityDescriptorToSecurityDescriptorW(
                f"D:P(A;;GA;;;{_user_sid()})", _SDDL_REVISION, ctypes.byref(descriptor), None
            )
        )
        return _SecurityAttributes(ctypes.sizeof(_SecurityAttributes), descriptor, 0)

    class _PrivatePipe(PipeListener):
        """The standard library's listener, whose pipes nobody else can open."""

        def __init__(self, address: str) -> None:
            self._only_this_user = _only_this_user()
            super().__init__(address)

        def _new_handle(self, first: bool = False) -> int:  # noqa: FBT001, FBT002 - the library's own
            flags = _winapi.PIPE_ACCESS_DUPLEX | _winapi.FILE_FLAG_OVERLAPPED
            if first:
                flags |= _winapi.FILE_FLAG_FIRST_PIPE_INSTANCE
            mode = _winapi.PIPE_TYPE_MESSAGE | _winapi.PIPE_READMODE_MESSAGE | _winapi.PIPE_WAIT
            return _winapi.CreateNamedPipe(
                self._address,
                flags,
                mode,
                _winapi.PIPE_UNLIMITED_INSTANCES,
                _PIPE_BUFFER,
                _PIPE_BUFFER,
                _winapi.NMPWAIT_WAIT_FOREVER,
                ctypes.addressof(self._only_this_user),
            )

    class _PipeChannel:
        """Messages of a pipe are whole by themselves."""

        def __init__(self, pipe: PipeConnection) -> None:
            self._pipe = pipe

        def send(self, message: bytes, within: float) -> None:  # noqa: ARG002 - a pipe waits for its reader
            self._pipe.send_bytes(message)

        def receive(self, most: int, within: float) -> bytes:
            if not self._pipe.poll(within):
                raise TimeoutError("no message")
            return self._pipe.recv_bytes(most)

        def break_off(self) -> None:
            self._pipe.close()

        def close(self) -> None:
            self._pipe.close()

    class _PipeListener:
        """Takes connections of a pipe with a name that nobody can guess."""

        def __init__(self) -> None:
            self.address = rf"\\.\pipe\callup-{secrets.token_hex(16)}"
            self._pipe = _PrivatePipe(self.address)

        def accept(self) -> Channel:
            return _PipeChannel(self._pipe.accept())

        def close(self) -> None:
            with suppress(OSError):
                PipeClient(self.address).close()
            self._pipe.close()

    def listen(_home: Home) -> Listener:
        """A listener for this home; raises OSError."""
        return _PipeListener()

    def connect(address: str, within: float) -> Channel:  # noqa: ARG001 - the library waits for a busy pipe by itself
        """A connection to the listener at the address; raises OSError."""
        return _PipeChannel(PipeClient(address))

    def clear(_home: Home, _address: str) -> None:
        """Pipes end with their process."""

else:
    _HEADER = struct.Struct(">I")
    _LONGEST_PATH = 100
    """Bytes; a socket's path may have 107 on Linux, and 103 on macOS."""
    _FOLDER_PREFIX = "callup-"
    _FOLDER_OF_ALL = "/tmp"  # noqa: S108 - its sticky bit keeps a folder of this user as it is
    _ROOT = 0

    class _SocketChannel:
        """Each message is led by its length."""

        def __init__(self, connection: socket.socket) -> None:
            self._socket = connection

        def send(self, message: bytes, within: float) -> None:
            self._socket.settimeout(within)
            self._socket.sendall(_HEADER.pack(len(message)) + message)

        def receive(self, most: int, within: float) -> bytes:
            until = time.monotonic() + within
            (length,) = _HEADER.unpack(self._read(_HEADER.size, until))
            if length > most:
                raise OSError(f"a message of {length} bytes")
            return self._read(length, until)

        def _read(self, size: int, until: float) -> bytes:
            data = bytearray()
            while len(data) < size:
                left = until - time.monotonic()
                if left <= 0:
                    raise TimeoutError("the message did not come in time")
                self._socket.settimeout(left)
                more = self._socket.recv(min(size - len(data), 65536))
                if not more:
                    raise EOFError("the other end is gone")
                data += more
            return bytes(data)

        def break_off(self) -> None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

        def close(self) -> None:
            self._socket.close()

    class _SocketListener:
        """Takes connections of a Unix socket in a folder of this user."""

        def __init__(self, path: Path) -> None:
            self.address = str(path)
            self._socket = socket.socket(socket.AF_UNIX)
            try:
                self._socket.bind(self.address)
                # Before anybody can connect, whatever rights the folder has.
                path.chmod(0o600)
                self._socket.listen(_BACKLOG)
            except OSError:
                self._socket.close()
                raise

        def accept(self) -> Channel:
            connection, _address = self._socket.accept()
            return _SocketChannel(connection)

        def close(self) -> None:
            # A last connection wakes `accept`, which has no timeout.
            with suppress(OSError):
                connect(self.address, _WAKE_TIMEOUT).close()
            self._socket.close()

    def listen(home: Home) -> Listener:
        """A listener for this home, whose lock is held; raises OSError.

        A home whose path is too long for a socket's, or whose disk takes no sockets, has it in a folder of its own.
        """
        refused: OSError | None = None
        for path in _places(home):
            try:
                path.unlink(missing_ok=True)
                return _SocketListener(path)
            except OSError as exc:
                refused = exc
                if path != home.owner_socket:
                    _remove(path)
        raise refused or OSError("a socket has no place here")

    def _places(home: Home) -> Iterator[Path]:
        if len(os.fsencode(home.owner_socket)) <= _LONGEST_PATH:
            yield home.owner_socket
        for folder in (os.environ.get("XDG_RUNTIME_DIR"), tempfile.gettempdir(), _FOLDER_OF_ALL):
            with suppress(OSError):
                if folder and _keeps_names(folder):
                    yield Path(tempfile.mkdtemp(prefix=_FOLDER_PREFIX, dir=folder)) / "owner.sock"

    def _keeps_names(folder: str) -> bool:
        """Whether no other user may rename there what this one made; raises OSError."""
        found = Path(folder).stat()
        others_may = bool(found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)) and not found.st_mode & stat.S_ISVTX
        return found.st_uid in {os.geteuid(), _ROOT} and not others_may

    def connect(address: str, within: float) -> Channel:
        """A connection to the listener at the address; raises OSError."""
        until = time.monotonic() + within
        while True:
            connection = socket.socket(socket.AF_UNIX)
            try:
                connection.settimeout(within)
                connection.connect(address)
            except BlockingIOError as exc:
                connection.close()
                if time.monotonic() > until:
                    raise TimeoutError("nobody takes connections") from exc
                time.sleep(_RETRY_INTERVAL)
            except OSError:
                connection.close()
                raise
            else:
                return _SocketChannel(connection)

    def clear(home: Home, address: str) -> None:
        """Remove what a listener at the address left, whether it was closed or killed."""
        path = Path(address)
        if path == home.owner_socket or path.parent.name.startswith(_FOLDER_PREFIX):
            _remove(path)

    def _remove(path: Path) -> None:
        with suppress(OSError):
            path.unlink(missing_ok=True)
        if path.parent.name.startswith(_FOLDER_PREFIX):
            with suppress(OSError):
                path.parent.rmdir()
