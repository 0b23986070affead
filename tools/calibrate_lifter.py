"""Measure the errors that the lifter expects."""

from semtta_mm.commands.calibrate_lifter import main

if __name__ == '__main__':
    raise SystemExit(main())
