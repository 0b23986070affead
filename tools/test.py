"""Score a network without adapting it; see semtta_mm.commands.test.py."""

from semtta_mm.commands.test import main

if __name__ == '__main__':
    raise SystemExit(main())
