"""Fit the readout of labels; ``--help`` lists the options."""

from semtta_mm.commands.fit_labels import main

if __name__ == '__main__':
    raise SystemExit(main())
