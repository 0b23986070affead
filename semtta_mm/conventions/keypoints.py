"""One table maps every keypoint convention by name.

Joints that share a name are treated as the same joint, as SPIN, BOA and
CycleAdapt do (a COCO hip and a SMPL hip are some centimetres apart). A joint
that differs from another of a similar name has its own name: ``pelvis`` is
SMPL's joint or the mean of two hips, ``head`` SMPL's head joint, ``head_top``
the top of the head, ``h36m_*`` a joint of Human3.6M's regressor.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .human_data import HUMAN_DATA_190
from .smpl import SMPL_JOINTS


def _sides(*names: str, first: str = 'left') -> tuple[str, ...]:
    """``('eye',)`` to ``('left_eye', 'right_eye')``, pair by pair."""
    order = ('left', 'right') if first == 'left' else ('right', 'left')
    return tuple(f'{side}_{name}' for name in names for side in order)


def _limb(side: str, *names: str) -> tuple[str, ...]:
    return tuple(f'{side}_{name}' for name in names)


_FACE = ('left_eye', 'right_eye', 'left_ear', 'right_ear')
_COCO_17 = ('nose', *_FACE) + _sides(
    'shoulder', 'elbow', 'wrist', 'hip', 'knee', 'ankle'
)
_FEET = _limb('left', 'big_toe', 'small_toe', 'heel') + _limb(
    'right', 'big_toe', 'small_toe', 'heel'
)
_ARM = ('shoulder', 'elbow', 'wrist')
_LEG = ('hip', 'knee', 'ankle')
_EYES_EARS = _sides('eye', 'ear', first='right')
_FINGERS = ('thumb', 'index', 'middle', 'ring', 'pinky')


def _hand_40(side: str) -> tuple[str, ...]:
    """Four joints a finger, without the wrist."""
    return tuple(f'{side}_{f}_{i}' for f in _FINGERS for i in (1, 2, 3, 4))


def _hand_21(side: str) -> tuple[str, ...]:
    return (f'{side}_hand_root', *_hand_40(side))


CONVENTIONS: dict[str, tuple[str, ...]] = {
    'smpl_24': SMPL_JOINTS,
    # CycleAdapt: SMPL's joints plus five vertices of the face.
    'cycleadapt_29': SMPL_JOINTS + ('nose', *_FACE),
    'coco_17': _COCO_17,
    'coco_23': _COCO_17 + _FEET,
    'coco_wholebody_133': _COCO_17
    + _FEET
    + tuple(f'face_{i}' for i in range(68))
    + _hand_21('left')
    + _hand_21('right'),
    'openpose_18': ('nose', 'neck')
    + _limb('right', *_ARM)
    + _limb('left', *_ARM)
    + _limb('right', *_LEG)
    + _limb('left', *_LEG)
    + _EYES_EARS,
    'openpose_25': ('nose', 'neck')
    + _limb('right', *_ARM)
    + _limb('left', *_ARM)
    + ('pelvis',)
    + _limb('right', *_LEG)
    + _limb('left', *_LEG)
    + _EYES_EARS
    + _FEET,
    'openpose_25b': _COCO_17 + ('neck', 'head_top') + _FEET,
    'openpose_135': _COCO_17
    + ('neck', 'head_top')
    + _FEET
    + _hand_40('left')
    + _hand_40('right')
    + tuple(f'face_{i}' for i in range(70)),
    'halpe_26': _COCO_17
    + ('head_top', 'neck', 'pelvis')
    + _sides('big_toe', 'small_toe', 'heel'),
    # Order of CycleAdapt's regressor; SPIN's has the left leg first, and is
    # sorted when it is read (models/bodies/h36m_rows.py).
    'h36m_17': (
        'h36m_pelvis',
        *_limb('right', *_LEG),
        *_limb('left', *_LEG),
        'h36m_spine',
        'h36m_neck',
        'h36m_nose',
        'head_top',
        *_limb('left', *_ARM),
        *_limb('right', *_ARM),
    ),
    # The 14 evaluation joints of SPIN, BOA and CycleAdapt: a subset of
    # h36m_17, in its order.
    'h36m_14': (
        *_limb('right', *_LEG),
        *_limb('left', *_LEG),
        'h36m_neck',
        'head_top',
        *_limb('left', *_ARM),
        *_limb('right', *_ARM),
    ),
    'limbs_12': _sides('shoulder', 'elbow', 'wrist', 'hip', 'knee', 'ankle'),
    'mpi_inf_3dhp_17': (
        'head_top',
        'neck',
        *_limb('right', *_ARM),
        *_limb('left', *_ARM),
        *_limb('right', *_LEG),
        *_limb('left', *_LEG),
        'pelvis',
        'h36m_spine',
        'h36m_nose',
    ),
    'blazepose_33': (
        'nose',
        *_limb('left', 'eye_inner', 'eye', 'eye_outer'),
        *_limb('right', 'eye_inner', 'eye', 'eye_outer'),
        *_sides('ear', 'mouth'),
        *_sides('shoulder', 'elbow', 'wrist', 'pinky_1', 'index_1', 'thumb_2'),
        *_sides('hip', 'knee', 'ankle', 'heel', 'big_toe'),
    ),
    'human_data_190': HUMAN_DATA_190,
}

DERIVED: dict[str, tuple[str, str]] = {
    'neck': ('left_shoulder', 'right_shoulder'),
    'pelvis': ('left_hip', 'right_hip'),
}
"""Points that may be computed as the middle of two others."""


def keypoint_names(convention: str) -> tuple[str, ...]:
    """Names of a convention's keypoints, in order.

    Raises:
        ValueError: If the convention is unknown; the message lists all.
    """
    if convention not in CONVENTIONS:
        known = ', '.join(CONVENTIONS)
        raise ValueError(
            f'unknown keypoint convention {convention!r}; known: {known}'
        )
    return CONVENTIONS[convention]


def keypoint_index(convention: str, names: Sequence[str]) -> list[int]:
    """Positions of ``names`` in a convention.

    Raises:
        ValueError: If a name is not part of the convention.
    """
    table = keypoint_names(convention)
    missing = [name for name in names if name not in table]
    if missing:
        raise ValueError(f'{convention} has no keypoint {missing}')
    return [table.index(name) for name in names]


def flip_index(convention: str) -> list[int]:
    """Index that swaps left and right: ``flipped = keypoints[index]``."""
    table = keypoint_names(convention)

    def other(name: str) -> str:
        if name.startswith('left_'):
            return 'right_' + name.removeprefix('left_')
        if name.startswith('right_'):
            return 'left_' + name.removeprefix('right_')
        return name

    return [table.index(other(name)) for name in table]


def convert_keypoints(
    keypoints: NDArray[Any],
    scores: NDArray[Any],
    source: str,
    target: str,
    derive: bool = True,
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Reorder keypoints from one convention to another, by name.

    Args:
        keypoints: ``[T, K, D]``, any unit.
        scores: Confidence ``[T, K]``; 0 means missing.
        source: Convention of the input.
        target: Convention of the output.
        derive: Compute ``neck`` and ``pelvis`` as the middle of shoulders
            and hips where the source lacks them. The score is the lower of
            the two, so the point is missing if one parent is missing.

    Returns:
        Keypoints ``[T, K', D]`` and scores ``[T, K']``; keypoints that the
        source lacks are 0 with score 0.
    """
    names = keypoint_names(source)
    if keypoints.shape[1] != len(names):
        raise ValueError(
            f'{source} has {len(names)} keypoints, got {keypoints.shape[1]}'
        )
    wanted = keypoint_names(target)
    shape = (len(keypoints), len(wanted))
    out = np.zeros((*shape, keypoints.shape[2]), keypoints.dtype)
    out_scores = np.zeros(shape, scores.dtype)
    for k, name in enumerate(wanted):
        parents = DERIVED.get(name, ())
        if name in names:
            out[:, k] = keypoints[:, names.index(name)]
            out_scores[:, k] = scores[:, names.index(name)]
        elif derive and parents and set(parents) <= set(names):
            both = [names.index(parent) for parent in parents]
            out[:, k] = keypoints[:, both].mean(axis=1)
            out_scores[:, k] = scores[:, both].min(axis=1)
    out[out_scores == 0] = 0
    return out, out_scores
