"""Write labelled motions by split; ``--help`` lists the options."""

import sys

from semtta_mm.commands.main import main

if __name__ == '__main__':
    raise SystemExit(main(['make-motions', *sys.argv[1:]]))
