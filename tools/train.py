"""Train by a config; ``--help`` lists the options."""

import sys

from semtta_mm.commands.main import main

if __name__ == '__main__':
    raise SystemExit(main(['train', *sys.argv[1:]]))
