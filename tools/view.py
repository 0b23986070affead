"""Show the results of a run in a browser; ``--help`` lists the options."""

import sys

from semtta_mm.commands.main import main

if __name__ == '__main__':
    raise SystemExit(main(['view', *sys.argv[1:]]))
