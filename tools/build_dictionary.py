"""Build the motion dictionary; ``--help`` lists the options."""

from semtta_mm.commands.build_dictionary import main

if __name__ == '__main__':
    raise SystemExit(main())
