"""Score 2D detectors on four real videos; see ``--help``."""

from semtta_mm.commands.score_detector import main

if __name__ == '__main__':
    raise SystemExit(main())
