"""The menu of the window: its entries and their shortcuts. Main thread."""

import sys
from enum import StrEnum

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

Shortcut = QKeySequence.StandardKey | str


class MenuEntry(StrEnum):
    """What the rep can choose in the menu, or by its shortcut."""

    CHOOSE_FILES = "choose_files"
    PASTE = "paste"
    SEARCH = "search"
    SEND = "send"
    REFRESH = "refresh"
    SHOW_LIVE = "show_live"
    SHOW_NEEDS = "show_needs"
    SHOW_SENT = "show_sent"
    CONNECTION = "connection"
    SETTINGS = "settings"
    UNDO = "undo"
    EXPORT = "export"
    REPORT = "report"
    ABOUT = "about"
    QUIT = "quit"


class MainMenu(QMenu):
    """Sends the entry that the rep chose; its shortcuts work in the whole window."""

    entry_chosen = Signal(object)
    """A MenuEntry."""

    def __init__(self, window: QMainWindow, *, with_connection: bool) -> None:
        """`with_connection` adds the entry of the connection page."""
        super().__init__(window)
        self._window = window
        key = QKeySequence.StandardKey
        self._add(MenuEntry.CHOOSE_FILES, self.tr("Choose files…"), key.Open)
        self._add(MenuEntry.PASTE, self.tr("Paste"), key.Paste)
        self._add(MenuEntry.UNDO, self.tr("Undo removing"), key.Undo)
        self._add(MenuEntry.SEARCH, self.tr("Search calls"), key.Find)
        self._add(MenuEntry.SEND, self.tr("Send"), "Ctrl+Return", "Ctrl+Enter")
        self.addSeparator()
        self._add(MenuEntry.SHOW_LIVE, self.tr("In progress"), "Ctrl+1")
        self._add(MenuEntry.SHOW_NEEDS, self.tr("Needs you"), "Ctrl+2")
        self._add(MenuEntry.SHOW_SENT, self.tr("Sent"), "Ctrl+3")
        self._add(MenuEntry.REFRESH, self.tr("Refresh statuses"), key.Refresh)
        self.addSeparator()
        if with_connection:
            self._add(MenuEntry.CONNECTION, self.tr("Connection…"))
        settings = self._add(MenuEntry.SETTINGS, self.tr("Settings…"), "Ctrl+,")
        settings.setMenuRole(QAction.MenuRole.PreferencesRole)
        self._add(MenuEntry.EXPORT, self.tr("Export sent calls…"))
        self._add(MenuEntry.REPORT, self.tr("Copy for IT…"))
        about = self._add(MenuEntry.ABOUT, self.tr("About CallUp"))
        about.setMenuRole(QAction.MenuRole.AboutRole)
        self.addSeparator()
        quitting = self._add(MenuEntry.QUIT, self.tr("Quit"), "Ctrl+Q")
        quitting.setMenuRole(QAction.MenuRole.QuitRole)
        if sys.platform == "darwin":
            # There Quit and Settings belong into the program's own menu, which Qt makes from a menu bar.
            self.setTitle(self.tr("Calls"))
            window.menuBar().addMenu(self)

    def _add(self, entry: MenuEntry, text: str, *shortcuts: Shortcut) -> QAction:
        action = QAction(text, self._window)
        action.setProperty("entry", entry.value)
        action.setShortcuts([QKeySequence(shortcut) for shortcut in shortcuts])
        action.triggered.connect(self._on_triggered)
        self._window.addAction(action)
        self.addAction(action)
        return action

    @Slot()
    def _on_triggered(self) -> None:
        self.entry_chosen.emit(MenuEntry(self.sender().property("entry")))
