"""Convert a public checkpoint to safetensors; see ``--help``."""

import sys

from semtta_mm.commands.main import main

if __name__ == '__main__':
    raise SystemExit(main(['convert-checkpoint', *sys.argv[1:]]))
