"""What the packaged program runs: the same as the command `latentscape`."""

import multiprocessing
import sys

from explorer.__main__ import main

if __name__ == "__main__":
    multiprocessing.freeze_support()
    sys.exit(main())
