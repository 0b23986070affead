"""Building a dictionary from motions and a text encoder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike
from pathlib import Path
from types import MappingProxyType

import numpy as np
from scipy.spatial.transform import Rotation

from ...geometry.resampling import MOTION_RATE
from ...models.motion_text.dictionary_file import FRAMES, write_dictionary
from ...models.motion_text.labels import normalise
from ...models.motion_text.text import TextEncoder
from ...training_data import MotionClip
from ...utils import InputError

REDISTRIBUTABLE = ('pybullet', 'procedural')
"""Sources whose licence allows their motions to be redistributed."""

RELATED: Mapping[str, str] = MappingProxyType(
    {
        'direct traffic': 'point at something',
        'kick a soccer ball': 'kick',
        'make basketball signals': 'point at something',
        'play basketball': 'run',
    }
)
"""Labels with motions in CMU only, to the label whose exemplar they use.

Only the exemplar's global rotation is used (an upright person with a constant
heading), so a related action is sufficient.
"""


def build_dictionary(
    path: str | PathLike[str],
    clips: Sequence[MotionClip],
    text: TextEncoder,
    encoder: str,
) -> Path:
    """Write the dictionary of the labels of some clips.

    Args:
        path: File to write.
        clips: Training motions; the first redistributable one of a label is
            its exemplar, from its first frame. Unlabelled ones are skipped.
        text: Text encoder.
        encoder: Its name.

    Returns:
        The file.

    Raises:
        InputError: If there is no label, or a label has no exemplar and no
            related label with one.
    """
    labels = sorted({normalise(c.label) for c in clips if c.labelled})
    if not labels:
        fix = 'give labelled motions'
        raise InputError('dictionary', 'label', 'no motion has one', fix)
    firsts = _first_clips(clips)
    owners = [_owner(label, firsts) for label in labels]
    chosen = [firsts[owner].resampled(MOTION_RATE) for owner in owners]
    exemplars: dict[str, list] = {
        'exemplar': owners,
        'source': [clip.name for clip in chosen],
        'length': [min(len(clip), FRAMES) for clip in chosen],
    }
    rotvec = np.stack([_rotvec(clip) for clip in chosen])
    embedding = text.encode(labels).numpy()
    return write_dictionary(
        path, labels, embedding, encoder, exemplars, rotvec
    )


def _first_clips(clips: Sequence[MotionClip]) -> dict[str, MotionClip]:
    firsts: dict[str, MotionClip] = {}
    for clip in clips:
        if clip.source in REDISTRIBUTABLE:
            firsts.setdefault(normalise(clip.label), clip)
    return firsts


def _owner(label: str, firsts: Mapping[str, MotionClip]) -> str:
    for owner in (label, RELATED.get(label, '')):
        if owner in firsts:
            return owner
    raise InputError(
        'dictionary',
        label,
        'has no motion with a redistributable licence, nor a related label',
        'add it to RELATED in preparation/dictionary/build.py',
    )


def _rotvec(clip: MotionClip) -> np.ndarray:
    """Axis-angle ``[60, 24, 3]``; the last frame of a short clip is held."""
    at = np.minimum(np.arange(FRAMES), len(clip) - 1)
    flat = clip.pose[at].reshape(-1, 3, 3)
    turns = Rotation.from_matrix(flat).as_rotvec()
    return turns.reshape(FRAMES, -1, 3)
