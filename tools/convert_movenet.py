"""Write MoveNet as a checkpoint of mmpose; see ``--help``."""

from semtta_mm.commands.convert_movenet import main

if __name__ == '__main__':
    raise SystemExit(main())
