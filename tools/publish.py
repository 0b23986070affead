"""Add trained weights to the package; ``--help`` lists the options."""

import sys

from semtta_mm.commands.main import main

if __name__ == '__main__':
    raise SystemExit(main(['publish', *sys.argv[1:]]))
