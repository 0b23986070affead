"""Adapt a network to each track of a config; ``--help`` lists the options."""

import sys

from semtta_mm.commands.main import main

if __name__ == '__main__':
    raise SystemExit(main(['adapt', *sys.argv[1:]]))
