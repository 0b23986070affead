"""HMR with a ResNet, in checkpoints of SPIN, its successors and mmhuman3d.

SPIN's network is a ResNet with torchvision's names and a regressor; BOA,
DynaBOA and CycleAdapt replaced every BatchNorm by a GroupNorm of 4 groups and
kept the names ``bnN``. A GroupNorm has no running statistics, and this is the
only difference between the two kinds of files (reference, Sec. 5.1 and 13).
In mmcv's ResNet the names are ``gnN``, except in ``downsample``.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from torch import nn

from .layout import CheckpointLayout

_WRAPPERS = (('model_state_dict',), ('model',), ('state_dict',), ())
"""CycleAdapt's output; SPIN, BOA and CycleAdapt's input; others."""

_PREFIXES = ('module.hmr_net.', 'hmr_net.', 'module.', '')
_NEIGHBOURS = ('md_net.', 'smpl_layer.')
"""Other modules in CycleAdapt's checkpoints: the denoiser and SMPL."""

_MMHUMAN3D_NEIGHBOURS = ('disc.', 'body_model_train.', 'body_model_test.')
"""Parts of ``mmhuman3d.models.architectures.BodyModelEstimator``."""

_TRUNK = frozenset({'conv1', 'bn1', 'layer1', 'layer2', 'layer3', 'layer4'})
_HEAD = frozenset(
    {
        'fc1',
        'fc2',
        'decpose',
        'decshape',
        'deccam',
        'init_pose',
        'init_shape',
        'init_cam',
    }
)
_TRUNK_MARKS = ('conv1.weight', 'layer4.0.conv1.weight')
_HEAD_MARKS = ('fc1.weight', 'decpose.weight')
_NORMS = {'GroupNorm': 'hmr_resnet50-gn', 'BatchNorm': 'hmr_resnet50'}
"""Norm to the config of the network with this norm."""


def hmr_layouts(backbone: nn.Module) -> tuple[CheckpointLayout, ...]:
    """Layouts of public HMR checkpoints, for an estimator's backbone.

    A layout that does not fit the backbone has a ``refusal``, which gives a
    fitting config.
    """
    own = _norm_of(backbone)
    return (
        CheckpointLayout(
            'gn_hmr',
            marks=(*_TRUNK_MARKS, *_HEAD_MARKS, 'bn1.weight'),
            absent=('bn1.running_mean',),
            wrappers=_WRAPPERS,
            prefixes=_PREFIXES,
            rename=_rename_gn,
            foreign=_NEIGHBOURS,
            refusal=_refusal('GroupNorm', own),
        ),
        CheckpointLayout(
            'spin_hmr',
            marks=(*_TRUNK_MARKS, *_HEAD_MARKS, 'bn1.running_mean'),
            wrappers=_WRAPPERS,
            prefixes=('module.', ''),
            rename=_rename,
            refusal=_refusal('BatchNorm', own),
        ),
        _mmhuman3d('mmhuman3d_gn_hmr', 'gn1.weight', 'GroupNorm', own),
        _mmhuman3d('mmhuman3d_hmr', 'bn1.running_mean', 'BatchNorm', own),
        CheckpointLayout(
            'torchvision_resnet',
            marks=(*_TRUNK_MARKS, 'fc.weight'),
            absent=('fc1.weight',),
            wrappers=((), ('state_dict',)),
            prefixes=('module.', ''),
            refusal=(
                'is an image classifier without a head for bodies',
                'give it as backbone_weights of the estimator',
            ),
        ),
    )


def _mmhuman3d(
    name: str, norm_mark: str, norm: str, own: str
) -> CheckpointLayout:
    """Layout with mmhuman3d's names, which are ours too."""
    trunk = (f'backbone.{mark}' for mark in (*_TRUNK_MARKS, norm_mark))
    return CheckpointLayout(
        name,
        marks=(*trunk, *(f'head.{mark}' for mark in _HEAD_MARKS)),
        wrappers=(('state_dict',), ()),
        prefixes=('module.', ''),
        rename=_only('backbone', 'neck', 'head'),
        foreign=_MMHUMAN3D_NEIGHBOURS,
        refusal=_refusal(norm, own),
    )


def _only(*parts: str) -> Callable[[str], str]:
    def rename(name: str) -> str:
        if name.partition('.')[0] not in parts:
            raise KeyError(name)
        return name

    return rename


def _rename(name: str) -> str:
    """SPIN's name to ours."""
    part = name.partition('.')[0]
    if part in _HEAD:
        return f'head.{name}'
    if part in _TRUNK:
        return f'backbone.{name}'
    raise KeyError(name)


def _rename_gn(name: str) -> str:
    """As :func:`_rename`, with mmcv's names of GroupNorms."""
    return re.sub(r'\bbn(?=\d\.)', 'gn', _rename(name))


def _norm_of(backbone: nn.Module) -> str:
    """Norm of a ResNet with mmcv's names; empty for other backbones."""
    names = backbone.state_dict().keys()
    if not all(mark in names for mark in _TRUNK_MARKS):
        return ''
    if 'gn1.weight' in names:
        return 'GroupNorm'
    return 'BatchNorm' if 'bn1.running_mean' in names else ''


def _refusal(norm: str, own: str) -> tuple[str, str] | None:
    if norm == own:
        return None
    here = f'this one has {own}' if own else 'this one has another backbone'
    config = f'configs/_base_/estimators/{_NORMS[norm]}.py'
    return f'stores a ResNet with {norm}, {here}', f'use {config}'
