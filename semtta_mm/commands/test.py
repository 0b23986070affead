"""``semtta test``, also ``tools/test.py``: evaluate without adapting."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from ..apis.config import read_config
from ..apis.evaluate import check_evaluates, evaluate
from ..apis.missing_files import find_missing, print_missing
from ..utils.command import one_line_errors
from .options import add_cfg_options
from .report import report_tables, write_report


def build_parser() -> argparse.ArgumentParser:
    """Arguments of the command, named as in mmpose's tools."""
    parser = argparse.ArgumentParser(
        prog='semtta test', description='Evaluate without adapting.'
    )
    add = parser.add_argument
    add('config', type=Path)
    add('--work-dir', type=Path, help='default: work_dirs/NAME_OF_CONFIG')
    add('--dry-run', action='store_true', help='check all files, then stop')
    add('--overlay', action='store_true', help='write a video of each track')
    add_cfg_options(parser, 'weights=my.pth')
    return parser


@one_line_errors
def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; see :func:`.one_line_errors`."""
    args = build_parser().parse_args(argv)
    cfg = read_config(args.config, args.cfg_options)
    check_evaluates(cfg)
    if args.dry_run:
        missing = find_missing(cfg, tracks=True)
        return print_missing(missing) if missing else 0
    work_dir = args.work_dir or Path('work_dirs') / args.config.stem
    report = evaluate(cfg, work_dir / 'overlays' if args.overlay else None)
    work_dir.mkdir(parents=True, exist_ok=True)
    cfg.dump(str(work_dir / 'config.py'))
    write_report(work_dir / 'metrics.json', report, report_tables(report))
    return 0
