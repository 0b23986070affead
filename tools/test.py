"""Score a network without adapting it; see semtta_mm/apis/test.py."""

from semtta_mm.apis.test import main

if __name__ == '__main__':
    raise SystemExit(main())
