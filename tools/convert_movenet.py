"""Write MoveNet as a checkpoint of mmpose; see ``--help``."""

import sys

from semtta_mm.commands.main import main

if __name__ == '__main__':
    raise SystemExit(main(['convert-movenet', *sys.argv[1:]]))
