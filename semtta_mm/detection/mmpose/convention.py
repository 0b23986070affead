"""Keypoint conventions of mmpose's data sets, recognised by their names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ...conventions import keypoint_names
from ...utils import InputError

KNOWN = ('coco_17', 'coco_23', 'halpe_26', 'coco_wholebody_133')
"""Conventions that the detector returns."""

_BODY = {'head': 'head_top', 'hip': 'pelvis'}
_FINGERS = {
    'thumb': 'thumb',
    'forefinger': 'index',
    'middle_finger': 'middle',
    'ring_finger': 'ring',
    'pinky_finger': 'pinky',
}
_FINGER = re.compile(rf'(left|right)_({"|".join(_FINGERS)})(\d)')
_FACE = re.compile(r'face-(\d+)')


def recognise_convention(
    dataset_meta: Mapping[str, Any] | None, source: str
) -> str:
    """The project's name of a model's keypoints.

    Args:
        dataset_meta: Parsed meta of mmpose; ``keypoint_id2name`` is read.
        source: The checkpoint or config, for messages.

    Raises:
        InputError: If it is none of :data:`KNOWN`.
    """
    names = _names(dataset_meta or {})
    for convention in KNOWN:
        if names == keypoint_names(convention):
            return convention
    title = (dataset_meta or {}).get('dataset_name', 'unknown')
    shown = ', '.join(names[:3]) + (' …' if len(names) > 3 else '')
    raise InputError(
        source,
        'dataset_meta',
        f'{title!r} with {len(names)} keypoints ({shown or "no names"}) is '
        'none of the known conventions',
        f'use a model of {", ".join(KNOWN)}',
    )


def _names(dataset_meta: Mapping[str, Any]) -> tuple[str, ...]:
    named = dataset_meta.get('keypoint_id2name') or {}
    return tuple(_translate(named[key]) for key in sorted(named, key=int))


def _translate(name: str) -> str:
    """A name of mmpose's data sets to the project's."""
    if face := _FACE.fullmatch(name):
        return f'face_{face[1]}'
    if finger := _FINGER.fullmatch(name):
        return f'{finger[1]}_{_FINGERS[finger[2]]}_{finger[3]}'
    return _BODY.get(name, name)
