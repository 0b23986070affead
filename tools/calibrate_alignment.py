"""Calibrate the alignment; ``--help`` lists the options."""

from semtta_mm.commands.calibrate_alignment import main

if __name__ == '__main__':
    raise SystemExit(main())
