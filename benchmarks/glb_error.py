"""How far the mesh of a .glb is from the bodies of ``result.npz``, mm.

``python benchmarks/glb_error.py work_dirs/demo/cam02``
"""

import sys
from pathlib import Path

import numpy as np
import torch

from semtta_mm.apis.saved_run import SavedRun
from semtta_mm.export.skinning import strongest
from semtta_mm.models.bodies import SMPLBody
from semtta_mm.structures import SMPLParams
from semtta_mm.utils.console import make_console


def with_weights(body: SMPLBody, count: int) -> torch.Tensor:
    """Skinning weights with ``count`` joints a vertex ``[V, 24]``."""
    ids, kept = strongest(body.weights.numpy(), count)
    weights = np.zeros(body.weights.shape)
    for column in range(count):
        rows = np.arange(len(ids))
        weights[rows, ids[:, column]] += kept[:, column]
    return torch.tensor(weights).float()


def main() -> int:
    """Print the distances of each track."""
    run = SavedRun.read(Path(sys.argv[1]))
    console = make_console()
    body = run.body()
    exact = body.weights
    shared = ((exact > 0).sum(dim=1) > 4).float().mean()
    console.print(f'vertices with more than four joints: {shared:.1%}')

    def vertices(params: SMPLParams, weights: torch.Tensor) -> torch.Tensor:
        body.weights = weights
        mesh = body(params, keypoints=()).vertices
        assert mesh is not None
        return 1000 * mesh

    for track in run.tracks:
        one = vertices(track.one_shape(), exact)
        pairs = {
            'four joints': vertices(track.one_shape(), with_weights(body, 4)),
            "the frame's own shape": vertices(track.params, exact),
        }
        for name, other in pairs.items():
            error = (one - other).norm(dim=-1)
            most = (error.amax(dim=0) > 1).float().mean()
            console.print(
                f'{track.label}, {name}: mean {error.mean():.3f}, largest '
                f'{error.max():.1f}; vertices ever beyond 1 mm: {most:.1%}'
            )
    return 0


if __name__ == '__main__':
    raise SystemExit(main())
