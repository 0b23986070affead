"""Checks that every metric makes before it computes."""

from collections.abc import Sequence

import torch
from torch import Tensor

from ...utils import InputError


def check_finite(
    source: str,
    field: str,
    values: Tensor,
    mask: Tensor | None = None,
    frame_ids: Sequence[int] | Tensor | None = None,
) -> None:
    """Refuse NaN and infinity in valid entries.

    Args:
        source: Function or track, for the message.
        field: Argument, for the message.
        values: Points ``[T, J, D]``.
        mask: Points that count ``[T, J]``, bool; others may be NaN.
        frame_ids: Frame numbers ``[T]`` to name the frame by; without them
            the message has its index.

    Raises:
        InputError: Naming the argument, how many points, the first frame.
    """
    bad = ~torch.isfinite(values).all(dim=-1)
    if mask is not None:
        bad = bad & mask
    count = int(bad.sum())
    if not count:
        return
    index = int(bad.any(dim=-1).nonzero()[0])
    frame = (
        f'frame index {index}'
        if frame_ids is None
        else f'frame {int(frame_ids[index])}'
    )
    raise InputError(
        source,
        field,
        f'{count} points are NaN or infinite, the first in {frame}',
        'mask points that are missing; mend what made the others',
    )


def check_shape(
    source: str, field: str, found: Sequence[int], want: Sequence[int | str]
) -> None:
    """Compare a shape with a pattern.

    Args:
        source: Function or track, for the message.
        field: Argument, for the message.
        found: The shape.
        want: Sizes; a letter stands for any size.

    Raises:
        InputError: If they differ.
    """
    fits = len(found) == len(want) and all(
        isinstance(w, str) or w == f for f, w in zip(found, want, strict=True)
    )
    if not fits:
        pattern = ', '.join(str(w) for w in want)
        raise InputError(
            source,
            field,
            f'expected shape [{pattern}], got {list(found)}',
            'give arrays of the same frames and points',
        )


def check_size(source: str, field: str, size: Tensor, visible: Tensor) -> None:
    """Refuse frames with keypoints but without a reference length.

    Args:
        source: Function or track, for the message.
        field: Argument, for the message.
        size: Reference length of each frame ``[T]``, px.
        visible: Keypoints that are there ``[T, K]``, bool.

    Raises:
        InputError: On another shape, or a length that is not positive where
            a keypoint is visible.
    """
    check_shape(source, field, size.shape, (len(visible),))
    bad = visible.any(dim=-1) & ~(torch.isfinite(size) & (size > 0))
    if bool(bad.any()):
        raise InputError(
            source,
            field,
            f'{int(bad.sum())} frames have no positive size, the first at '
            f'frame index {int(bad.nonzero()[0])}',
            "give each frame's reference length, e.g. its box's longer side",
        )


def prepare_pair(
    source: str, prediction: Tensor, target: Tensor, mask: Tensor | None
) -> tuple[Tensor, Tensor, Tensor]:
    """Check a pair of point sets and blank what does not count.

    Args:
        source: Name of the metric, for messages.
        prediction: ``[T, J, D]``.
        target: ``[T, J, D]``.
        mask: Points that count ``[T, J]``, bool; all if None.

    Returns:
        Both point sets, with zeros (harmless, because masked) where the mask
        is False, and the mask ``[T, J]``.

    Raises:
        InputError: On other shapes, or NaN or infinity where the mask is
            True.
    """
    check_shape(source, 'prediction', prediction.shape, ('T', 'J', 'D'))
    check_shape(source, 'target', target.shape, tuple(prediction.shape))
    if mask is None:
        mask = torch.ones_like(prediction[..., 0], dtype=torch.bool)
    check_shape(source, 'mask', mask.shape, tuple(prediction.shape[:2]))
    mask = mask.bool()
    check_finite(source, 'prediction', prediction, mask)
    check_finite(source, 'target', target, mask)
    blank = ~mask[..., None]
    return (
        prediction.masked_fill(blank, 0),
        target.masked_fill(blank, 0),
        mask,
    )
