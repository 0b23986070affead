"""Run an ablation on held-out test sets; see semtta_mm.commands.ablate.py."""

from semtta_mm.commands.ablate import main

if __name__ == '__main__':
    raise SystemExit(main())
