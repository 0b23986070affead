"""Diagnose the alignment loss; ``--help`` lists the options."""

import sys

from semtta_mm.commands.main import main

if __name__ == '__main__':
    raise SystemExit(main(['diagnose-alignment', *sys.argv[1:]]))
