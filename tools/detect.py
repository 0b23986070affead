"""Detect 2D keypoints in a video; ``--help`` lists the options."""

from semtta_mm.commands.detect import main

if __name__ == '__main__':
    raise SystemExit(main())
