"""Adapt to the people in videos; ``--help`` lists the options."""

import sys

from semtta_mm.commands.main import main

if __name__ == '__main__':
    raise SystemExit(main(['run', *sys.argv[1:]]))
