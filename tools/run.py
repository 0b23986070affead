"""Adapt to the people in videos; ``--help`` lists the options."""

from semtta_mm.commands.run import main

if __name__ == '__main__':
    raise SystemExit(main())
