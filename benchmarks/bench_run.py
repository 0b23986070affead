"""Measures what the plan of `semtta run` estimates: time and memory.

Runs `semtta run` and `semtta detect` on clips of two lengths, in processes of
their own with one thread, and fits

    seconds = start + frames * (detect_frame + frame + epochs * epoch_frame)
              + steps * step

to the CPU seconds, which other work on the machine hardly changes.
`--write` replaces the table that ships (assets/run_costs.json).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from scipy.optimize import nnls

from semtta_mm.apis.config import read_config
from semtta_mm.apis.run_cost import TABLE, kernel_seconds, network_key
from semtta_mm.commands.run import CONFIG
from semtta_mm.datasets import read_frames, video_info
from semtta_mm.utils.console import make_console
from semtta_mm.utils.package_data import fetch_known
from semtta_mm.visualization import VideoWriter

LENGTHS, EPOCHS, STEPS = (60, 240), (1, 4), 20
CHECK = 600
"""Frames of a clip that the fit has not seen; memory grows up to it."""


def write_clip(path: Path, frames: int) -> None:
    """A clip of any length: a real one forwards and backwards, 540 px."""
    source = fetch_known('pose2sim/cam02.mp4')
    count = video_info(source).frame_count
    images = [
        image[::2, ::2] for _, image in read_frames(source, np.arange(count))
    ]
    with VideoWriter(path, 30.0) as writer:
        for t in range(frames):
            place = t % (2 * count - 2)
            writer.write(images[min(place, 2 * count - 2 - place)].copy())


def measured(arguments: list[str]) -> tuple[float, float]:
    """CPU seconds and peak memory in MB of one command.

    Raises:
        RuntimeError: If it fails.
    """
    environment = os.environ | {'OMP_NUM_THREADS': '1'}
    command = [sys.executable, '-c', _START, *arguments]
    child = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(child.pid, 0)
    if status != 0:
        raise RuntimeError(f'{" ".join(arguments)}: status {status}')
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1e3


_START = 'import sys; from semtta_mm.commands.main import main; ' + (
    'raise SystemExit(main(sys.argv[1:]))'
)


def measure(config: str, folder: Path) -> dict[str, float]:
    """The table's entry of a config.

    Args:
        config: Its name.
        folder: For clips and results.
    """
    clips = {n: folder / f'clip{n}.mp4' for n in LENGTHS}
    detect = []
    for n, clip in clips.items():
        write_clip(clip, n)
        out = str(folder / f'detect{n}')
        detect.append(measured(['detect', str(clip), '--out', out])[0])
    slope = (detect[1] - detect[0]) / (LENGTHS[1] - LENGTHS[0])
    rows, seconds, peaks = [], [], []
    for n, clip in clips.items():
        for epochs in EPOCHS:
            used, peak = run_clip(config, clip, epochs)
            rows.append([1, n, epochs * n, epochs * STEPS])
            seconds.append(used - slope * n)
            peaks.append(peak)
    fit, _ = nnls(np.array(rows, float), np.array(seconds))
    names = ('start', 'frame', 'epoch_frame', 'step')
    entry = dict(zip(names, fit.tolist(), strict=True))
    entry['detect_frame'] = slope
    return entry | check(config, folder, entry, max(peaks))


def run_clip(config: str, clip: Path, epochs: int) -> tuple[float, float]:
    """CPU seconds and peak memory of `semtta run`."""
    out = str(clip.with_suffix(f'.run{epochs}'))
    options = ['--epochs', str(epochs), '--text', 'walk', '--out', out]
    return measured(['run', str(clip), *options, '--config', config])


def check(
    config: str, folder: Path, entry: dict[str, float], peak: float
) -> dict[str, float]:
    """Memory by length, and the estimate of a longer clip beside the truth.

    Args:
        config: Name of the config.
        folder: For the clip.
        entry: The fit.
        peak: Largest memory of the shorter clips, MB.
    """
    clip = folder / f'clip{CHECK}.mp4'
    write_clip(clip, CHECK)
    used, most = run_clip(config, clip, 1)
    a_frame = entry['detect_frame'] + entry['frame'] + entry['epoch_frame']
    estimate = entry['start'] + CHECK * a_frame + STEPS * entry['step']
    growth = max(0.0, most - peak) / (CHECK - LENGTHS[-1])
    return {
        'memory_mb': most - growth * CHECK,
        'memory_frame_mb': growth,
        'check_frames': CHECK,
        'check_estimated': estimate,
        'check_measured': used,
    }


def main() -> None:
    """Measure, print, and with `--write` replace the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--configs', nargs='+', default=[CONFIG])
    parser.add_argument('--write', action='store_true')
    args = parser.parse_args()
    torch.set_num_threads(1)
    table = json.loads(TABLE.read_text(encoding='utf-8'))
    table['kernel_seconds'] = round(kernel_seconds(time.thread_time), 5)
    for config in args.configs:
        with tempfile.TemporaryDirectory() as folder:
            entry = measure(config, Path(folder))
        rounded = {name: round(value, 4) for name, value in entry.items()}
        table['networks'][network_key(read_config(config))] = rounded
    text = json.dumps(table, indent=1) + '\n'
    make_console().print(text)
    if args.write:
        TABLE.write_text(text, encoding='utf-8')


if __name__ == '__main__':
    main()
