"""Write labelled motions by split; ``--help`` lists the options."""

from semtta_mm.commands.make_motions import main

if __name__ == '__main__':
    raise SystemExit(main())
