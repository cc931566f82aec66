"""The bar in the task bar of Windows: an object in memory with the table of methods that Microsoft publishes."""

import ctypes
from collections.abc import Callable

from callup_desktop.ui.system.taskbar_progress import ProgressState, TaskbarList, TaskbarProgress

# shobjidl_core.h: IUnknown, ITaskbarList, ITaskbarList2, ITaskbarList3 as far as it is needed.
TABLE: dict[str, tuple[type, ...]] = {
    "QueryInterface": (ctypes.c_void_p, ctypes.c_void_p),
    "AddRef": (),
    "Release": (),
    "HrInit": (),
    "AddTab": (ctypes.c_void_p,),
    "DeleteTab": (ctypes.c_void_p,),
    "ActivateTab": (ctypes.c_void_p,),
    "SetActiveAlt": (ctypes.c_void_p,),
    "MarkFullscreenWindow": (ctypes.c_void_p, ctypes.c_int),
    "SetProgressValue": (ctypes.c_void_p, ctypes.c_ulonglong, ctypes.c_ulonglong),
    "SetProgressState": (ctypes.c_void_p, ctypes.c_int),
    "RegisterTab": (ctypes.c_void_p, ctypes.c_void_p),
}
WINDOW = 0x7FF6_0001_0002


class ObjectInMemory:
    """Remembers the methods that were called, by their places in its table."""

    def __init__(self) -> None:
        self.calls: list[tuple[object, ...]] = []
        self._methods = [
            ctypes.CFUNCTYPE(ctypes.c_long, ctypes.c_void_p, *arguments)(self._noting(name))
            for name, arguments in TABLE.items()
        ]
        places = [ctypes.cast(method, ctypes.c_void_p).value for method in self._methods]
        self._table = (ctypes.c_void_p * len(places))(*places)
        self._object = ctypes.c_void_p(ctypes.addressof(self._table))
        self.pointer = ctypes.addressof(self._object)

    def _noting(self, name: str) -> Callable[..., int]:
        def note(this: int, *arguments: int) -> int:
            assert this == self.pointer
            self.calls.append((name, *arguments))
            return 0

        return note


def test_a_bar_grows_on_the_windows_button_and_goes_away() -> None:
    found = ObjectInMemory()
    progress = TaskbarProgress(lambda: WINDOW, lambda: TaskbarList(found.pointer, ctypes.CFUNCTYPE))

    progress.show(41)
    progress.show(None)

    assert found.calls == [
        ("HrInit",),
        ("SetProgressState", WINDOW, ProgressState.NORMAL),
        ("SetProgressValue", WINDOW, 41, 100),
        ("SetProgressState", WINDOW, ProgressState.NONE),
    ]


def test_without_a_window_or_a_task_bar_nothing_is_shown() -> None:
    found = ObjectInMemory()
    TaskbarProgress(lambda: None, lambda: TaskbarList(found.pointer, ctypes.CFUNCTYPE)).show(41)
    TaskbarProgress(lambda: WINDOW, lambda: None).show(41)

    assert not found.calls
