"""Run the rows of a table on its tracks; see semtta_mm.commands.benchmark."""

import sys

from semtta_mm.commands.main import main

if __name__ == '__main__':
    raise SystemExit(main(['benchmark', *sys.argv[1:]]))
