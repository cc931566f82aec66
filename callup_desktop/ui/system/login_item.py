"""Starts the program at login: one small file or registry value on each system. No Qt; main thread."""

import plistlib
import sys
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

_NAME = "CallUp Desktop"
_ID = "callup-desktop"


class LoginItem(Protocol):
    """Whether the program starts at login."""

    def set_on(self, *, on: bool) -> None:
        """Start the program at login, or not; raises OSError if the system refuses."""
        ...


class LoginFile(ABC):
    """A file that the system reads at login; without it the program is not started."""

    def __init__(self, file: Path, command: Sequence[str]) -> None:
        self._file = file
        self._command = command

    @abstractmethod
    def content(self) -> bytes:
        """The content of the file."""

    def set_on(self, *, on: bool) -> None:
        """See LoginItem."""
        if not on:
            self._file.unlink(missing_ok=True)
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_bytes(self.content())


class DesktopEntry(LoginFile):
    """Linux: a desktop entry in the autostart folder (XDG)."""

    def __init__(self, folder: Path, command: Sequence[str]) -> None:
        super().__init__(folder / f"{_ID}.desktop", command)

    def content(self) -> bytes:
        """A desktop entry."""
        words = " ".join(_quoted(word) for word in self._command)
        lines = ("[Desktop Entry]", "Type=Application", f"Name={_NAME}", f"Exec={words}", "Terminal=false", "")
        return "\n".join(lines).encode()


class LaunchAgent(LoginFile):
    """macOS: a property list in the user's LaunchAgents."""

    def __init__(self, folder: Path, command: Sequence[str]) -> None:
        super().__init__(folder / f"com.{_ID}.plist", command)

    def content(self) -> bytes:
        """A property list."""
        wanted = {"Label": f"com.{_ID}", "ProgramArguments": list(self._command), "RunAtLoad": True}
        return plistlib.dumps(wanted)


class RunKey:
    """Windows: a value in the user's Run key."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command

    def set_on(self, *, on: bool) -> None:
        """See LoginItem."""
        if sys.platform == "win32":
            import winreg

            path = r"Software\Microsoft\Windows\CurrentVersion\Run"
            with winreg.CreateKey(winreg.HKEY_CURRENT_USER, path) as key:
                if on:
                    words = " ".join(f'"{word}"' for word in self._command)
                    winreg.SetValueEx(key, _NAME, 0, winreg.REG_SZ, words)
                    return
                try:
                    winreg.DeleteValue(key, _NAME)
                except FileNotFoundError:
                    return  # it was off


def login_item(command: Sequence[str], home: Path, config: Path) -> LoginItem:
    """The login item of this system; `config` is the configuration folder of a Linux desktop, such as ~/.config."""
    if sys.platform == "win32":
        return RunKey(command)
    if sys.platform == "darwin":
        return LaunchAgent(home / "Library" / "LaunchAgents", command)
    return DesktopEntry(config / "autostart", command)


def _quoted(word: str) -> str:
    """The word in the quotes of a desktop entry's Exec key."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("`", "\\`").replace("$", "\\$").replace("%", "%%")
    return f'"{escaped}"'
