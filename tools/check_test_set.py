"""Measure what a test set can show; ``--help`` lists the options."""

from semtta_mm.commands.check_test_set import main

if __name__ == '__main__':
    raise SystemExit(main())
