"""Build the four ``pose2sim`` tracks; ``--help`` lists the options."""

import sys

from semtta_mm.commands.main import main

if __name__ == '__main__':
    raise SystemExit(main(['prepare-pose2sim', *sys.argv[1:]]))
