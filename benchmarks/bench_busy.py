"""Time of an adaptation beside busy cores, by how its threads wait.

    python benchmarks/bench_busy.py

One real track, the head of the open HMR, 2D and smoothing; 0, 1 and 2 other
processes that compute all the time. `default` is torch's, where threads wait
actively; `semtta` lets them sleep (semtta_mm/utils/threads.py).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
WAYS = {
    'default': {'OMP_WAIT_POLICY': 'ACTIVE'},
    'semtta': {},
    'one thread': {'OMP_NUM_THREADS': '1'},
}
BUSY = (sys.executable, '-c', 'while True: pass')


def seconds(way: str, busy: int) -> float:
    """Wall time of one adaptation beside so many busy processes."""
    unset = {'OMP_WAIT_POLICY', 'OMP_NUM_THREADS'}
    env = {k: v for k, v in os.environ.items() if k not in unset}
    others = [subprocess.Popen(BUSY) for _ in range(busy)]
    try:
        with tempfile.TemporaryDirectory() as folder:
            command = [
                *(sys.executable, str(ROOT / 'tools' / 'tta.py')),
                str(ROOT / 'configs' / 'ablation' / '2d_smooth.py'),
                *('--tracks', 'cam01', '--work-dir', folder),
                *('--cfg-options', 'hooks.video=None', 'hooks.plots=None'),
            ]
            start = time.perf_counter()
            subprocess.run(
                command, env=env | WAYS[way], check=True, capture_output=True
            )
            return time.perf_counter() - start
    finally:
        for other in others:
            other.kill()
            other.wait()


def main(argv: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--busy', type=int, nargs='+', default=[0, 1, 2])
    args = parser.parse_args(argv)
    table = Table('threads wait', *(f'{n} busy, s' for n in args.busy))
    for way in WAYS:
        table.add_row(way, *(f'{seconds(way, n):.1f}' for n in args.busy))
    Console().print(table)


if __name__ == '__main__':
    main()
