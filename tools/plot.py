"""Draw the curves of a finished adaptation; ``--help`` lists the options."""

from semtta_mm.commands.plot import main

if __name__ == '__main__':
    raise SystemExit(main())
