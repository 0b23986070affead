"""Write a bank of labelled crops; ``--help`` lists the options."""

from semtta_mm.commands.make_source_bank import main

if __name__ == '__main__':
    raise SystemExit(main())
