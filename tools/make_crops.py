"""Render synthetic training crops; ``--help`` lists the options."""

from semtta_mm.commands.make_crops import main

if __name__ == '__main__':
    raise SystemExit(main())
