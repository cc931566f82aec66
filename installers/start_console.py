"""Where the frozen `callup` begins."""

import sys

from callup_desktop.cli import main

sys.exit(main())
