"""Detect 2D keypoints in a video; ``--help`` lists the options."""

import sys

from semtta_mm.commands.main import main

if __name__ == '__main__':
    raise SystemExit(main(['detect', *sys.argv[1:]]))
