"""Diagnose the alignment loss; ``--help`` lists the options."""

from semtta_mm.commands.diagnose_alignment import main

if __name__ == '__main__':
    raise SystemExit(main())
