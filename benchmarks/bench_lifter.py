"""Time of the lifter, and of moving its motion to the keypoints.

    python benchmarks/bench_lifter.py [--frames 50 100] [--threads 2]

The first frames of one of the demo's tracks at 60 fps (the videos are
fetched once), with the shipped weights and the settings of
``configs/_base_/lifters/open.py``.
"""

import argparse
import time

import torch
from mmengine.config import Config
from rich.console import Console
from rich.table import Table

from semtta_mm.apis.config import find_config
from semtta_mm.checkpoints.weights import load_weights
from semtta_mm.datasets import TrackFrames
from semtta_mm.models.adaptors import FrameLabels, SemTTA
from semtta_mm.models.adaptors.lifting import lift_track
from semtta_mm.models.adaptors.rays import track_rays
from semtta_mm.models.adaptors.refinement import Refinement, refine_track
from semtta_mm.registry import DATASETS, MODELS
from semtta_mm.setup_env import register_all_modules

CONFIG = 'ablation/2d_smooth_lifter.py'


def some_frames(cfg: Config, count: int) -> TrackFrames:
    """The first frames of a track of the demo at 60 fps."""
    cfg.tracks.reader.fps = 60
    cfg.tracks.max_frames = count
    return DATASETS.build(cfg.tracks)[0]


def times(cfg: Config, count: int) -> list[float]:
    """Lifting and refinement, in s."""
    model: SemTTA = MODELS.build(cfg.model).eval()
    lifter = MODELS.build(cfg.hooks.lifter.lifter).eval()
    load_weights(lifter, cfg.hooks.lifter.weights)
    frames = some_frames(cfg, count)
    session = model.begin(
        frames, FrameLabels(torch.zeros(len(frames), dtype=torch.long))
    )
    session.prediction = model.predict_track()
    texts = model.dictionary.embedding
    settings = Refinement(**cfg.hooks.lifter.refine)
    # The first call also allocates.
    lift_track(lifter, texts, session, use_estimate=False)
    marks = [time.perf_counter()]
    lifted = lift_track(lifter, texts, session, use_estimate=False)
    marks.append(time.perf_counter())
    refine_track(
        lifted.pose,
        lifted.error,
        lifted.betas,
        model.body,
        session,
        track_rays(session),
        settings,
    )
    marks.append(time.perf_counter())
    return [marks[1] - marks[0], marks[2] - marks[1]]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--frames', type=int, nargs='+', default=[50, 100])
    parser.add_argument('--threads', type=int, default=2)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    register_all_modules()
    table = Table(title=f's, {args.threads} threads')
    for name in ('frames', 'lifting', 'refinement'):
        table.add_column(name, justify='right')
    for count in args.frames:
        cfg = Config.fromfile(find_config(CONFIG))
        cells = [f'{value:.2f}' for value in times(cfg, count)]
        table.add_row(str(count), *cells)
    Console().print(table)


if __name__ == '__main__':
    main()
