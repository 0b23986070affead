"""Adapt a network to each track of a config; ``--help`` lists the options."""

from semtta_mm.commands.adapt import main

if __name__ == '__main__':
    raise SystemExit(main())
