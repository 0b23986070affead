"""Splits of the motions into training, dev and test, defined here only.

CMU clips are split by clip: the file's own ``test`` folder and one more clip
of an action that has none there are the test split; dev is taken from the
file's ``train``. CMU's subjects are split by trial. Open captures (pybullet)
exist once per label: dev and test contain restyled versions (see
:mod:`.restyle`), whose names contain the split. KayKit's animations are for
training only.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ...models.bodies import SMPLBody
from ...training_data import MotionClip
from ...utils.package_data import fetch_known, known_files
from .cmu import read_cmu_npz
from .cmu_subjects import read_cmu_subjects
from .kaykit import read_kaykit
from .procedural import ACTIONS, Split, Style, make_clip
from .pybullet import read_pybullet
from .restyle import restyle

DEV_CLIPS = frozenset(
    f'train/{name}'
    for name in (
        'basketball/basketball_5',
        'basketball_signal/basketball_signal_4',
        'jumping/jumping_5',
        'running/running_5',
        'soccer/soccer_5',
        'walking/walking_5',
        'walking_extra/walking_13',
        'walking_extra/walking_24',
        'walking_extra/walking_38',
    )
)
"""CMU clips of the dev split."""

EXTRA_TEST_CLIPS = frozenset({'train/basketball_signal/basketball_signal_5'})
"""CMU clips of the test split beside the file's ``test``."""

HELD_OUT_TRIALS: dict[Split, frozenset[str]] = {
    'dev': frozenset({'03_01'}),
    'test': frozenset({'02_02'}),
}
"""Trials of CMU's subjects outside training. 02_01 is not one of them: the
subset as exponential maps contains it, as ``train/walking/walking_1``."""


def cmu_split(name: str) -> Split:
    """Split of a CMU clip.

    Args:
        name: As :func:`read_cmu_npz` names it, ``'cmu/split/action/clip'``.
    """
    key = name.removeprefix('cmu/')
    if key.startswith('test/') or key in EXTRA_TEST_CLIPS:
        return 'test'
    return 'dev' if key in DEV_CLIPS else 'train'


def cmu_clips(
    path: Path, split: Split, rest_joints: np.ndarray | None = None
) -> list[MotionClip]:
    """CMU clips of one split, at the file's 60 fps.

    Args:
        path: The subset as exponential maps (npz).
        split: Split of the clips.
        rest_joints: SMPL's rest joints ``[24, 3]``, m; None uses the open
            body's.

    Raises:
        InputError: If the file is bad.
    """
    clips = read_cmu_npz(path, _rest(rest_joints))
    return [clip for clip in clips if cmu_split(clip.name) == split]


def cmu_subject_clips(
    path: Path, split: Split, rest_joints: np.ndarray | None = None
) -> list[MotionClip]:
    """Spans of CMU's subjects of one split, at 30 fps.

    Args:
        path: Folder or tar file, see :func:`.read_cmu_subjects`.
        split: Split of the trials.
        rest_joints: As in :func:`cmu_clips`.

    Returns:
        Labelled and unlabelled clips; none if the files contain no trial of
        the split.

    Raises:
        InputError: If a file is bad.
    """
    return read_cmu_subjects(
        path, _rest(rest_joints), lambda t: cmu_subjects_split(t) == split
    )


def cmu_subjects_split(trial: str) -> Split:
    """Split of a trial of CMU's subjects, e.g. ``'02_01'``."""
    for split, trials in HELD_OUT_TRIALS.items():
        if trial in trials:
            return split
    return 'train'


def kaykit_clips(
    folder: Path,
    split: Split,
    seconds: float = 6.0,
    rest_joints: np.ndarray | None = None,
) -> list[MotionClip]:
    """KayKit's animations, which are not captured: for training only.

    Args:
        folder: Folder of the ``.glb`` files.
        split: Split; the others than training have none.
        seconds: Loops are tiled to it.
        rest_joints: As in :func:`cmu_clips`.

    Raises:
        InputError: If a file is bad.
        MissingDependencyError: If pygltflib is not installed.
    """
    if split != 'train':
        return []
    clips = read_kaykit(folder, _rest(rest_joints))
    return [clip.tiled(round(seconds * clip.fps)) for clip in clips]


def pybullet_clips(rest_joints: np.ndarray | None = None) -> list[MotionClip]:
    """The labelled captures of the pybullet package, at 30 fps.

    Raises:
        InputError: If a file cannot be fetched.
    """
    rest = _rest(rest_joints)
    names = [n for n in known_files() if n.startswith('pybullet/')]
    return [
        read_pybullet(fetch_known(name), rest).resampled(30.0)
        for name in names
    ]


def open_clips(
    split: Split,
    seed: int,
    per_label: int = 8,
    seconds: float = 6.0,
    fps: float = 30.0,
    rest_joints: np.ndarray | None = None,
) -> list[MotionClip]:
    """Open motions: pybullet's captures and procedural ones.

    Args:
        split: Training also contains the captures as they are; the other
            splits contain performances with styles outside training's.
        seed: Seed of styles; with ``split`` it determines the result.
        per_label: Performances of each label.
        seconds: Duration of procedural clips; loops are tiled to it.
        fps: Frames per second.
        rest_joints: As in :func:`cmu_clips`.

    Raises:
        InputError: If a file cannot be fetched.
    """
    number = ('train', 'dev', 'test').index(split)
    rng = np.random.default_rng([seed, number])
    captures = [
        clip.tiled(round(seconds * clip.fps)).resampled(fps)
        for clip in pybullet_clips(rest_joints)
    ]
    clips = list(captures) if split == 'train' else []
    for clip in captures:
        clips += [restyle(clip, Style(split, rng)) for _ in range(per_label)]
    for label in ACTIONS:
        clips += [
            make_clip(label, rng, seconds, fps, split)
            for _ in range(per_label)
        ]
    return clips


def _rest(rest_joints: np.ndarray | None) -> np.ndarray:
    if rest_joints is not None:
        return rest_joints
    return SMPLBody().joint_template.numpy()
