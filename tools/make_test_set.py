"""Render a held-out synthetic test set; ``--help`` lists the options."""

import sys

from semtta_mm.commands.main import main

if __name__ == '__main__':
    raise SystemExit(main(['make-test-set', *sys.argv[1:]]))
