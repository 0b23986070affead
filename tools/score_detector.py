"""Score 2D detectors on four real videos; see ``--help``."""

import sys

from semtta_mm.commands.main import main

if __name__ == '__main__':
    raise SystemExit(main(['score-detector', *sys.argv[1:]]))
