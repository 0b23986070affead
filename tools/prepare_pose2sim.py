"""Build the four ``pose2sim`` tracks; ``--help`` lists the options."""

from semtta_mm.commands.prepare_pose2sim import main

if __name__ == '__main__':
    raise SystemExit(main())
