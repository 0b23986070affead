"""mmdet 3.3 on a CPU, with mmcv-lite or an mmcv that it refuses.

mmdet asserts an mmcv below 2.2, and imports compiled operators of the full
mmcv for all of its models. Where they are absent, its import gets stand-ins:
non-maximum suppression in plain torch, which single-stage detectors need
(RTMDet, YOLOX, FCOS), and classes and functions that raise an error when a
model uses them.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import AbstractContextManager, ExitStack
from importlib import import_module
from types import ModuleType
from typing import Any

import torch
from mmengine.config import Config
from mmengine.registry import DefaultScope
from torch import Tensor, nn

from ..checkpoints.mmengine_checkpoints import parse_mm_checkpoint
from ..checkpoints.state_dict import load_state
from ..checkpoints.weights import read_content
from ..utils import MissingDependencyError, require
from ..utils.optional import extra
from .temporary import (
    IMPORT_LOCK,
    is_installed,
    temporary_attributes,
    temporary_modules,
)
from .third_party_messages import import_mmcv_transformer
from .torchvision import ensure_torchvision

_ACCEPTED = '2.1.0'
"""An mmcv that mmdet 3.3 accepts."""
_OPERATORS = (
    'mmcv.ops',
    'mmcv.ops.carafe',
    'mmcv.ops.merge_cells',
    'mmcv.ops.modulated_deform_conv',
    'mmcv.ops.nms',
    'mmcv.ops.roi_align',
)
"""Modules that mmdet imports operators from."""
_PARTS = ('models', 'datasets', 'apis')
"""Imported at once: mmdet's registries would import them later, without the
stand-ins."""


def import_mmdet(part: str = 'apis') -> ModuleType:
    """Import a part of mmdet.

    Args:
        part: Dotted name inside ``mmdet``; ``'apis'`` has everything.

    Returns:
        The imported module; the stand-ins are removed.

    Raises:
        MissingDependencyError: If mmdet is not installed.
    """
    module = f'mmdet.{part}'
    with IMPORT_LOCK:
        if module in sys.modules:
            return sys.modules[module]
        if not is_installed('mmdet'):
            raise MissingDependencyError('mmdet', module, extra('mmdet'))
        ensure_torchvision()
        import_mmcv_transformer()
        mmcv = require('mmcv', module, extra('mmdet'))
        with ExitStack() as stack:
            version = {'__version__': _ACCEPTED}
            stack.enter_context(temporary_attributes(mmcv, version))
            if not is_installed('mmcv._ext'):
                modules = {n: _Operators(n) for n in _OPERATORS}
                stack.enter_context(temporary_modules(modules))
                # It has this class only if mmcv.ops could be imported.
                bricks = import_module('mmcv.cnn.bricks.transformer')
                name = 'MultiScaleDeformableAttention'
                attention = {name: _absent(name)}
                stack.enter_context(temporary_attributes(bricks, attention))
            for other in _PARTS:
                import_module(f'mmdet.{other}')
            return import_module(module)


def mmdet_scope() -> AbstractContextManager[None]:
    """Make mmdet the default scope inside a block."""
    return DefaultScope.overwrite_default_scope('mmdet')


def init_detector(
    config: Config, weights: str | None = None, device: str = 'cpu'
) -> nn.Module:
    """Like mmdet's ``init_detector``, with safe reading and restored scope.

    Args:
        config: mmdet config of a detector.
        weights: Local checkpoint of mmdet; None keeps random weights.
        device: Torch device.

    Returns:
        The detector in eval mode, with ``cfg`` and ``dataset_meta`` (None if
        the checkpoint has none), as ``inference_detector`` needs it.

    Raises:
        MissingDependencyError: If mmdet is absent.
        InputError: If the checkpoint is unreadable or does not fit.
    """
    import_mmdet()
    registry = import_mmdet('registry')
    config = config.copy()
    config.model.pop('pretrained', None)
    if config.model.get('backbone') is not None:
        config.model.backbone.init_cfg = None
    with mmdet_scope():
        model: nn.Module = registry.MODELS.build(config.model)
    meta: Mapping[str, Any] | None = None
    if weights is not None:
        checkpoint = parse_mm_checkpoint(read_content(weights), weights)
        fix = 'use the config that the checkpoint was trained with'
        load_state(
            model,
            checkpoint.state_dict,
            weights,
            'state_dict',
            fix,
            strict=False,
        )
        meta = checkpoint.dataset_meta
    vars(model).update(cfg=config, dataset_meta=meta)
    return model.to(device).eval()


def nms(
    boxes: Tensor,
    scores: Tensor,
    iou_threshold: float,
    max_num: int = -1,
    **_: Any,
) -> tuple[Tensor, Tensor]:
    """Greedy non-maximum suppression, as mmcv's ``nms``.

    Args:
        boxes: ``[N, 4]`` (x1, y1, x2, y2), px.
        scores: ``[N]``.
        iou_threshold: Boxes with a larger overlap are one.
        max_num: Keep at most so many; a negative number keeps all.

    Returns:
        The kept boxes with their scores ``[M, 5]``, the best first, and
        their positions ``[M]``.
    """
    order = scores.argsort(descending=True, stable=True)
    kept: list[Tensor] = []
    while len(order) and len(kept) != max_num:
        best, order = order[0], order[1:]
        kept.append(best)
        overlap = _overlaps(boxes[best][None], boxes[order])[0]
        order = order[overlap <= iou_threshold]
    keep = torch.stack(kept) if kept else order
    return torch.cat((boxes[keep], scores[keep, None]), dim=1), keep


def batched_nms(
    boxes: Tensor,
    scores: Tensor,
    idxs: Tensor,
    nms_cfg: Mapping[str, Any] | None,
    class_agnostic: bool = False,
) -> tuple[Tensor, Tensor]:
    """Non-maximum suppression of each class, as mmcv's ``batched_nms``.

    Args:
        boxes: ``[N, 4]``, px.
        scores: ``[N]``.
        idxs: Class of each box ``[N]``.
        nms_cfg: ``iou_threshold`` and maybe ``max_num``; None keeps all.
        class_agnostic: Whether classes suppress each other.

    Returns:
        See :func:`nms`.
    """
    options = dict(nms_cfg or {'iou_threshold': 1.0})
    threshold = options.get('iou_threshold', options.get('iou_thr', 0.5))
    shifted = boxes
    if not (class_agnostic or options.get('class_agnostic', False)):
        # Boxes of different classes never overlap.
        far = boxes.max() + 1 if boxes.numel() else 0
        shifted = boxes + (idxs.to(boxes) * far)[:, None]
    _, keep = nms(shifted, scores, threshold, options.get('max_num', -1))
    return torch.cat((boxes[keep], scores[keep, None]), dim=1), keep


def _overlaps(first: Tensor, second: Tensor) -> Tensor:
    """Intersection over union ``[N, M]``."""
    low = torch.maximum(first[:, None, :2], second[None, :, :2])
    high = torch.minimum(first[:, None, 2:], second[None, :, 2:])
    common = (high - low).clamp(min=0).prod(dim=-1)
    areas = [(b[:, 2:] - b[:, :2]).prod(dim=-1) for b in (first, second)]
    union = areas[0][:, None] + areas[1] - common
    return common / union.clamp(min=torch.finfo(union.dtype).eps)


class _Operators(ModuleType):
    """A module of mmcv's operators without the compiled ones."""

    __path__: list[str] = []  # a package; nothing is imported from files

    def __getattr__(self, name: str) -> Any:
        if name.startswith('__'):
            raise AttributeError(name)
        known = {'nms': nms, 'batched_nms': batched_nms}
        return known[name] if name in known else _absent(name)


def _absent(name: str) -> Any:
    """A class or function, by the case of its name, that cannot be used."""

    def fail(*args: Any, **kwargs: Any) -> None:
        raise MissingDependencyError(
            'mmcv._ext',
            f"mmcv's operator {name}",
            'pip uninstall mmcv-lite; pip install mmcv',
        )

    if name[0].isupper():
        return type(name, (nn.Module,), {'__init__': fail})
    return fail
