"""Show the results of a run in a browser; ``--help`` lists the options."""

from semtta_mm.commands.view import main

if __name__ == '__main__':
    raise SystemExit(main())
