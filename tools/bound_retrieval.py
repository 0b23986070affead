"""Bound what labels know about hidden joints; ``--help`` lists the options."""

from semtta_mm.commands.bound_retrieval import main

if __name__ == '__main__':
    raise SystemExit(main())
