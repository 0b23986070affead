"""Write a bank of labelled crops; ``--help`` lists the options."""

import sys

from semtta_mm.commands.main import main

if __name__ == '__main__':
    raise SystemExit(main(['make-source-bank', *sys.argv[1:]]))
