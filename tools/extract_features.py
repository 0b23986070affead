"""Describe crops for the training of a head; ``--help`` lists the options."""

from semtta_mm.apis.describe_crops import main

if __name__ == '__main__':
    raise SystemExit(main())
