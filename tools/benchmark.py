"""Run the rows of a table on its tracks; see semtta_mm.commands.benchmark."""

from semtta_mm.commands.benchmark import main

if __name__ == '__main__':
    raise SystemExit(main())
