"""Render a held-out synthetic test set; ``--help`` lists the options."""

from semtta_mm.commands.make_test_set import main

if __name__ == '__main__':
    raise SystemExit(main())
