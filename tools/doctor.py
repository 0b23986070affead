"""Check packages, files and the machine; ``--help`` has the options."""

import sys

from semtta_mm.commands.main import main

if __name__ == '__main__':
    raise SystemExit(main(['doctor', *sys.argv[1:]]))
