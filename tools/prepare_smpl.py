"""Check official SMPL files and write them as npz; see ``--help``."""

from semtta_mm.apis.prepare_smpl import main

if __name__ == '__main__':
    raise SystemExit(main())
