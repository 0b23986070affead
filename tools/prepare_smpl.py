"""Check official SMPL files and convert them to npz; see ``--help``."""

import sys

from semtta_mm.commands.main import main

if __name__ == '__main__':
    raise SystemExit(main(['prepare-smpl', *sys.argv[1:]]))
