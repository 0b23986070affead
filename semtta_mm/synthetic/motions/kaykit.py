"""KayKit's character animations (CC0): made by hand, **not captured**.

The figure is stylised (large head, short limbs); only its rotations are used.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import numpy as np

from ...training_data import MotionClip
from ...utils import InputError
from .glb import GlbAnimations, read_glb
from .retarget import retarget

SOURCE = 'kaykit'
"""``MotionClip.source`` of these clips: not captured."""

FPS = 30.0
"""Rate of the clips."""

JOINT_MAP: Mapping[str, str] = MappingProxyType(
    {
        'pelvis': 'hips',
        'spine_1': 'spine',
        'spine_3': 'chest',
        'head': 'head',
    }
    | {
        f'{side}_{smpl}': f'{bone}.{side[0]}'
        for side in ('left', 'right')
        for smpl, bone in (
            ('hip', 'upperleg'),
            ('knee', 'lowerleg'),
            ('ankle', 'foot'),
            ('foot', 'toes'),
            ('shoulder', 'upperarm'),
            ('elbow', 'lowerarm'),
            ('wrist', 'wrist'),
        )
    }
)
"""SMPL joint to node; the other joints follow their parents."""

LABELS: Mapping[str, str] = MappingProxyType(
    {
        'Cheering': '',
        'Crawling': 'crawl',
        'Crouching': '',
        'Idle_A': '',
        'Idle_B': '',
        'Interact': '',
        'Jump_Full_Long': '',
        'Jump_Full_Short': '',
        'Lie_Down': '',
        'Lie_Idle': '',
        'Lie_StandUp': 'get up from lying',
        'Melee_1H_Attack_Chop': '',
        'Melee_1H_Attack_Slice_Diagonal': '',
        'Melee_1H_Attack_Slice_Horizontal': '',
        'Melee_1H_Attack_Stab': '',
        'Melee_2H_Attack_Chop': '',
        'Melee_2H_Attack_Slice': '',
        'Melee_Unarmed_Attack_Kick': 'kick',
        'Melee_Unarmed_Attack_Punch_A': 'punch',
        'Melee_Unarmed_Idle': '',
        'PickUp': '',
        'Push_Ups': '',
        'Running_A': '',
        'Running_B': '',
        'Sit_Chair_Down': '',
        'Sit_Chair_Idle': 'sit',
        'Sit_Chair_StandUp': '',
        'Sit_Floor_Down': '',
        'Sit_Floor_Idle': 'sit',
        'Sit_Floor_StandUp': '',
        'Sit_Ups': '',
        'Sneaking': '',
        'Throw': '',
        'Use_Item': '',
        'Walking_A': '',
        'Walking_B': '',
        'Walking_Backwards': '',
        'Walking_C': '',
        'Waving': 'wave a hand',
    }
)
"""Animations of human actions, and their labels; ``''``: unlabelled.

Poses, falls, parts of a jump and fantasy (magic, skeletons) are not used.
Standing, walking, running and jumping hold the arms far from the body and
have captures from elsewhere: their animations are left unlabelled.
"""

LOOP_DEGREES = 3.0
"""An animation loops if no joint differs more between its ends."""

_FIX = "give a folder of KayKit's .glb files"


def read_kaykit(folder: Path, rest_joints: np.ndarray) -> list[MotionClip]:
    """The animations of :data:`LABELS` in the files of a folder.

    Args:
        folder: Folder with ``.glb`` files of KayKit's medium rig.
        rest_joints: SMPL's rest joints ``[24, 3]``, m.

    Returns:
        Clips named ``kaykit/animation``, at :data:`FPS`, in order of names.

    Raises:
        InputError: If the folder contains none of the animations, or a file
            is broken or of another skeleton.
        MissingDependencyError: If pygltflib is not installed.
    """
    clips: dict[str, MotionClip] = {}
    for path in sorted(folder.glob('*.glb')):
        animations = read_glb(path)
        absent = set(JOINT_MAP.values()) - set(animations.skeleton.names)
        if absent:
            problem = f'has no {sorted(absent)}'
            raise InputError(path, 'nodes', problem, _FIX)
        for full in animations.tracks:
            name = full.rsplit('|', 1)[-1]
            if name in LABELS:
                clips[name] = _clip(name, full, animations, rest_joints)
    if not clips:
        problem = 'contains none of the animations'
        raise InputError(folder, 'file', problem, _FIX)
    return [clips[name] for name in sorted(clips)]


def _clip(
    name: str, full: str, animations: GlbAnimations, rest_joints: np.ndarray
) -> MotionClip:
    world = animations.world_rotations(full, FPS)
    loops = _largest_turn(world[0], world[-1]) < np.radians(LOOP_DEGREES)
    pose = retarget(world, animations.skeleton, JOINT_MAP, rest_joints)
    return MotionClip(
        name=f'{SOURCE}/{name}',
        label=LABELS[name],
        source=SOURCE,
        fps=FPS,
        # The last frame of a loop is the first one again.
        pose=pose[:-1] if loops else pose,
        loops=loops,
    )


def _largest_turn(first: np.ndarray, last: np.ndarray) -> float:
    """Largest angle between rotations ``[J, 3, 3]``, radians."""
    cosine = (np.einsum('jab,jab->j', first, last) - 1) / 2
    return float(np.arccos(np.clip(cosine, -1, 1)).max())
