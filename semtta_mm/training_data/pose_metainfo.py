"""Meta information of a keypoint convention, as mmpose's data sets have it."""

from __future__ import annotations

from typing import Any

from ..conventions import flip_index, keypoint_names

_UPPER = ('nose', 'eye', 'ear', 'shoulder', 'elbow', 'wrist')
# COCO's and, for the feet, COCO-WholeBody's (their left side).
_SIGMAS = {
    'nose': 0.026,
    'eye': 0.025,
    'ear': 0.035,
    'shoulder': 0.079,
    'elbow': 0.072,
    'wrist': 0.062,
    'hip': 0.107,
    'knee': 0.087,
    'ankle': 0.089,
    'big_toe': 0.068,
    'small_toe': 0.066,
    'heel': 0.066,
}
_LINKS = (
    ('ankle', 'knee'),
    ('knee', 'hip'),
    ('hip', 'shoulder'),
    ('shoulder', 'elbow'),
    ('elbow', 'wrist'),
    ('ankle', 'big_toe'),
    ('ankle', 'small_toe'),
    ('ankle', 'heel'),
    ('eye', 'ear'),
)
_BLUE, _GREEN, _ORANGE = [51, 153, 255], [0, 255, 0], [255, 128, 0]
_COLOURS = {'left': _GREEN, 'right': _ORANGE, 'nose': _BLUE}


def pose_metainfo(convention: str) -> dict[str, Any]:
    """Raw ``metainfo`` for mmpose's ``parse_pose_metainfo``.

    Args:
        convention: ``'coco_17'``, ``'coco_23'`` or another one of COCO's
            keypoints and feet.

    Raises:
        ValueError: If it is unknown, or has other keypoints.
    """
    names = keypoint_names(convention)
    kinds = [_kind(name) for name in names]
    if unknown := set(kinds) - set(_SIGMAS):
        raise ValueError(f'{convention} has other keypoints: {unknown}')
    others = [names[i] for i in flip_index(convention)]
    return {
        'dataset_name': convention,
        'keypoint_info': {
            i: {
                'id': i,
                'name': name,
                'color': _COLOURS[name.partition('_')[0]],
                'type': 'upper' if kind in _UPPER else 'lower',
                'swap': '' if name == other else other,
            }
            for i, (name, kind, other) in enumerate(
                zip(names, kinds, others, strict=True)
            )
        },
        'skeleton_info': _skeleton(names),
        'joint_weights': [1.0] * len(names),
        'sigmas': [_SIGMAS[kind] for kind in kinds],
    }


def _kind(name: str) -> str:
    """``'left_big_toe'`` to ``'big_toe'``."""
    return name.removeprefix('left_').removeprefix('right_')


def _skeleton(names: tuple[str, ...]) -> dict[int, dict[str, Any]]:
    pairs = [
        (f'{side}_{first}', f'{side}_{second}')
        for side in ('left', 'right')
        for first, second in _LINKS
    ]
    pairs += [
        (f'left_{part}', f'right_{part}') for part in ('hip', 'shoulder')
    ]
    pairs += [('nose', f'{side}_eye') for side in ('left', 'right')]
    known = [pair for pair in pairs if set(pair) <= set(names)]
    return {
        i: {'id': i, 'link': pair, 'color': _BLUE}
        for i, pair in enumerate(known)
    }
