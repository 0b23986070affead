"""Check packages, files and the machine; ``--help`` has the options."""

from semtta_mm.commands.doctor import main

if __name__ == '__main__':
    raise SystemExit(main())
