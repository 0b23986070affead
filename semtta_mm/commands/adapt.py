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
from ..engine.hooks.track_result_hook import RESULT_FILE
from ..engine.runners.processes import end_group
from ..engine.runners.semtta_runner import pick_device
from ..registry import TASK_UTILS
from ..utils.command import RESUME_OPTION, one_line_errors
from ..utils.console import make_console, print_notes
from .adapt_options import build_parser, configured
from .adapt_plan import plan
from .people import nobody, people_table, stage_bars, write_people
from .report import report_tables, write_report


def find_in_video(cfg: Config, listed: bool = False) -> bool:
    """Find the people with progress bars; later calls read the cache.

    Args:
        cfg: The config, with the tracks of a video.
        listed: Print all people, not only those that are wanted.

    Returns:
        Whether there is anybody to adapt to; if not, a line is printed.

    Raises:
        InputError: If the video is bad, or a wanted person is not in it.
    """
    reader = TASK_UTILS.build(cfg.train_dataloader.dataset.reader)
    console, video = make_console(), Path(reader.video)
    with stage_bars(video) as stage:
        if listed or reader.several:
            people = reader.people(stage)
            write_people(Path(cfg.work_dir), people)
            found = len(people)
        else:
            found = len(reader(stage))
    if not found:
        console.print(nobody(video))
    elif listed:
        console.print(people_table(people))
    elif found > 1:
        chosen = reader.chosen()
        console.print(
            f'{video.name}: {found} people, adapting to '
            f'{", ".join(str(p.id) for p in chosen)}'
        )
    return found > 0


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
        somebody = find_in_video(cfg, args.list_people)
        if args.list_people or not somebody:
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
