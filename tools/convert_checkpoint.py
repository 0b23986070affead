"""Convert a public checkpoint to safetensors; see ``--help``."""

from semtta_mm.commands.convert_checkpoint import main

if __name__ == '__main__':
    raise SystemExit(main())
