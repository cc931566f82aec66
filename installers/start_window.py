"""Where the frozen `callup-desktop` begins."""

import sys

from callup_desktop.app import main

sys.exit(main())
