"""Where the frozen `callup` begins."""

import sys

from callup_desktop.cli.main import main

sys.exit(main())
