"""``semtta run``: any videos in, results in a folder."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

from rich.console import Console

from ..apis.adapt import adapt
from ..apis.missing_files import detects, find_missing, print_missing
from ..apis.run_notes import run_notes, video_lines
from ..apis.run_record import (
    DONE,
    NOBODY,
    finished,
    fresh_record,
    read_record,
    read_report,
    same_content,
    write_record,
)
from ..engine.runners.semtta_runner import pick_device
from ..evaluation import write_metrics_json
from ..utils import InputError, NoPersonError
from ..utils.command import (
    EXIT_INPUT,
    RESUME_BY_RERUN,
    one_line_errors,
    print_error,
)
from ..utils.console import make_console
from .adapt import find_in_video
from .adapt_options import add_common_options, configured
from .adapt_plan import planned_tracks
from .run_inputs import RunInput, find_inputs
from .run_plan import Job, JobResult, plan_table, result_table

CONFIG = 'semtta_hmr_demo_lifter'
OUT = Path('work_dirs/run')
EXIT_SOME = 1
"""Exit code if some inputs failed and others did not."""

EXIT_CODES = (
    'exit codes: 0 done, also if nobody is in a video; 1 some inputs failed; '
    '2 bad input or a missing package; 130 interrupted'
)
NOBODY_FOUND = 'nobody was found'


def build_parser() -> argparse.ArgumentParser:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(
        prog='semtta run',
        description='Adapt to the people in videos and write results.',
        epilog=f'{EXIT_CODES}. Finished inputs are skipped when the command '
        'runs again.',
    )
    add = parser.add_argument
    add(
        'inputs',
        nargs='+',
        metavar='INPUT',
        help='videos, folders of images or videos, track files (.npz), or '
        'a .txt with one path a line',
    )
    add('--out', type=Path, default=OUT, help=f'for results, default {OUT}')
    add(
        '--config',
        type=Path,
        default=Path(CONFIG),
        help=f'a file, or a name in configs/; default {CONFIG}',
    )
    add('--dry-run', action='store_true', help='print the plan, then stop')
    add_common_options(parser)
    return parser


@one_line_errors(on_interrupt=RESUME_BY_RERUN)
def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; see :func:`.one_line_errors`."""
    args = build_parser().parse_args(argv)
    jobs = [plan_job(item, args) for item in find_inputs(args.inputs)]
    missing = find_missing(jobs[0].cfg)
    if missing:
        return print_missing(missing)
    pick_device(args.device)
    console = make_console()
    if args.dry_run or any(job.tracks for job in jobs):
        console.print(plan_table(jobs))
    if args.dry_run:
        return exit_code([failed(j) for j in jobs if j.problem], len(jobs))
    results: list[JobResult] = []
    try:
        for job in jobs:
            results.append(run_job(job, console))
    finally:  # also after Ctrl-C: what is finished is shown
        print_results(results, console)
    return exit_code(results, len(jobs))


def plan_job(item: RunInput, args: argparse.Namespace) -> Job:
    """The settings of an input, and whether it is finished.

    Args:
        item: The input.
        args: Of :func:`build_parser`.

    Raises:
        InputError: If an option is wrong.
    """
    own = argparse.Namespace(**vars(args))
    own.video, own.tracks = item.path, None
    own.work_dir = args.out / item.name
    own.launcher, own.resume = 'none', False
    cfg = configured(own)
    wanted = fresh_record(cfg, item.path, args.labels)
    # Two runs of one second would share a logger.
    cfg.experiment_name = f'{item.name}_{uuid4().hex[:8]}'
    folder = Path(cfg.work_dir)
    # People that an interrupted run finished are kept.
    cfg.train_cfg.resume = same_content(read_record(folder), wanted)
    earlier = finished(folder, wanted)
    if earlier is not None:
        return Job(item, cfg, wanted, earlier)
    try:
        return Job(item, cfg, wanted, tracks=planned_tracks(cfg))
    except InputError as error:
        return Job(item, cfg, wanted, problem=error)


def run_job(job: Job, console: Console) -> JobResult:
    """Detect, adapt and write, unless an earlier run did.

    Args:
        job: The input.
        console: Gets a line at the start.
    """
    name, folder = job.item.name, job.folder
    if job.problem is not None:
        return failed(job)
    if job.earlier is not None:
        console.print(f'{name}: finished by an earlier run, skipped')
        status = NOBODY_FOUND if job.earlier.status == NOBODY else DONE
        report = None if status == NOBODY_FOUND else read_report(folder)
        return JobResult(job, status, report, job.earlier.notes)
    console.print(f'{name}: {job.item.path}')
    write_record(folder, job.wanted)
    reader = job.cfg.train_dataloader.dataset.reader
    try:
        if detects(reader) and not find_in_video(job.cfg):
            return nobody(job)
        report = adapt(job.cfg)
    except NoPersonError:
        return nobody(job)
    except InputError as error:
        return failed(replace(job, problem=error))
    write_metrics_json(folder / 'metrics.json', report)
    notes = run_notes(job.cfg, report)
    people = list(report['tracks'])
    record = replace(job.wanted, status=DONE, tracks=people, notes=notes)
    write_record(folder, record)
    return JobResult(job, DONE, report, notes)


def nobody(job: Job) -> JobResult:
    """Record that nobody is in a video: a result, not a failure.

    Args:
        job: The input.
    """
    notes = video_lines(job.cfg.train_dataloader.dataset.reader)
    record = replace(job.wanted, status=NOBODY, notes=notes)
    write_record(job.folder, record)
    return JobResult(job, NOBODY_FOUND, notes=notes)


def failed(job: Job) -> JobResult:
    """Print the problem of an input, one line.

    Args:
        job: The input.
    """
    print_error(f'error: {job.problem}')
    return JobResult(job, 'failed', failed=True)


def print_results(results: Sequence[JobResult], console: Console) -> None:
    """Print the final table, and each note once.

    Args:
        results: Of the inputs that were reached.
        console: Where to print.
    """
    if not results:
        return
    console.print(result_table(results))
    notes = [note for result in results for note in result.notes]
    for note in dict.fromkeys(notes):
        console.print(f'note: {note}')


def exit_code(results: Sequence[JobResult], total: int) -> int:
    """0, or 2 if all inputs failed, or 1 if some did.

    Args:
        results: Of the inputs; those without a result did not fail.
        total: Number of inputs.
    """
    count = sum(result.failed for result in results)
    if not count:
        return 0
    return EXIT_INPUT if count == total else EXIT_SOME
