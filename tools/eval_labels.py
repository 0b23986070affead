"""Score labels by the motion; ``--help`` lists the options."""

from semtta_mm.commands.eval_labels import main

if __name__ == '__main__':
    raise SystemExit(main())
