"""``semtta demo``: SemTTA on a real four-camera video, with its 3D error.

Tracks, 2D evidence, labels and references are in this package; the videos are
in the package ``pose2sim`` (BSD-3) and are fetched into a cache, once. No
registration is needed.
"""

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from ..apis.adapt import adapt
from ..apis.config import read_config
from ..datasets.pose2sim_tracks import CAMERAS
from ..datasets.video import read_frames, video_info
from ..evaluation import write_metrics_json
from ..utils.command import one_line_errors
from ..utils.console import make_console
from ..utils.package_data import fetch_known
from .report import report_tables

CONFIG = 'semtta_hmr_demo_lifter'
SHOWN = 3
"""Frames of each track on the sheet."""


def build_parser() -> argparse.ArgumentParser:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(
        prog='semtta demo', description='Adapt to a real video, with errors.'
    )
    add = parser.add_argument
    add(
        '--out',
        type=Path,
        default=Path('work_dirs/demo'),
        help='folder for results',
    )
    add(
        '--cameras',
        nargs='+',
        metavar='CAMERA',
        choices=CAMERAS,
        default=list(CAMERAS),
        help=f'of {", ".join(CAMERAS)}; default: all',
    )
    add('--epochs', type=int, help='default: that of the config')
    return parser


def fetch_videos(cameras: Sequence[str]) -> str:
    """Fetch the videos.

    Args:
        cameras: Of :data:`CAMERAS`.

    Returns:
        A line with time and size.

    Raises:
        InputError: If a video cannot be fetched.
    """
    start = time.perf_counter()
    paths = [fetch_known(f'pose2sim/{camera}.mp4') for camera in cameras]
    size = sum(path.stat().st_size for path in paths) / 1e6
    seconds = time.perf_counter() - start
    return f'{len(paths)} videos, {size:.1f} MB, {seconds:.1f} s'


def sheet_of(videos: Sequence[Path]) -> np.ndarray:
    """Some frames of each video, a row each.

    Args:
        videos: Videos of any size.

    Returns:
        Image ``[N * H, SHOWN * W, 3]``, BGR, uint8, of the largest size;
        black beside smaller ones.
    """
    rows = []
    for video in videos:
        last = video_info(video).frame_count - 1
        chosen = np.linspace(0, last, SHOWN).astype(int)
        images = [image for _, image in read_frames(video, chosen)]
        rows.append(np.concatenate(images, axis=1))
    width = max(row.shape[1] for row in rows)
    wide = [
        np.pad(row, ((0, 0), (0, width - row.shape[1]), (0, 0)))
        for row in rows
    ]
    return np.concatenate(wide)


@one_line_errors
def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; see :func:`.one_line_errors`."""
    args = build_parser().parse_args(argv)
    console = make_console()
    options = {'tracks.reader.cameras': args.cameras}
    if args.epochs is not None:
        options['train_cfg.max_epochs'] = args.epochs
    cfg = read_config(CONFIG, options)
    cfg.train_dataloader.dataset = cfg.tracks
    cfg.work_dir = str(args.out)
    console.print(f'set-up: {fetch_videos(args.cameras)}')
    start = time.perf_counter()
    report = adapt(cfg)
    write_metrics_json(args.out / 'metrics.json', report)
    sheet = args.out / 'sheet.png'
    videos = [args.out / name / 'before_after.mp4' for name in args.cameras]
    cv2.imwrite(str(sheet), sheet_of(videos))
    for table in report_tables(report):
        console.print(table)
    seconds = time.perf_counter() - start
    console.print(
        f'demo: {seconds:.0f} s; pictures: {sheet}, '
        f'{args.out}/*/before_after.mp4; numbers in '
        f'{args.out / "metrics.json"}',
        markup=False,
    )
    return 0
