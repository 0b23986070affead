"""Train by a config; ``--help`` lists the options."""

from semtta_mm.commands.train import main

if __name__ == '__main__':
    raise SystemExit(main())
