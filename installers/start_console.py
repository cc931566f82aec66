"""Where the frozen `callup` begins."""

from callup_desktop.cli.main import program

program()
