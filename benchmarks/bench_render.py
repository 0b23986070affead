"""Time of one render of the open body, on one core.

``OMP_NUM_THREADS=1 NUMBA_NUM_THREADS=1 python benchmarks/bench_render.py``

Prints the median of 50 runs, after one warm-up run (compilation), in ms of
the processor's time for this process; on a machine with other jobs the time
that passes (last column) is longer. The last row is a frame of 540p with a
body that fills most of it.
"""

import sys
from collections.abc import Callable
from statistics import median
from time import perf_counter, process_time

import numpy as np
import torch
from rich.console import Console
from rich.table import Table

from semtta_mm.models.bodies import SMPLBody
from semtta_mm.structures import SMPLParams
from semtta_mm.visualization.renderer import draw_mesh, rasterize


def milliseconds(
    run: Callable[[], object], clock: Callable[[], float], repeats: int = 50
) -> float:
    """Median time of a call."""
    run()
    times = []
    for _ in range(repeats):
        start = clock()
        run()
        times.append(clock() - start)
    return 1000 * median(times)


def standing(x: float, y: float, z: float) -> tuple[np.ndarray, np.ndarray]:
    """Vertices and faces of the body at a place, m."""
    body = SMPLBody()
    pose = torch.zeros(1, 24, 3)
    pose[:, 0, 0] = torch.pi
    params = SMPLParams.from_axis_angle(
        pose, torch.zeros(1, 10), torch.tensor([[x, y, z]])
    )
    return body(params).vertices[0].numpy(), body.faces.numpy()


def main() -> int:
    """Print a table."""
    columns = ('image', 'covered', 'rasterize', 'draw_mesh', 'frames/s')
    table = Table(*columns, 'draw_mesh, passed', title='ms')
    # Square images: the body fills 80 % of the height.
    views = [((s, s), (0.0, 0.1, 3.0), 0.8 * s * 3 / 1.7) for s in (128, 1080)]
    views.append(((960, 540), (0.0, 0.35, 0.62), 800.0))
    for (width, height), place, focal in views:
        vertices, faces = standing(*place)
        k = np.array(
            [[focal, 0, width / 2], [0, focal, height / 2], [0, 0, 1]]
        )
        image, size = np.zeros((height, width, 3), np.uint8), (width, height)
        covered = rasterize(vertices, faces, k, size).mask.mean()

        def raster() -> object:
            return rasterize(vertices, faces, k, size)  # noqa: B023

        def draw() -> object:
            return draw_mesh(image, vertices, faces, k, opacity=0.85)  # noqa: B023

        drawn = milliseconds(draw, process_time)
        table.add_row(
            f'{width} x {height}',
            f'{covered:.0%}',
            f'{milliseconds(raster, process_time):.2f}',
            f'{drawn:.2f}',
            f'{1000 / drawn:.0f}',
            f'{milliseconds(draw, perf_counter):.2f}',
        )
    Console().print(table)
    return 0


if __name__ == '__main__':
    sys.exit(main())
