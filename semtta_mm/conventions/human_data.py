"""mmhuman3d's HumanData: 190 slots, several of them for one joint.

The slots keep mmhuman3d's order (0.11.0, Apache-2.0). A slot whose joint has
a name elsewhere in our table carries that name; the 68 points of the face
are ``human_data_{slot}``. HumanData stores the hip of COCO, of
OpenPose and of SMPL in three slots, so :data:`HUMAN_DATA_ALTERNATES` lists
the slots that may replace a named joint.
"""

from .smpl import SMPL_JOINTS

_HAND = tuple(
    f'{finger}_{i}'
    for finger in ('index', 'middle', 'pinky', 'ring', 'thumb')
    for i in (1, 2, 3)
)
# Tips count as the fourth joint of a finger, as in COCO-WholeBody.
_TIPS = tuple(f'{f}_4' for f in ('thumb', 'index', 'middle', 'ring', 'pinky'))
_FOOT = ('big_toe', 'small_toe', 'heel')
_NUM_FACE = 68


def _both(names: tuple[str, ...]) -> tuple[str, ...]:
    """All of the left, then all of the right."""
    return tuple(f'{side}_{n}' for side in ('left', 'right') for n in names)


def _extra() -> tuple[str, ...]:
    """Joints of SPIN's ``J_regressor_extra``, without the top of the head."""
    return (
        'right_hip_extra',
        'left_hip_extra',
        'neck_extra',
        'head_top',
        'pelvis_extra',
        'thorax_extra',
        'spine_extra',
        'jaw_extra',
        'head_extra',
    )


def _openpose() -> tuple[str, ...]:
    arm, leg = ('shoulder', 'elbow', 'wrist'), ('hip', 'knee', 'ankle')
    names = (
        'nose',
        'neck',
        *(f'right_{n}' for n in arm),
        *(f'left_{n}' for n in arm),
        'pelvis',
        *(f'right_{n}' for n in leg),
        *(f'left_{n}' for n in leg),
        'right_eye',
        'left_eye',
        'right_ear',
        'left_ear',
        *_both(_FOOT),
    )
    return tuple(f'{name}_openpose' for name in names)


_SPIN_3DHP = (
    'spine_4_3dhp',
    *_both(('clavicle_3dhp',)),
    *_both(('hand_3dhp',)),
    *_both(('toe_3dhp',)),
)

_BEFORE_FACE = (
    SMPL_JOINTS[:22]
    + ('jaw', 'left_eyeball', 'right_eyeball')
    + _both(_HAND)
    + ('nose', 'right_eye', 'left_eye', 'right_ear', 'left_ear')
    + _both(_FOOT)
    + _both(_TIPS)
)

HUMAN_DATA_190: tuple[str, ...] = (
    _BEFORE_FACE
    + tuple(f'human_data_{len(_BEFORE_FACE) + i}' for i in range(_NUM_FACE))
    + _extra()
    + _openpose()
    + _SPIN_3DHP
    + ('head_h36m', 'headtop_h36m', 'head_bottom_pt')
    + ('left_hand', 'right_hand')
)
"""Names of the 190 slots, in order."""


def _alternates() -> dict[str, tuple[str, ...]]:
    table = {}
    for name in HUMAN_DATA_190:
        others = tuple(
            other
            for other in (f'{name}_openpose', f'{name}_extra', f'{name}_3dhp')
            if other in HUMAN_DATA_190
        )
        # SPIN's "head" is a point of the face, SMPL's the top of the neck.
        if others and name != 'head':
            table[name] = others
    table['head_top'] = ('headtop_h36m',)
    return table


HUMAN_DATA_ALTERNATES: dict[str, tuple[str, ...]] = _alternates()
"""Slots that may replace a joint, the preferred one first."""

_HIPS = {f'{side}_hip': f'{side}_hip_extra' for side in ('left', 'right')}
_H36M = {
    **_HIPS,
    'h36m_pelvis': 'pelvis_extra',
    'h36m_spine': 'spine_extra',
    'h36m_neck': 'neck_extra',
    'h36m_nose': 'head_extra',
}
_SLOTS: dict[str, dict[str, str]] = {
    'smpl_24': {},
    'cycleadapt_29': {},
    'coco_wholebody_133': {},
    'human_data_190': {},
    'coco_17': _HIPS,
    'coco_23': _HIPS,
    'limbs_12': _HIPS,
    'halpe_26': _HIPS,
    'h36m_17': _H36M,
    'h36m_14': _H36M,
    'mpi_inf_3dhp_17': _H36M
    | {'neck': 'neck_extra', 'pelvis': 'pelvis_extra'},
    **{
        name: {
            slot.removesuffix('_openpose'): slot
            for slot in HUMAN_DATA_190
            if slot.endswith('_openpose')
        }
        for name in ('openpose_18', 'openpose_25')
    },
}
"""Convention to {joint: slot}, for joints that have several slots."""


def human_data_slots(
    convention: str, names: tuple[str, ...]
) -> dict[int, int]:
    """Slots in which mmhuman3d's ``convert_kps`` stores keypoints.

    Args:
        convention: Name of the convention.
        names: Its keypoints, in order.

    Returns:
        Position in the convention to slot; keypoints without one (the face's
        outline) are left out.

    Raises:
        ValueError: If no slots are known for the convention.
    """
    if convention not in _SLOTS:
        known = ', '.join(_SLOTS)
        raise ValueError(f'HumanData has {known}, not {convention!r}')
    table = _SLOTS[convention]
    slots = {name: i for i, name in enumerate(HUMAN_DATA_190)}
    found = {i: table.get(name, name) for i, name in enumerate(names)}
    return {i: slots[name] for i, name in found.items() if name in slots}
