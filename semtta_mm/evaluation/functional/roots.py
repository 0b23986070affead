"""The point that is subtracted before positions are compared."""

from typing import Literal

from torch import Tensor

from ...conventions import keypoint_index, keypoint_names
from ...utils import InputError

Root = Literal['h36m_pelvis', 'mid_hip', 'pelvis', 'none']

ROOTS: dict[str, tuple[str, ...]] = {
    # Joint 0 of Human3.6M's regressor: SPIN, BOA, CycleAdapt.
    'h36m_pelvis': ('h36m_pelvis',),
    # VIBE, WHAM, GVHMR.
    'mid_hip': ('left_hip', 'right_hip'),
    # Joint 0 of SMPL.
    'pelvis': ('pelvis',),
    'none': (),
}
"""Joints whose mean is the root, by name of the root."""


def root_index(convention: str, root: str) -> list[int]:
    """Positions of a root's joints in a convention; empty for ``'none'``.

    Raises:
        InputError: If the root is unknown, or the convention lacks it; the
            message lists the roots that it has.
    """
    names = keypoint_names(convention)
    able = [name for name, need in ROOTS.items() if set(need) <= set(names)]
    if root not in able:
        known = f'{convention} has no {root!r}' if root in ROOTS else 'unknown'
        raise InputError(
            'root', repr(root), known, f'use one of {", ".join(able)}'
        )
    return keypoint_index(convention, ROOTS[root])


def root_position(joints: Tensor, convention: str, root: str) -> Tensor:
    """The root of each frame.

    Take it before a joint set is selected: the set need not hold it.

    Args:
        joints: ``[T, J, 3]``, in the order of ``convention``.
        convention: Name in :data:`semtta_mm.conventions.CONVENTIONS`.
        root: ``'h36m_pelvis'``, ``'mid_hip'``, ``'pelvis'`` or ``'none'``.

    Returns:
        ``[T, 1, 3]``, unit of the input; zeros for ``'none'``.

    Raises:
        InputError: As :func:`root_index`.
    """
    index = root_index(convention, root)
    if not index:
        return joints.new_zeros(*joints.shape[:-2], 1, joints.shape[-1])
    return joints[..., index, :].mean(dim=-2, keepdim=True)
