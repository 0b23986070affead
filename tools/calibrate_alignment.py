"""Calibrate the alignment; ``--help`` lists the options."""

import sys

from semtta_mm.commands.main import main

if __name__ == '__main__':
    raise SystemExit(main(['calibrate-alignment', *sys.argv[1:]]))
