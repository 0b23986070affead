"""Draw the curves of a finished adaptation; ``--help`` lists the options."""

import sys

from semtta_mm.commands.main import main

if __name__ == '__main__':
    raise SystemExit(main(['plot', *sys.argv[1:]]))
