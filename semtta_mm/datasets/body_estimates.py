"""Reads the results of other mesh recovery systems (docs/any_estimator.md)."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ..checkpoints.torch_files import read_torch_file
from ..geometry import axis_angle_to_matrix
from ..geometry.resampling import sample_rotations
from ..structures import SMPLParams
from ..structures.body_estimates import BodyEstimates
from ..utils import InputError, read_npz

FIX = 'see docs/any_estimator.md for the keys'
_JOINTS = 24
_BETAS = 10
_LONGEST_GAP = 0.5
"""Longest time from a frame to the nearest estimate, s."""
BODIES = ('smpl', 'smplx', 'open')
"""Models of bodies, the default first."""


def find_estimates(path: str | PathLike[str], track: str) -> Path:
    """File of a track.

    Args:
        path: A file, or a folder with ``{track}.npz`` or ``{track}.pt``, or
            with ``{track}/result.npz`` as this package writes it.
        track: Name of the track.

    Raises:
        InputError: If there is none.
    """
    place = Path(path)
    if place.is_file():
        return place
    names = (f'{track}.npz', f'{track}.pt', f'{track}/result.npz')
    for name in names:
        if (place / name).is_file():
            return place / name
    problem = f'is no file, and no folder with {names[0]}'
    raise InputError(path, f'estimates of {track}', problem, FIX)


def read_estimates(path: str | PathLike[str]) -> BodyEstimates:
    """Read the bodies of one person.

    Args:
        path: ``.npz`` with our keys, which ``result.npz`` has too; or
            GVHMR's ``hmr4d_results.pt``.

    Raises:
        InputError: If the file is missing or damaged, or a field is absent,
            of a wrong shape or not finite.
    """
    path = Path(path)
    if path.suffix == '.npz':
        return parse_estimates(read_npz(path, FIX), path)
    if path.suffix in ('.pt', '.pth'):
        return _gvhmr(read_torch_file(path), path)
    problem = f'is of the unknown kind {path.suffix!r}'
    fix = f'convert it to .npz, {FIX}'
    raise InputError(path, 'file', problem, fix)


def parse_estimates(
    arrays: Mapping[str, Any], path: str | PathLike[str]
) -> BodyEstimates:
    """Bodies from arrays.

    Args:
        arrays: ``frame_ids [T]``; ``global_orient [T, 3]`` and ``body_pose
            [T, 69]`` or ``[T, 63]`` (SMPL-X: hands are straight) as
            axis-angle, or ``[T, 3, 3]`` and ``[T, 23, 3, 3]`` as matrices;
            ``betas [T, 10]`` or ``[10]``; and a place: ``transl [T, 3]`` (m,
            camera frame) with maybe ``cam_intrinsics [3, 3]`` or ``[T, 3,
            3]`` (px), or ``camera [T, 3]``, weak perspective (s, tx, ty) in
            the square ``bbox [T, 4]`` (x1, y1, x2, y2), px. Maybe ``body``:
            ``'smpl'`` (default), ``'smplx'`` or ``'open'``.
        path: Their file, for messages.

    Raises:
        InputError: See :func:`read_estimates`.
    """
    ids = _numbers(arrays, 'frame_ids', path)
    if ids.dim() != 1 or not len(ids) or (ids.diff() <= 0).any():
        problem = 'is no list of rising frame numbers'
        raise InputError(path, 'frame_ids', problem, FIX)
    count = len(ids)
    orient = _rotations(arrays, 'global_orient', 1, count, path)
    body = _rotations(arrays, 'body_pose', _JOINTS - 1, count, path)
    betas = _numbers(arrays, 'betas', path)
    if betas.dim() == 1:
        betas = betas.expand(count, -1)
    if betas.shape != (count, _BETAS):
        raise _shape(path, 'betas', betas, f'[{count}, {_BETAS}]')
    kind = str(np.asarray(arrays.get('body', ''))) or BODIES[0]
    if kind not in BODIES:
        fix = f'write one of {", ".join(BODIES)}'
        raise InputError(path, 'body', f'is {kind!r}', fix)
    transl, intrinsics, crops = _place(arrays, count, path)
    params = SMPLParams(orient[:, 0], body, betas.contiguous(), transl)
    return BodyEstimates(ids.long(), params, intrinsics, crops, kind)


def _gvhmr(content: Any, path: Path) -> BodyEstimates:
    """GVHMR: SMPL-X in the camera's axes, and its intrinsics."""
    part = 'smpl_params_incam'
    found = content.get(part) if isinstance(content, Mapping) else None
    if not isinstance(found, Mapping):
        fix = f"give GVHMR's hmr4d_results.pt, or an .npz; {FIX}"
        raise InputError(path, part, 'is absent', fix)
    arrays = {'body': 'smplx', **found}
    if 'K_fullimg' in content:
        arrays['cam_intrinsics'] = content['K_fullimg']
    if 'global_orient' in arrays:
        arrays['frame_ids'] = np.arange(len(arrays['global_orient']))
    return parse_estimates(arrays, path)


def sample_estimates(
    estimates: BodyEstimates,
    frame_ids: Tensor,
    rate: float,
    where: str | PathLike[str],
) -> BodyEstimates:
    """Bodies of other frames, interpolated between the nearest ones.

    Args:
        estimates: Of the person.
        frame_ids: Wanted frames ``[N]``, rising.
        rate: Frame numbers per second.
        where: Their file, for messages.

    Raises:
        InputError: If a wanted frame is farther than half a second from the
            estimates around it.
    """
    at, own = estimates.positions(frame_ids), estimates.frame_ids
    around = torch.stack((own[at.floor().long()], own[at.ceil().long()]))
    far = (around - frame_ids).abs().amin(dim=0) > _LONGEST_GAP * rate
    if far.any():
        frame = int(frame_ids[far][0])
        problem = f'{int(far.sum())} of {len(far)} frames have none near'
        fix = f'estimate all frames of the person, first {frame}'
        raise InputError(where, 'frame_ids', problem, fix)
    params = estimates.params
    return BodyEstimates(
        frame_ids,
        SMPLParams.from_pose(
            sample_rotations(params.pose, at),
            between(params.betas, at),
            None if params.transl is None else between(params.transl, at),
        ),
        None if (k := estimates.intrinsics) is None else between(k, at),
        None if (c := estimates.crops) is None else between(c, at),
        estimates.body,
    )


def between(values: Tensor, at: Tensor) -> Tensor:
    """Linear interpolation.

    Args:
        values: ``[T, ...]``.
        at: Fractional positions ``[N]`` in ``[0, T - 1]``.

    Returns:
        ``[N, ...]``.
    """
    low = at.floor().long()
    high = (low + 1).clamp(max=len(values) - 1)
    share = (at - low).to(values).reshape(-1, *[1] * (values.dim() - 1))
    return torch.lerp(values[low], values[high], share)


def _numbers(
    arrays: Mapping[str, Any], field: str, path: str | PathLike[str]
) -> Tensor:
    """A field as finite floats."""
    if field not in arrays:
        raise InputError(path, field, 'is absent', FIX)
    try:
        value = torch.as_tensor(np.asarray(arrays[field], np.float64))
    except (TypeError, ValueError) as error:
        raise InputError(path, field, 'is no array', FIX) from error
    if not value.isfinite().all():
        fix = 'leave out frames without a body'
        raise InputError(path, field, 'is not finite', fix)
    return value.float()


def _rotations(
    arrays: Mapping[str, Any],
    field: str,
    joints: int,
    count: int,
    path: str | PathLike[str],
) -> Tensor:
    """Rotation matrices ``[T, J, 3, 3]`` of axis-angle or of matrices."""
    value = _numbers(arrays, field, path)
    if value.numel() == count * joints * 9:
        matrices = value.reshape(count, joints, 3, 3)
        eye = torch.eye(3)
        if not torch.allclose(matrices.mT @ matrices, eye, atol=1e-3):
            fix = 'give rotation matrices or axis-angle vectors'
            raise InputError(path, field, 'has no rotations', fix)
        return matrices
    if joints > 1 and value.shape == (count, 63):
        value = torch.nn.functional.pad(value, (0, 6))
    if value.numel() != count * joints * 3:
        want = f'[{count}, {3 * joints}] or [{count}, {joints}, 3, 3]'
        raise _shape(path, field, value, want)
    return axis_angle_to_matrix(value.reshape(count, joints, 3))


def _place(
    arrays: Mapping[str, Any], count: int, path: str | PathLike[str]
) -> tuple[Tensor | None, Tensor | None, Tensor | None]:
    """Translation ``[T, 3]`` and intrinsics, or weak camera and box."""
    if 'transl' in arrays:
        transl = _of_frames(arrays, 'transl', (3,), count, path)
        if not (transl[:, 2] > 0).all():
            fix = 'give metres in the axes of the camera, z forward'
            raise InputError(path, 'transl', 'is behind the camera', fix)
        if 'cam_intrinsics' not in arrays:
            return transl, None, None
        intrinsics = _of_frames(arrays, 'cam_intrinsics', (3, 3), count, path)
        return transl, intrinsics, None
    camera = _of_frames(arrays, 'camera', (3,), count, path)
    boxes = _of_frames(arrays, 'bbox', (4,), count, path)
    size = boxes[:, 2:] - boxes[:, :2]
    if not torch.allclose(size[:, 0], size[:, 1], rtol=0.01):
        fix = 'give the square boxes of the crops, x1, y1, x2, y2'
        raise InputError(path, 'bbox', 'is not square', fix)
    if not (camera[:, 0] > 0).all():
        fix = 'give (s, tx, ty) with a positive scale'
        raise InputError(path, 'camera', 'has a scale of 0 or less', fix)
    return None, None, torch.cat((camera, boxes), dim=1)


def _of_frames(
    arrays: Mapping[str, Any],
    field: str,
    shape: tuple[int, ...],
    count: int,
    path: str | PathLike[str],
) -> Tensor:
    value = _numbers(arrays, field, path)
    if tuple(value.shape) == shape:
        value = value.expand(count, *shape).clone()
    if tuple(value.shape) != (count, *shape):
        raise _shape(path, field, value, str([count, *shape]))
    return value


def _shape(
    path: str | PathLike[str], field: str, value: Tensor, want: str
) -> InputError:
    problem = f'has shape {list(value.shape)}, expected {want}'
    return InputError(path, field, problem, FIX)
