"""Convert keypoint files to track files; ``--help`` lists the options."""

import sys

from semtta_mm.commands.main import main

if __name__ == '__main__':
    raise SystemExit(main(['convert', *sys.argv[1:]]))
