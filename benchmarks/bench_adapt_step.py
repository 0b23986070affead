"""Time of one adaptation step of the whole network, or of its head.

    python benchmarks/bench_adapt_step.py [--frames 50 150] [--threads 2]

The first frames of one of the demo's tracks at 60 fps (the videos are
fetched once), four windows a step, all three losses.
"""

import argparse
import time

import torch
from mmengine.config import Config
from rich.console import Console
from rich.table import Table

from semtta_mm.apis.config import find_config
from semtta_mm.datasets import TrackFrames
from semtta_mm.models.adaptors import FrameLabels, SemTTA
from semtta_mm.registry import DATASETS, MODELS
from semtta_mm.setup_env import register_all_modules

WARM_UP, STEPS, WINDOWS = 2, 5, 4


def some_frames(cfg: Config, count: int) -> TrackFrames:
    """The first frames of a track of the demo at 60 fps."""
    cfg.tracks.reader.fps = 60
    cfg.tracks.max_frames = count
    return DATASETS.build(cfg.tracks)[0]


def times(cfg: Config, adapts: str, frames: TrackFrames) -> list[float]:
    """Start, step and refresh pass, in s."""
    model: SemTTA = MODELS.build({**cfg.model, 'adapts': adapts}).train()
    labels = FrameLabels(torch.zeros(len(frames), dtype=torch.long))
    _ = frames.images  # decode before the timing
    marks = [time.perf_counter()]
    session = model.begin(frames, labels)
    marks.append(time.perf_counter())
    learning = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.Adam(learning, lr=1e-4)
    for step in range(WARM_UP + STEPS):
        if step == WARM_UP:
            marks.append(time.perf_counter())
        windows = torch.randint(len(session.segments), (WINDOWS,))
        losses = model(windows)
        sum(v for k, v in losses.items() if 'loss' in k).backward()
        optimizer.step()
        optimizer.zero_grad()
    marks.append(time.perf_counter())
    model.predict_track()
    last = time.perf_counter() - marks[-1]
    return [marks[1] - marks[0], (marks[3] - marks[2]) / STEPS, last]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--frames', type=int, nargs='+', default=[50, 100])
    parser.add_argument('--threads', type=int, default=2)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    register_all_modules()
    table = Table(title=f's, {args.threads} threads')
    for name in ('frames', 'adapts', 'start', 'step', 'refresh'):
        table.add_column(name, justify='right')
    for count in args.frames:
        for adapts in ('network', 'head'):
            cfg = Config.fromfile(find_config('semtta_hmr_demo.py'))
            taken = times(cfg, adapts, some_frames(cfg, count))
            cells = [f'{value:.2f}' for value in taken]
            table.add_row(str(count), adapts, *cells)
    Console().print(table)


if __name__ == '__main__':
    main()
