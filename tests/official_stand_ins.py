"""Checkpoints of the names and sizes of the paper's parts, untrained."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from mmengine.config import Config

from semtta_mm.models.motion_text.dictionary_file import write_dictionary
from semtta_mm.registry import MODELS
from semtta_mm.setup_env import register_all_modules

ESTIMATORS = Path(__file__).parents[1] / 'configs/_base_/estimators'


def write_motion_parts(data: Path) -> None:
    """MDNet, MotionCLIP and a dictionary of one label."""
    register_all_modules()
    checkpoints = data / 'checkpoints'
    (checkpoints / 'motionclip').mkdir(parents=True, exist_ok=True)
    mdnet = MODELS.build(dict(type='MDNet')).state_dict()
    state = {f'module.{name}': value for name, value in mdnet.items()}
    torch.save({'model': state}, checkpoints / 'md_basemodel.pt')
    motionclip = MODELS.build(dict(type='MotionCLIP')).state_dict()
    torch.save(motionclip, checkpoints / 'motionclip/checkpoint_0100.pth.tar')
    write_motion_patches(checkpoints / 'motion_patches/HumanML3D', data)
    write_tmr(checkpoints / 'tmr')
    write_dictionary(
        data / 'dictionaries/babel.npz',
        ['walk'],
        np.eye(1, 512),
        'ViT-B/32',
        dict(exemplar=['walk'], source=['a'], length=[60]),
        np.zeros((1, 60, 24, 3)),
    )


def write_motion_patches(folder: Path, data: Path) -> None:
    """With a text part that the motion model leaves alone."""
    np.save(_made(data / 'HumanML3D') / 'Mean_raw.npy', np.zeros((22, 3)))
    np.save(data / 'HumanML3D/Std_raw.npy', np.ones((22, 3)))
    model = MODELS.build(
        dict(
            type='MotionPatches',
            weights=None,
            statistics=data / 'HumanML3D',
            body=dict(type='SMPLBody'),
        )
    )
    words = {'text_encoder.text_model.x': torch.ones(1)}
    torch.save(model.state_dict() | words, _made(folder) / 'best_model.pt')


def write_tmr(folder: Path) -> None:
    """As its repository and its pre-trained models name the files."""
    for name in ('mean.pt', 'std.pt'):
        torch.save(torch.ones(263), _made(folder / 'stats') / name)
    joints = np.zeros((22, 3))
    joints[[4, 5], 1], joints[[7, 8], 1] = -0.4, -0.8
    np.save(folder / 'skeleton_example_h3d.npy', joints)
    model = MODELS.build(
        dict(
            type='TMR',
            weights=None,
            statistics=folder / 'stats',
            skeleton=folder / 'skeleton_example_h3d.npy',
            body=dict(type='SMPLBody'),
        )
    )
    prefix = 'motion_encoder.'
    state = {k.removeprefix(prefix): v for k, v in model.state_dict().items()}
    torch.save(state, folder / 'motion_encoder.pt')


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def write_estimator(path: Path, config: str) -> None:
    """Weights of an estimator of ``configs/_base_/estimators``."""
    register_all_modules()
    estimator = Config.fromfile(ESTIMATORS / f'{config}.py').estimator
    torch.manual_seed(0)
    state = MODELS.build(shrunk(estimator)).state_dict()
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.save({'state_dict': state}, path)


def shrunk(estimator: dict[str, Any]) -> dict[str, Any]:
    """HMR2.0 small enough for a test; other estimators as they are."""
    backbone = estimator.get('backbone', {})
    if backbone.get('type') != 'HMR2ViT' or 'dim' in backbone:
        return estimator
    head = dict(context_dim=32, dim=32, depth=1, heads=2, hidden=32)
    return {
        **estimator,
        'backbone': {**backbone, 'dim': 32, 'depth': 1, 'heads': 2},
        'head': {**estimator['head'], **head},
    }
