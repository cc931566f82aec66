"""The bar on the program's button in the task bar of Windows, by COM's ITaskbarList3. Main thread.

It was never run on Windows; tests hold the calls to Microsoft's table of methods.
"""

import ctypes
import sys
from collections.abc import Callable
from enum import IntEnum
from uuid import UUID

CLASS_ID = UUID("56fdf344-fd6d-11d0-958a-006097c9a090")
"""CLSID_TaskbarList."""
INTERFACE_ID = UUID("ea1afb91-9e28-4b86-90e9-9e9f8a5eefaf")
"""IID_ITaskbarList3."""
_INPROC_SERVER = 1
"""CLSCTX_INPROC_SERVER."""

FunctionType = Callable[..., Callable[..., Callable[..., int]]]
"""How a method is called: `ctypes.WINFUNCTYPE` for Windows' own objects."""


class Slot(IntEnum):
    """Places in the table of methods: three of IUnknown, five of ITaskbarList and one of ITaskbarList2 come first."""

    HR_INIT = 3
    SET_PROGRESS_VALUE = 9
    SET_PROGRESS_STATE = 10


class ProgressState(IntEnum):
    """TBPFLAG, as far as it is used."""

    NONE = 0
    NORMAL = 2


class TaskbarList:
    """The object behind a pointer to an ITaskbarList3; what it answers changes nothing, so it is not looked at."""

    def __init__(self, pointer: int, function_type: FunctionType) -> None:
        """Initialise the object, which comes before every other call."""
        self._pointer = pointer
        self._function_type = function_type
        self._call(Slot.HR_INIT)

    def set_value(self, window: int, done: int, whole: int) -> None:
        """Show how much is done."""
        self._call(
            Slot.SET_PROGRESS_VALUE, ctypes.c_void_p(window), ctypes.c_ulonglong(done), ctypes.c_ulonglong(whole)
        )

    def set_state(self, window: int, state: ProgressState) -> None:
        """Show the bar, or take it away."""
        self._call(Slot.SET_PROGRESS_STATE, ctypes.c_void_p(window), ctypes.c_int(state))

    def _call(self, slot: Slot, *arguments: "ctypes._SimpleCData[int] | ctypes.c_void_p") -> None:
        table = ctypes.cast(self._pointer, ctypes.POINTER(ctypes.POINTER(ctypes.c_void_p))).contents
        method = self._function_type(ctypes.c_long, ctypes.c_void_p, *map(type, arguments))(table[slot])
        method(self._pointer, *arguments)


def open_taskbar_list() -> TaskbarList | None:
    """The task bar of this desktop, or None where there is none."""
    if sys.platform != "win32":
        return None
    made = ctypes.c_void_p()
    ids = [(ctypes.c_byte * 16).from_buffer_copy(known.bytes_le) for known in (CLASS_ID, INTERFACE_ID)]
    try:
        ctypes.OleDLL("ole32").CoCreateInstance(ids[0], None, _INPROC_SERVER, ids[1], ctypes.byref(made))
    except OSError:
        return None
    return TaskbarList(made.value, ctypes.WINFUNCTYPE) if made.value else None


class TaskbarProgress:
    """Shows on the window's button how far all calls are; without a task bar nobody sees it."""

    def __init__(
        self, find_window: Callable[[], int | None], open_list: Callable[[], TaskbarList | None] = open_taskbar_list
    ) -> None:
        """`find_window` returns the handle of the window, None before there is one."""
        self._find_window = find_window
        self._open_list = open_list
        self._list: TaskbarList | None = None

    def show(self, percent: int | None) -> None:
        """Show so many percent; None takes the bar away."""
        window = self._find_window()
        if window is None:
            return
        # Only once something is sent.
        self._list = self._list or self._open_list()
        if self._list is None:
            return
        self._list.set_state(window, ProgressState.NONE if percent is None else ProgressState.NORMAL)
        if percent is not None:
            self._list.set_value(window, percent, 100)
