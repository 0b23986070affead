"""The paper's dictionary: BABEL's labels with exemplars of AMASS."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ...conventions import SMPL_JOINTS, SMPL_PARENTS
from ...datasets.amass import read_amass
from ...geometry import axis_angle_to_matrix
from ...models.bodies.lbs import forward_kinematics
from ...models.motion_text.dictionary_file import FRAMES, write_dictionary
from ...models.motion_text.labels import normalise
from ...models.motion_text.text import TextEncoder
from ...utils import InputError
from .babel import LabelledSequence, pieces, window_text

_ANKLE = SMPL_JOINTS.index('right_ankle')


def first_windows(
    sequences: Iterable[LabelledSequence], amass: Path
) -> tuple[dict[str, tuple[str, np.ndarray]], int]:
    """The first window of each label.

    A window is the first 60 frames of a piece of 100 (MotionCLIP takes
    random ones), so that the dictionary is reproducible.

    Args:
        sequences: Labelled sequences, in order; the first window of a
            label is taken.
        amass: Folder of AMASS.

    Returns:
        Label to source and axis-angle ``[60, 24, 3]``; and the number of
        sequences whose file is missing.
    """
    found: dict[str, tuple[str, np.ndarray]] = {}
    absent = 0
    for sequence in sequences:
        path = amass / sequence.file
        if not path.is_file():
            absent += 1
            continue
        motion = read_amass(path)
        if motion is None:
            continue
        turns, rate = motion
        texts = sequence.frame_texts(len(turns), rate)
        for piece in pieces(len(turns)):
            window = slice(piece.start, piece.start + FRAMES)
            label = normalise(window_text(texts[window]))
            if label and label not in found:
                source = f'{sequence.file}@{piece.start}'
                found[label] = (source, turns[window])
    return found, absent


def write_babel_dictionary(
    path: Path,
    sequences: Sequence[LabelledSequence],
    amass: Path,
    text: TextEncoder,
    encoder: str,
    rest_joints: Tensor,
) -> int:
    """Write the dictionary.

    Args:
        path: File to write.
        sequences: See :func:`first_windows`.
        amass: Folder of AMASS.
        text: Text encoder.
        encoder: Its name.
        rest_joints: Joints of a body at rest ``[24, 3]``, m, whose ankle
            gives the 25th row of MotionCLIP's frames.

    Returns:
        Number of sequences whose file is missing.

    Raises:
        InputError: If all sequences are missing, or a file is broken.
    """
    found, absent = first_windows(sequences, amass)
    if not found:
        problem = f'has none of the {absent} sequences that BABEL labels'
        fix = 'give the folder above CMU, KIT, ...: AMASS, SMPL+H G'
        raise InputError(amass, 'AMASS', problem, fix)
    labels = sorted(found)
    rotvec = np.stack([found[label][1] for label in labels])
    write_dictionary(
        path,
        labels,
        text.encode(labels).numpy(),
        encoder,
        {
            'exemplar': labels,
            'source': [found[label][0] for label in labels],
            'length': [FRAMES] * len(labels),
        },
        rotvec,
        np.stack([ankle_row(one, rest_joints) for one in rotvec]),
    )
    return absent


def ankle_row(rotvec: np.ndarray, rest_joints: Tensor) -> np.ndarray:
    """MotionCLIP's 25th row: the right ankle, relative to its first position.

    The official code intends the root's translation but reads this joint of a
    body without translation (reference, Sec. 4.4).

    Args:
        rotvec: Axis-angle ``[T, 24, 3]``.
        rest_joints: ``[24, 3]``, m.

    Returns:
        ``[T, 3]``, m.
    """
    pose = axis_angle_to_matrix(torch.from_numpy(rotvec).float())
    rest = rest_joints.expand(len(pose), -1, -1)
    ankle = forward_kinematics(pose, rest, SMPL_PARENTS)[1][:, _ANKLE]
    return (ankle - ankle[:1]).numpy()
