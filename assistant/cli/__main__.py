"""``python -m assistant.cli`` is ``pincite``."""

import sys

from assistant.cli.main import main

sys.exit(main())
