"""Bound what labels know about hidden joints; ``--help`` lists the options."""

import sys

from semtta_mm.commands.main import main

if __name__ == '__main__':
    raise SystemExit(main(['bound-retrieval', *sys.argv[1:]]))
