"""Print a script for completion with the Tab key."""

from semtta_mm.commands.completion import main

if __name__ == '__main__':
    raise SystemExit(main())
