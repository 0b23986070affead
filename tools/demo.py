"""Run the demo on real videos; ``--help`` lists the options."""

import sys

from semtta_mm.commands.main import main

if __name__ == '__main__':
    raise SystemExit(main(['demo', *sys.argv[1:]]))
