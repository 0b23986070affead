"""Print a script for completion with the Tab key."""

import sys

from semtta_mm.commands.main import main

if __name__ == '__main__':
    raise SystemExit(main(['completion', *sys.argv[1:]]))
