"""Fit the space of body poses; ``--help`` lists the options."""

import sys

from semtta_mm.commands.main import main

if __name__ == '__main__':
    raise SystemExit(main(['fit-pose-space', *sys.argv[1:]]))
