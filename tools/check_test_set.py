"""Measure what a test set can show; ``--help`` lists the options."""

import sys

from semtta_mm.commands.main import main

if __name__ == '__main__':
    raise SystemExit(main(['check-test-set', *sys.argv[1:]]))
