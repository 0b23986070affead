"""Time of one render of the open body: ``python benchmarks/bench_render.py``.

Prints the median of 50 runs, after one warm-up run (compilation), in ms.
"""

import sys
from collections.abc import Callable
from statistics import median
from time import perf_counter

import numpy as np
import torch
from rich.console import Console
from rich.table import Table

from semtta_mm.models.bodies import SMPLBody
from semtta_mm.structures import SMPLParams
from semtta_mm.visualization.renderer import draw_mesh, rasterize


def milliseconds(run: Callable[[], object], repeats: int = 50) -> float:
    """Median time of a call."""
    run()
    times = []
    for _ in range(repeats):
        start = perf_counter()
        run()
        times.append(perf_counter() - start)
    return 1000 * median(times)


def main() -> int:
    """Print a table."""
    body = SMPLBody()
    pose = torch.zeros(1, 24, 3)
    pose[:, 0, 0] = torch.pi
    params = SMPLParams.from_axis_angle(
        pose, torch.zeros(1, 10), torch.tensor([[0.0, 0.1, 3.0]])
    )
    vertices, faces = body(params).vertices[0].numpy(), body.faces.numpy()
    table = Table('image', 'rasterize', 'draw_mesh', title='ms')
    for side in (128, 224, 1080):
        # The body fills 80 % of the image's height.
        focal = 0.8 * side * 3 / 1.7
        k = np.array([[focal, 0, side / 2], [0, focal, side / 2], [0, 0, 1]])
        image = np.zeros((side, side, 3), np.uint8)
        size = (side, side)
        times = (
            milliseconds(lambda: rasterize(vertices, faces, k, size)),  # noqa: B023
            milliseconds(lambda: draw_mesh(image, vertices, faces, k)),  # noqa: B023
        )
        table.add_row(f'{side} px', *(f'{t:.2f}' for t in times))
    Console().print(table)
    return 0


if __name__ == '__main__':
    sys.exit(main())
