"""The colours of the window in light and dark, as palette roles and as tones. Main thread."""

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette

from callup_desktop.presentation.rows import Tone

_MIDDLE = 128
"""Lightness, 0 to 255, below which a palette counts as dark."""


@dataclass(frozen=True, slots=True)
class Colours:
    """Every colour of the window; text has a contrast of at least 4.5 to 1 on every ground."""

    dark: bool
    window: QColor
    chrome: QColor
    surface: QColor
    field: QColor
    text: QColor
    muted: QColor
    line: QColor
    edge: QColor
    accent: QColor
    on_accent: QColor
    ok: QColor
    warning: QColor
    bad: QColor

    def tone(self, tone: Tone) -> QColor:
        """The colour of text and symbols of a tone."""
        tones = {Tone.ACCENT: self.accent, Tone.OK: self.ok, Tone.WARNING: self.warning, Tone.BAD: self.bad}
        return tones.get(tone, self.muted)

    def words(self, tone: Tone) -> QColor:
        """The colour of text of a tone on the tint of that tone, or on a selected row."""
        return self.muted if tone is Tone.PLAIN else mixed(self.text, self.tone(tone), 0.25 if self.dark else 0.12)

    def tint(self, tone: Tone) -> QColor:
        """The ground under text of a tone: chips, circles, banners."""
        if tone is Tone.PLAIN:
            return mixed(self.text, self.surface, 0.07)
        return mixed(self.tone(tone), self.surface, 0.15 if self.dark else 0.10)

    @property
    def selected(self) -> QColor:
        """The ground of a selected row."""
        return mixed(self.accent, self.surface, 0.20 if self.dark else 0.11)

    @property
    def frame(self) -> QColor:
        """The frame of a field."""
        return mixed(self.edge, self.line, 0.35)

    @property
    def hovered(self) -> QColor:
        """The ground under the mouse."""
        return mixed(self.text, self.surface, 0.05 if self.dark else 0.03)

    @property
    def trough(self) -> QColor:
        """The empty part of a bar."""
        return mixed(self.text, self.surface, 0.14 if self.dark else 0.09)

    @property
    def in_flight(self) -> QColor:
        """The part of a bar whose bytes are sent but not acknowledged."""
        return mixed(self.accent, self.surface, 0.40)


def mixed(colour: QColor, ground: QColor, opacity: float) -> QColor:
    """The colour laid over the ground with this opacity, 0 to 1."""
    return _mixed(colour.rgb(), ground.rgb(), opacity)


@lru_cache(maxsize=256)
def _mixed(above: int, below: int, opacity: float) -> QColor:
    colour, ground, rest = QColor(above), QColor(below), 1.0 - opacity
    return QColor.fromRgbF(
        colour.redF() * opacity + ground.redF() * rest,
        colour.greenF() * opacity + ground.greenF() * rest,
        colour.blueF() * opacity + ground.blueF() * rest,
    )


LIGHT = Colours(
    dark=False,
    window=QColor("#F4F5F7"),
    chrome=QColor("#FBFCFD"),
    surface=QColor("#FFFFFF"),
    field=QColor("#FBFCFE"),
    text=QColor("#161B22"),
    muted=QColor("#5C6673"),
    line=QColor("#E2E6EB"),
    edge=QColor("#7D8795"),
    accent=QColor("#2563EB"),
    on_accent=QColor("#FFFFFF"),
    ok=QColor("#15803D"),
    warning=QColor("#B45309"),
    bad=QColor("#C62828"),
)
DARK = Colours(
    dark=True,
    window=QColor("#14171C"),
    chrome=QColor("#191D23"),
    surface=QColor("#1C2128"),
    field=QColor("#161A20"),
    text=QColor("#E6EAF0"),
    muted=QColor("#A0AAB8"),
    line=QColor("#2C333D"),
    edge=QColor("#717C8B"),
    accent=QColor("#5B8DEF"),
    on_accent=QColor("#0B1220"),
    ok=QColor("#4ADE80"),
    warning=QColor("#F0B45B"),
    bad=QColor("#F28B82"),
)


def colours_of(palette: QPalette) -> Colours:
    """The dark colours for a palette with dark windows, else the light ones."""
    return DARK if palette.color(QPalette.ColorRole.Window).lightness() < _MIDDLE else LIGHT


def colours_for(scheme: Qt.ColorScheme) -> Colours:
    """The colours for the system's scheme; light if the scheme is unknown."""
    return DARK if scheme is Qt.ColorScheme.Dark else LIGHT


def palette_of(colours: Colours) -> QPalette:
    """The colours as palette roles."""
    roles = {
        QPalette.ColorRole.Window: colours.window,
        QPalette.ColorRole.WindowText: colours.text,
        QPalette.ColorRole.Base: colours.surface,
        QPalette.ColorRole.AlternateBase: colours.chrome,
        QPalette.ColorRole.Text: colours.text,
        QPalette.ColorRole.PlaceholderText: colours.muted,
        QPalette.ColorRole.Button: colours.surface,
        QPalette.ColorRole.ButtonText: colours.text,
        QPalette.ColorRole.BrightText: colours.bad,
        QPalette.ColorRole.Light: colours.surface,
        QPalette.ColorRole.Midlight: colours.line,
        QPalette.ColorRole.Mid: colours.edge,
        QPalette.ColorRole.Dark: colours.muted,
        QPalette.ColorRole.Shadow: mixed(QColor("#000000"), colours.window, 0.4),
        QPalette.ColorRole.Highlight: colours.accent,
        QPalette.ColorRole.HighlightedText: colours.on_accent,
        QPalette.ColorRole.Accent: colours.accent,
        QPalette.ColorRole.Link: colours.accent,
        QPalette.ColorRole.LinkVisited: colours.accent,
        QPalette.ColorRole.ToolTipBase: colours.surface,
        QPalette.ColorRole.ToolTipText: colours.text,
    }
    palette = QPalette()
    for role, colour in roles.items():
        palette.setColor(role, colour)
    faded = mixed(colours.muted, colours.surface, 0.75)
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, faded)
    return palette
