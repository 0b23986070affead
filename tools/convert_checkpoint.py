"""Turn a public checkpoint into safetensors of ours; see ``--help``."""

from semtta_mm.apis.convert_checkpoint import main

if __name__ == '__main__':
    raise SystemExit(main())
