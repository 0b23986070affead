"""Run an ablation on held-out test sets; see semtta_mm/apis/ablate.py."""

from semtta_mm.apis.ablate import main

if __name__ == '__main__':
    raise SystemExit(main())
