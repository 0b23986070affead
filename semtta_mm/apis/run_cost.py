"""Time and memory of an adaptation, from measurements that ship.

``benchmarks/bench_run.py`` runs the command on clips of several lengths and
fits the numbers in ``assets/run_costs.json``. A short computation, timed there
and here, scales them to this machine.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch.nn.functional import conv2d

TABLE = Path(__file__).parents[1] / 'assets' / 'run_costs.json'


class Work(NamedTuple):
    """Amounts that time and memory depend on.

    Attributes:
        frames: Frames of the track.
        epochs: Epochs.
        steps: Steps of all epochs.
        detects: Whether the 2D detector runs.
    """

    frames: int
    epochs: int
    steps: int
    detects: bool = True


@dataclass(frozen=True)
class Cost:
    """An estimate.

    Attributes:
        seconds: Duration, s.
        memory_mb: Peak memory of the process, MB.
        source: Where the estimate comes from, a sentence.
    """

    seconds: float
    memory_mb: float
    source: str


def run_cost(
    cfg: Mapping[str, Any],
    tracks: Sequence[Work],
    speed: float | None = None,
) -> Cost | None:
    """Cost of adapting to some tracks, one after the other.

    Args:
        cfg: The config.
        tracks: Their amounts.
        speed: See :func:`machine_speed`; None measures it.

    Returns:
        None if the network was not measured, or nothing is to do.
    """
    table = read_costs()
    measured = table['networks'].get(network_key(cfg))
    if measured is None or not tracks:
        return None
    if speed is None:
        speed = machine_speed()
    seconds = measured['start']
    for work in tracks:
        seconds += work.detects * measured['detect_frame'] * work.frames
        seconds += measured['frame'] * work.frames
        seconds += measured['epoch_frame'] * work.epochs * work.frames
        seconds += measured['step'] * work.steps
    longest = max(work.frames for work in tracks)
    memory = measured['memory_mb'] + measured['memory_frame_mb'] * longest
    source = (
        f'minutes, MB: estimated from {table["command"]} on '
        f'{table["machine"]}, scaled to this CPU'
    )
    return Cost(seconds / speed, memory, source)


def network_key(cfg: Mapping[str, Any]) -> str:
    """What decides the cost: backbone, adapted part, lifter or not.

    Args:
        cfg: The config.
    """
    model = cfg['model']
    estimator = model['estimator']
    backbone = estimator.get('backbone') or {}
    name = backbone.get('type', estimator.get('type'))
    hooks = cfg.get('hooks') or {}
    lifted = '+lifter' if hooks.get('lifter') else ''
    return f'{name}/{model.get("adapts", "network")}{lifted}'


def machine_speed() -> float:
    """Speed of this CPU relative to that of the measurements."""
    return float(read_costs()['kernel_seconds']) / kernel_seconds()


@cache
def kernel_seconds(clock: Callable[[], float] = time.perf_counter) -> float:
    """Time of a fixed convolution, s: the fastest of several, once.

    Args:
        clock: Gives seconds.
    """
    image, weight = torch.zeros(1, 64, 64, 64), torch.zeros(64, 64, 3, 3)
    times = []
    with torch.no_grad():
        for _ in range(6):
            start = clock()
            for _ in range(5):
                conv2d(image, weight, padding=1)
            times.append(clock() - start)
    return min(times)


@cache
def read_costs() -> dict[str, Any]:
    """The measurements that ship."""
    table: dict[str, Any] = json.loads(TABLE.read_text(encoding='utf-8'))
    return table
