"""Measure the errors that the lifter expects."""

import sys

from semtta_mm.commands.main import main

if __name__ == '__main__':
    raise SystemExit(main(['calibrate-lifter', *sys.argv[1:]]))
