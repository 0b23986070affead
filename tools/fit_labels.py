"""Fit the readout of labels; ``--help`` lists the options."""

import sys

from semtta_mm.commands.main import main

if __name__ == '__main__':
    raise SystemExit(main(['fit-labels', *sys.argv[1:]]))
