"""Time of one training step of the open HMR, part by part.

    python benchmarks/bench_train_step.py [--frozen -1 3 5] [--threads 2]

Batch 64 of 128 px, random images; float32 or bfloat16 with channels last.
"""

import argparse
import time
from pathlib import Path

import torch
from mmengine.config import Config
from rich.console import Console
from rich.table import Table

from semtta_mm.models.trainers import HMRTrainer
from semtta_mm.registry import MODELS
from semtta_mm.setup_env import register_all_modules

CONFIG = Path(__file__).parents[1] / 'configs' / 'train_hmr_synthetic.py'
BATCH, WARM_UP, STEPS = 64, 2, 5


def make_batch(size: int) -> dict[str, torch.Tensor]:
    """Random images and labels."""
    eye = torch.eye(3).repeat(BATCH, 24, 1, 1)
    return {
        'image': torch.randint(256, (BATCH, 3, size, size)).byte(),
        'pose': eye,
        'betas': torch.zeros(BATCH, 10),
        'keypoints': torch.rand(BATCH, 23, 2) * size,
        'visible': torch.ones(BATCH, 23, dtype=torch.bool),
    }


def build(frozen: int, bfloat16: bool) -> HMRTrainer:
    """The trainer of the config, without pre-trained weights."""
    cfg = Config.fromfile(CONFIG)
    cfg.model.estimator.backbone.frozen_stages = frozen
    cfg.model.estimator.backbone_weights = None
    cfg.model.estimator.neck.finder.weights = None
    cfg.model.bfloat16 = bfloat16
    return MODELS.build(cfg.model).train()


def step_times(trainer: HMRTrainer) -> list[float]:
    """Forward with losses, backward, optimizer; ms an image."""
    batch = make_batch(trainer.estimator.input_size)
    trained = [p for p in trainer.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=1e-4)
    total = [0.0, 0.0, 0.0]
    for step in range(WARM_UP + STEPS):
        marks = [time.perf_counter()]
        loss = sum(trainer(**batch, mode='loss').values())
        marks.append(time.perf_counter())
        optimizer.zero_grad()
        loss.backward()
        marks.append(time.perf_counter())
        optimizer.step()
        marks.append(time.perf_counter())
        if step >= WARM_UP:
            for i in range(3):
                total[i] += marks[i + 1] - marks[i]
    return [1000 * value / STEPS / BATCH for value in total]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--frozen', type=int, nargs='+', default=[-1, 3, 5])
    parser.add_argument('--threads', type=int, default=2)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    register_all_modules()
    table = Table(title=f'ms an image, {args.threads} threads')
    for name in ('frozen stages', 'type', 'forward', 'backward', 'step'):
        table.add_column(name, justify='right')
    for frozen in args.frozen:
        for bfloat16 in (False, True):
            times = step_times(build(frozen, bfloat16))
            kind = 'bfloat16' if bfloat16 else 'float32'
            cells = [f'{value:.1f}' for value in times]
            table.add_row(str(frozen), kind, *cells)
    Console().print(table)


if __name__ == '__main__':
    main()
