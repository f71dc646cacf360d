"""`python -m promptls` is the command `promptls`."""

import sys

from promptls.cli import main

if __name__ == "__main__":
    sys.exit(main())
