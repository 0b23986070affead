"""Former name of ``benchmark.py``, which it runs with a warning."""

import sys

from semtta_mm.commands.main import main

if __name__ == '__main__':
    raise SystemExit(main(['ablate', *sys.argv[1:]]))
