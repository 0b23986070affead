"""Time of a body: joints only, keypoints only, full mesh, smplx.

Example::

    OMP_NUM_THREADS=1 python benchmarks/bench_body.py --batch 240
"""

import argparse
import time
from collections.abc import Callable

import roma
import torch
from rich.console import Console
from rich.table import Table
from torch import Tensor

from semtta_mm.models import SMPLBody
from semtta_mm.structures import SMPLParams


def parse_args() -> argparse.Namespace:
    """Arguments of the command line."""
    parser = argparse.ArgumentParser(description='Cost of the body model')
    parser.add_argument('--batch', type=int, default=240)
    parser.add_argument('--repeats', type=int, default=5)
    parser.add_argument('--keypoints', default='coco_23')
    parser.add_argument('--device', default='cpu')
    return parser.parse_args()


def milliseconds(step: Callable[[], Tensor], repeats: int) -> float:
    """Best time of a forward and backward pass."""
    step().backward()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        step().backward()
        if torch.cuda.is_available():
            torch.cuda.synchronize()
        times.append(time.perf_counter() - start)
    return 1000 * min(times)


def main() -> None:
    """Measure and print a table."""
    args = parse_args()
    body = SMPLBody().to(args.device)
    reference = SMPLBody(backend='smplx').to(args.device)
    torch.manual_seed(0)
    pose = roma.random_rotmat(args.batch * 24).view(-1, 24, 3, 3)
    pose = pose.to(args.device).requires_grad_()
    betas = torch.randn(args.batch, 10, device=args.device, requires_grad=True)
    names = (args.keypoints,)

    def params() -> SMPLParams:
        return SMPLParams.from_pose(pose, betas)

    def keypoints() -> Tensor:
        return body(params(), False, names).keypoints[args.keypoints].sum()

    def full(model: SMPLBody) -> Tensor:
        out = model(params(), True, names)
        return out.vertices.sum() + out.keypoints[args.keypoints].sum()

    steps: dict[str, Callable[[], Tensor]] = {
        'joints only': lambda: body.joints_only(params()).sum(),
        f'{args.keypoints}, no mesh': keypoints,
        f'mesh and {args.keypoints}': lambda: full(body),
        'the same with smplx': lambda: full(reference),
    }
    table = Table('path', f'ms, forward + backward, B = {args.batch}')
    for name, step in steps.items():
        table.add_row(name, f'{milliseconds(step, args.repeats):.1f}')
    Console().print(table)


if __name__ == '__main__':
    main()
