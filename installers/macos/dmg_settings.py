"""How the disk image looks: dmgbuild -s dmg_settings.py -D app=BUNDLE "CallUp Desktop" OUTPUT. macOS only."""

from pathlib import Path

# dmgbuild runs this file with what -D defined.
application = defines["app"]  # type: ignore[name-defined] # noqa: F821
_name = Path(application).name

format = "ULFO"
files = [application]
symlinks = {"Applications": "/Applications"}
icon_locations = {_name: (150, 170), "Applications": (450, 170)}
window_rect = ((200, 200), (600, 380))
icon_size = 112
default_view = "icon-view"
