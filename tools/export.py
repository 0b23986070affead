"""Write results in formats of other programs; ``--help`` lists the options."""

from semtta_mm.commands.export import main

if __name__ == '__main__':
    raise SystemExit(main())
