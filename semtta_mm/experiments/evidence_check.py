"""Properties of a test set's 2D evidence, from its files alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from ..datasets.readers.test_set import TEST_SET_FIX, truth_path
from ..structures import PersonTrack
from ..utils import read_npz

Values = dict[str, float | None]


def evidence_values(
    evidence: Mapping[Path, Sequence[PersonTrack]],
) -> Values:
    """Properties of some tracks together.

    Keypoints that no track of the list has do not count: the detector does
    not have them.

    Args:
        evidence: Folder of a test set to some of its tracks, with detected
            evidence.

    Returns:
        - ``missing``: share of keypoints without a detection;
        - ``hidden``: share behind a thing or outside the image, None in sets
          that do not record it;
        - ``guessed``: share of these that have a detection;
        - ``error_px``, ``error_share``: mean error of the detected keypoints,
          also over the longer side of the box;
        - ``no_person``: share of frames without any keypoint;
        - ``covered``: share of the clips' frames that the tracks have.

    Raises:
        InputError: If a truth file cannot be read.
    """
    pairs = [(f, track) for f, tracks in evidence.items() for track in tracks]
    known = np.any([(t.scores > 0).any(axis=0) for _, t in pairs], axis=0)
    found, hidden, errors, sides = [], [], [], []
    frames = 0
    for folder, track in pairs:
        truth = read_npz(
            truth_path(folder, track.name), TEST_SET_FIX, ('keypoints',)
        )
        frames += len(truth['keypoints'])
        points = truth['keypoints'][track.frame_ids]
        error = np.linalg.norm(track.keypoints - points, axis=-1)
        side = (track.boxes[:, 2:] - track.boxes[:, :2]).max(axis=1)
        found.append((track.scores > 0)[:, known])
        errors.append(error[:, known])
        sides.append(np.broadcast_to(side[:, None], found[-1].shape))
        if 'occluded' in truth:
            away = truth['occluded'] | truth['outside']
            hidden.append(away[track.frame_ids][:, known])
    seen = np.concatenate(found)
    error = np.concatenate(errors)[seen]
    out: Values = {
        'missing': float(1 - seen.mean()),
        'hidden': None,
        'guessed': None,
        'error_px': float(error.mean()),
        'error_share': float((error / np.concatenate(sides)[seen]).mean()),
        'no_person': float((~seen.any(axis=1)).mean()),
        'covered': len(seen) / frames,
    }
    if hidden:
        away = np.concatenate(hidden)
        out['hidden'] = float(away.mean())
        if away.any():
            out['guessed'] = float(seen[away].mean())
    return out
