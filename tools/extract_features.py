"""Extract the features that a head is trained on; see ``--help``."""

import sys

from semtta_mm.commands.main import main

if __name__ == '__main__':
    raise SystemExit(main(['extract-features', *sys.argv[1:]]))
