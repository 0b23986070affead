"""Score a motion-text space; ``--help`` lists the options."""

from semtta_mm.commands.eval_motion_text import main

if __name__ == '__main__':
    raise SystemExit(main())
