"""Build the four ``pose2sim`` tracks; ``--help`` lists the options."""

from semtta_mm.datasets.converters.prepare import main

if __name__ == '__main__':
    raise SystemExit(main())
