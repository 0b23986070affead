"""Time of HMR's head: mmhuman3d's forward against one matrix product.

    OMP_NUM_THREADS=1 python benchmarks/bench_head.py [--batch 150]

Forward and backward pass, and a step of Adam on the default network's head.
"""

import argparse
import time
from collections.abc import Callable

import torch
from mmengine.config import Config
from rich.console import Console
from rich.table import Table

from semtta_mm.apis.config import find_config
from semtta_mm.models.estimators.linear_head import regress_linear
from semtta_mm.registry import MODELS
from semtta_mm.setup_env import register_all_modules

WARM_UP, REPEATS = 5, 30


def milliseconds(step: Callable[[], object]) -> float:
    """Mean time of a step."""
    for _ in range(WARM_UP):
        step()
    start = time.perf_counter()
    for _ in range(REPEATS):
        step()
    return 1000 * (time.perf_counter() - start) / REPEATS


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--batch', type=int, default=150)
    args = parser.parse_args()
    register_all_modules()
    cfg = Config.fromfile(find_config('semtta_hmr_demo.py'))
    estimator = MODELS.build(cfg.estimator)
    estimator.train_head_only()
    head, learning = estimator.head, estimator.head_modules()
    features = torch.randn(args.batch, head.fc1.in_features - 157, 1, 1)
    parameters = [p for part in learning for p in part.parameters()]
    for parameter in parameters:
        parameter.grad = torch.randn_like(parameter)
    table = Table(title=f'ms, {torch.get_num_threads()} threads')
    for name in ('what', 'ms'):
        table.add_column(name)

    def row(name: str, step: Callable[[], object]) -> None:
        table.add_row(name, f'{milliseconds(step):.1f}')

    row(
        'HMRHead',
        lambda: head(features, n_iter=3)['pred_pose'].sum().backward(),
    )
    row(
        'product',
        lambda: (
            regress_linear(head, features, 3)['pred_pose'].sum().backward()
        ),
    )
    for name, fused in (('Adam', False), ('Adam, fused', True)):
        optimizer = torch.optim.Adam(parameters, lr=1e-9, fused=fused)
        row(name, optimizer.step)
    Console().print(table)


if __name__ == '__main__':
    main()
