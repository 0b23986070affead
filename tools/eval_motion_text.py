"""Score a motion-text space; ``--help`` lists the options."""

import sys

from semtta_mm.commands.main import main

if __name__ == '__main__':
    raise SystemExit(main(['eval-motion-text', *sys.argv[1:]]))
