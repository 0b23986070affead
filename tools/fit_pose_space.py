"""Fit the space of body poses; ``--help`` lists the options."""

from semtta_mm.commands.fit_pose_space import main

if __name__ == '__main__':
    raise SystemExit(main())
