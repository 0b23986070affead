"""Write track files from keypoint files; ``--help`` lists the options."""

from semtta_mm.apis.convert import main

if __name__ == '__main__':
    raise SystemExit(main())
