"""Sources of the keypoints of each convention.

Each convention has a list of sources. A keypoint is taken, by name, from the
first source that has it:

=========== =========================================================
joints      SMPL's 24 joints, by forward kinematics
h36m        rows of the body's ``h36m_17`` regressor
coco        rows of the body's ``coco_23`` regressor
extra       rows of the body's ``extra`` regressor
vertices    single vertices of the body (``vertex_ids``)
middle      mean of two others of the same convention (``DERIVED``)
=========== =========================================================

The open body has every source. Official SMPL has joints and vertices; its
``h36m`` needs ``J_regressor_h36m.npy``, ``coco`` needs a regressor given by
the user. Without one COCO's limbs are SMPL's joints, as in SPIN, BOA and
CycleAdapt.

``neck`` and ``pelvis`` of a detector's convention are the middle of its
shoulders and hips, as in the detectors' training data; SMPL's joints of that
name are in ``smpl_24`` and ``cycleadapt_29``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

_DETECTED = ('coco', 'vertices', 'middle', 'joints')


@dataclass(frozen=True)
class Recipe:
    """Sources of a convention's keypoints.

    Attributes:
        sources: Sources, in order of preference.
        rename: Keypoint to its name in the sources, if it differs.
    """

    sources: tuple[str, ...]
    rename: Mapping[str, str] = field(default_factory=dict)


RECIPES: dict[str, Recipe] = {
    'smpl_24': Recipe(('joints',)),
    # CycleAdapt: SMPL's joints and five vertices of the face.
    'cycleadapt_29': Recipe(('joints', 'vertices')),
    'h36m_17': Recipe(('h36m',)),
    'h36m_14': Recipe(('h36m',)),
    # MPI-INF-3DHP is evaluated with Human3.6M's regressor, as in SPIN.
    'mpi_inf_3dhp_17': Recipe(
        ('h36m',), {'neck': 'h36m_neck', 'pelvis': 'h36m_pelvis'}
    ),
    'coco_17': Recipe(_DETECTED),
    'coco_23': Recipe(_DETECTED),
    'limbs_12': Recipe(_DETECTED),
    'openpose_18': Recipe(_DETECTED),
    'openpose_25': Recipe(_DETECTED),
    'openpose_25b': Recipe(_DETECTED),
    'halpe_26': Recipe(_DETECTED),
    'blazepose_33': Recipe(('coco', 'extra', 'vertices', 'joints')),
}

SMPL_VERTEX_IDS: dict[str, int] = {
    'nose': 331,
    'left_eye': 2802,
    'right_eye': 6262,
    'left_ear': 3489,
    'right_ear': 3990,
    'head_top': 411,
    'left_big_toe': 3216,
    'left_small_toe': 3226,
    'left_heel': 3387,
    'right_big_toe': 6617,
    'right_small_toe': 6624,
    'right_heel': 6787,
    'left_thumb_4': 2746,
    'left_index_4': 2319,
    'left_middle_4': 2445,
    'left_ring_4': 2556,
    'left_pinky_4': 2673,
    'right_thumb_4': 6191,
    'right_index_4': 5782,
    'right_middle_4': 5905,
    'right_ring_4': 6016,
    'right_pinky_4': 6133,
}
"""Official SMPL's vertices (face: CycleAdapt's; others: common usage)."""
SMPL_VERTICES = 6890
