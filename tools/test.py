"""Score a network without adapting it; see semtta_mm.commands.test.py."""

import sys

from semtta_mm.commands.main import main

if __name__ == '__main__':
    raise SystemExit(main(['test', *sys.argv[1:]]))
