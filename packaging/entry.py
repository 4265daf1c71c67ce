"""Where the executable begins: double-clicked, without a command, it serves and opens the browser."""

import sys
from multiprocessing import freeze_support

from socialai.__main__ import main

if __name__ == "__main__":
    freeze_support()
    if len(sys.argv) == 1:
        sys.argv += ["serve", "--browser"]
    main()
