"""Write results in formats of other programs; ``--help`` lists the options."""

import sys

from semtta_mm.commands.main import main

if __name__ == '__main__':
    raise SystemExit(main(['export', *sys.argv[1:]]))
