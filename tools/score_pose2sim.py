"""Score BlazePose's own 3D on the real tracks; see ``--help``."""

import sys

from semtta_mm.commands.main import main

if __name__ == '__main__':
    raise SystemExit(main(['score-pose2sim', *sys.argv[1:]]))
