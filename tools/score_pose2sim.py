"""Score BlazePose's own 3D on the real tracks; see ``--help``."""

from semtta_mm.commands.score_pose2sim import main

if __name__ == '__main__':
    raise SystemExit(main())
