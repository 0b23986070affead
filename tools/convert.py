"""Convert keypoint files to track files; ``--help`` lists the options."""

from semtta_mm.commands.convert import main

if __name__ == '__main__':
    raise SystemExit(main())
