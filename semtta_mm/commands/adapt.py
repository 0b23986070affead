"""``semtta adapt``, also ``tools/tta.py``: adapt to tracks or a video."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mmengine.config import Config
from mmengine.dist import is_main_process

from ..apis.adapt import adapt
from ..apis.missing_files import find_missing, print_missing
from ..detection import detect_video
from ..engine.runners.processes import end_group
from ..engine.runners.semtta_runner import pick_device
from ..registry import TASK_UTILS
from ..utils.command import RESUME_OPTION, one_line_errors
from ..utils.console import make_console, print_notes
from .adapt_options import build_parser, configured, input_notes
from .adapt_plan import plan
from .report import report_tables, write_report


def detect_person(cfg: Config) -> None:
    """Detect with a progress bar; the config's reader uses the cached result.

    Args:
        cfg: The config, with the tracks of a video.

    Raises:
        InputError: If the video is bad.
    """
    reader = cfg.train_dataloader.dataset.reader
    detector = TASK_UTILS.build(reader.detector)
    out = Path(cfg.work_dir)
    detect_video(Path(reader.video), out, detector, fps=reader.get('fps'))


@one_line_errors(on_interrupt=RESUME_OPTION)
def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; see :func:`.one_line_errors`."""
    args = build_parser().parse_args(argv)
    cfg = configured(args)
    console = make_console()
    missing = find_missing(cfg, tracks=args.dry_run)
    if missing:
        return print_missing(missing)
    pick_device(cfg.get('device', 'auto'))
    notes = input_notes(args, cfg)
    if args.dry_run:
        console.print(plan(cfg))
        print_notes(console, notes)
        return 0
    print_notes(make_console(stderr=True), notes)
    if args.video is not None:
        detect_person(cfg)
    report = adapt(cfg)
    if is_main_process():
        path = Path(cfg.work_dir) / 'metrics.json'
        write_report(path, report, report_tables(report))
        print_notes(console, notes)
    if cfg.launcher != 'none':
        end_group()
    return 0
