"""Check official SMPL files and convert them to npz; see ``--help``."""

from semtta_mm.commands.prepare_smpl import main

if __name__ == '__main__':
    raise SystemExit(main())
