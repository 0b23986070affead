"""Run the demo on real videos; ``--help`` lists the options."""

from semtta_mm.commands.demo import main

if __name__ == '__main__':
    raise SystemExit(main())
