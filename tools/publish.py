"""Add trained weights to the package; ``--help`` lists the options."""

from semtta_mm.commands.publish import main

if __name__ == '__main__':
    raise SystemExit(main())
