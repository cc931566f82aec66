"""The colours of the window in light and dark, as palette roles and as tones. Main thread."""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette

from callup_desktop.presentation.rows import Tone

_MIDDLE = 128


@dataclass(frozen=True, slots=True)
class Colours:
    """Every colour that is painted; text on any of them keeps a contrast of 4.5 to 1."""

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
        """The colour of words and signs of a tone."""
        tones = {Tone.ACCENT: self.accent, Tone.OK: self.ok, Tone.WARNING: self.warning, Tone.BAD: self.bad}
        return tones.get(tone, self.muted)

    def words(self, tone: Tone) -> QColor:
        """The colour of words on the tint of the same tone, or on a selected row."""
        return self.muted if tone is Tone.PLAIN else mixed(self.text, self.tone(tone), 0.25 if self.dark else 0.12)

    def tint(self, tone: Tone) -> QColor:
        """The ground under words of a tone: chips, circles, banners."""
        if tone is Tone.PLAIN:
            return mixed(self.text, self.surface, 0.07)
        return mixed(self.tone(tone), self.surface, 0.15 if self.dark else 0.10)

    @property
    def selected(self) -> QColor:
        """The ground of a selected row."""
        return mixed(self.accent, self.surface, 0.20 if self.dark else 0.11)

    @property
    def frame(self) -> QColor:
        """The line around a field."""
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
    def flying(self) -> QColor:
        """The part of a bar that is sent but not acknowledged."""
        return mixed(self.accent, self.surface, 0.40)


def mixed(colour: QColor, ground: QColor, share: float) -> QColor:
    """The colour laid over the ground with this share."""
    rest = 1.0 - share
    return QColor.fromRgbF(
        colour.redF() * share + ground.redF() * rest,
        colour.greenF() * share + ground.greenF() * rest,
        colour.blueF() * share + ground.blueF() * rest,
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


def colours(palette: QPalette) -> Colours:
    """The colours that go with a palette: dark where its windows are."""
    return DARK if palette.color(QPalette.ColorRole.Window).lightness() < _MIDDLE else LIGHT


def wanted(scheme: Qt.ColorScheme) -> Colours:
    """The colours that the system asks for; light where it does not say."""
    return DARK if scheme is Qt.ColorScheme.Dark else LIGHT


def palette_of(look: Colours) -> QPalette:
    """The colours as palette roles."""
    roles = {
        QPalette.ColorRole.Window: look.window,
        QPalette.ColorRole.WindowText: look.text,
        QPalette.ColorRole.Base: look.surface,
        QPalette.ColorRole.AlternateBase: look.chrome,
        QPalette.ColorRole.Text: look.text,
        QPalette.ColorRole.PlaceholderText: look.muted,
        QPalette.ColorRole.Button: look.surface,
        QPalette.ColorRole.ButtonText: look.text,
        QPalette.ColorRole.BrightText: look.bad,
        QPalette.ColorRole.Light: look.surface,
        QPalette.ColorRole.Midlight: look.line,
        QPalette.ColorRole.Mid: look.edge,
        QPalette.ColorRole.Dark: look.muted,
        QPalette.ColorRole.Shadow: mixed(QColor("#000000"), look.window, 0.4),
        QPalette.ColorRole.Highlight: look.accent,
        QPalette.ColorRole.HighlightedText: look.on_accent,
        QPalette.ColorRole.Accent: look.accent,
        QPalette.ColorRole.Link: look.accent,
        QPalette.ColorRole.LinkVisited: look.accent,
        QPalette.ColorRole.ToolTipBase: look.surface,
        QPalette.ColorRole.ToolTipText: look.text,
    }
    palette = QPalette()
    for role, colour in roles.items():
        palette.setColor(role, colour)
    faded = mixed(look.muted, look.surface, 0.75)
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, faded)
    return palette
