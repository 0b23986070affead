"""``semtta adapt``, also ``tools/tta.py``: adapt to tracks or a video."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from mmengine.config import Config
from mmengine.dist import is_main_process

from ..apis.adapt import adapt
from ..apis.export import export_results
from ..apis.missing_files import detects, find_missing, print_missing
from ..apis.run_notes import run_notes, video_lines
from ..datasets import FrameSelection
from ..detection import detect_video
from ..detection.reader import selected_frames
from ..engine.hooks.track_result_hook import RESULT_FILE
from ..engine.runners.processes import end_group
from ..engine.runners.semtta_runner import pick_device
from ..registry import TASK_UTILS
from ..utils.command import RESUME_OPTION, one_line_errors
from ..utils.console import make_console, print_notes
from .adapt_options import build_parser, configured
from .adapt_plan import plan
from .report import report_tables, write_report


def find_in_video(cfg: Config) -> bool:
    """Detect with a progress bar; the config's reader uses the cached result.

    Args:
        cfg: The config, with the tracks of a video.

    Returns:
        Whether there is anybody to adapt to; if not, it was said.

    Raises:
        InputError: If the video is bad.
    """
    reader = cfg.train_dataloader.dataset.reader
    detector = TASK_UTILS.build(reader.detector)
    out = Path(cfg.work_dir)
    video, fps = Path(reader.video), reader.get('fps')
    selection = FrameSelection.of(reader.get('frames'))
    frames = selected_frames(video, selection, fps)
    found = detect_video(video, out, detector, frames, fps)
    if not len(found):
        searched = len(found.searched)
        make_console().print(
            f'{video.name}: no person was found in {searched} frames'
        )
    return len(found) > 0


def export_kept(cfg: Config, names: Sequence[str]) -> None:
    """Export all tracks of a resumed run, which adapts to some of them only.

    Args:
        cfg: The config, with the role ``export``.
        names: Of the tracks.
    """
    results = [Path(cfg.work_dir) / name / RESULT_FILE for name in names]
    export_results(
        [path for path in results if path.is_file()],
        cfg.hooks.export.formats,
        world=cfg.hooks.export.world,
        smpl_model=cfg.model.get('body', {}).get('model_path'),
    )


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
    reader = cfg.train_dataloader.dataset.get('reader')
    found = isinstance(reader, Mapping) and detects(reader)
    notes = video_lines(reader) if found else []
    if args.dry_run:
        console.print(plan(cfg))
        print_notes(console, notes)
        return 0
    if args.video is not None and found:
        print_notes(make_console(stderr=True), notes)
        if not find_in_video(cfg):
            return 0
    report = adapt(cfg)
    if is_main_process():
        path = Path(cfg.work_dir) / 'metrics.json'
        write_report(path, report, report_tables(report))
        if args.save and args.resume:
            export_kept(cfg, list(report['tracks']))
        print_notes(console, run_notes(cfg, report))
    if cfg.launcher != 'none':
        end_group()
    return 0
