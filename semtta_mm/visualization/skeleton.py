"""Limbs by keypoint names, for all keypoint conventions."""

from ..conventions import keypoint_names

_FINGERS = ('thumb', 'index', 'middle', 'ring', 'pinky')

_SIDED: tuple[tuple[str, str], ...] = (
    ('shoulder', 'elbow'),
    ('elbow', 'wrist'),
    ('hip', 'knee'),
    ('knee', 'ankle'),
    ('shoulder', 'hip'),
    ('ankle', 'heel'),
    ('ankle', 'big_toe'),
    ('big_toe', 'small_toe'),
    ('ankle', 'foot'),
    ('collar', 'shoulder'),
    ('wrist', 'hand'),
    ('eye', 'ear'),
    *((f'{f}_{i}', f'{f}_{i + 1}') for f in _FINGERS for i in (1, 2, 3)),
    *(('wrist', f'{finger}_1') for finger in _FINGERS),
)
_MIDDLE: tuple[tuple[str, str], ...] = (
    ('left_shoulder', 'right_shoulder'),
    ('left_hip', 'right_hip'),
    ('nose', 'left_eye'),
    ('nose', 'right_eye'),
    ('nose', 'neck'),
    ('neck', 'head'),
    ('neck', 'head_top'),
    ('pelvis', 'spine_1'),
    ('spine_1', 'spine_2'),
    ('spine_2', 'spine_3'),
    ('spine_3', 'neck'),
    ('h36m_pelvis', 'h36m_spine'),
    ('h36m_spine', 'h36m_neck'),
    ('h36m_neck', 'h36m_nose'),
    ('h36m_nose', 'head_top'),
)


def limbs(convention: str) -> list[tuple[int, int]]:
    """Index pairs of the limbs with both ends in a convention.

    Args:
        convention: Name in :data:`semtta_mm.conventions.CONVENTIONS`.

    Returns:
        Pairs of keypoint indices.

    Raises:
        ValueError: If the convention is unknown.
    """
    names = keypoint_names(convention)
    sided = tuple(
        (f'{side}_{a}', f'{side}_{b}')
        for side in ('left', 'right')
        for a, b in _SIDED
    )
    return [
        (names.index(a), names.index(b))
        for a, b in _MIDDLE + sided
        if a in names and b in names
    ]


def side_of(name: str) -> str:
    """Side of a keypoint: ``'left'``, ``'right'`` or ``'middle'``."""
    side = name.split('_')[0]
    return side if side in ('left', 'right') else 'middle'
