"""Extract the features that a head is trained on; see ``--help``."""

from semtta_mm.commands.extract_features import main

if __name__ == '__main__':
    raise SystemExit(main())
