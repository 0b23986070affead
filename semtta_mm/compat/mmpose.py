"""mmpose 1.3.2 on a CPU, with mmcv-lite, without mmdet.

``import mmpose.models`` imports one compiled operator of mmcv and two names
of mmdet, for heads (EDPose, RTMO) that need them when they run. If they are
absent, stand-ins replace them during the import; calling a stand-in raises
an error with the install command.
"""

import sys
import warnings
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

from mmengine.config import Config
from mmengine.logging import print_log
from mmengine.registry import DefaultScope
from torch import nn

from ..checkpoints.mmengine_checkpoints import (
    MMCheckpoint,
    parse_mm_checkpoint,
)
from ..checkpoints.movenet import is_movenet, mmpose_state
from ..checkpoints.state_dict import list_names, load_state
from ..checkpoints.weights import read_content
from ..utils import INSTALL_MM, MissingDependencyError, require
from .mmdet import import_mmdet
from .temporary import (
    IMPORT_LOCK,
    is_installed,
    stand_in,
    temporary_attributes,
    temporary_modules,
)
from .third_party_messages import import_mmcv_transformer
from .torchvision import ensure_torchvision


class MultiScaleDeformableAttention(nn.Module):
    """Stand-in for the compiled operator of the full mmcv."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        raise MissingDependencyError(
            'mmcv._ext',
            'this head of mmpose',
            'pip uninstall mmcv-lite; pip install mmcv',
        )


def _reduce_mean(*args: Any, **kwargs: Any) -> NoReturn:
    raise MissingDependencyError(
        'mmdet',
        'the loss of this head of mmpose',
        'pip install --no-deps mmdet',
    )


def _mmdet_works() -> bool:
    """Whether mmdet can be imported; it asserts versions of mmcv."""
    try:
        import_module('mmdet.utils')
    except (ImportError, AssertionError):
        return False
    return True


def _stand_ins() -> dict[str, ModuleType]:
    modules = []
    if not is_installed('mmcv._ext'):
        modules.append(
            stand_in(
                'mmcv.ops',
                MultiScaleDeformableAttention=MultiScaleDeformableAttention,
            )
        )
    if not _mmdet_works():
        modules += [
            stand_in('mmdet'),
            stand_in('mmdet.utils', ConfigType=dict, reduce_mean=_reduce_mean),
        ]
    return {module.__name__: module for module in modules}


def import_mmpose(name: str = 'apis') -> ModuleType:
    """Import a part of mmpose.

    Args:
        name: Dotted name inside ``mmpose``; ``'models'`` is enough to build
            networks, ``'apis'`` has everything.

    Returns:
        The imported module; the stand-ins are removed.

    Raises:
        MissingDependencyError: If mmpose is not installed.
    """
    module = f'mmpose.{name}'
    with IMPORT_LOCK:
        if module in sys.modules:
            return sys.modules[module]
        ensure_torchvision()
        require('mmpose', module, INSTALL_MM)
        if is_installed('mmdet') and not _mmdet_works():
            # Else mmengine fails where a config of mmpose names mmdet's scope.
            import_mmdet()
        import_mmcv_transformer()
        with temporary_modules(_stand_ins()):
            return import_module(module)


def mmpose_scope() -> AbstractContextManager[None]:
    """Make mmpose the default scope inside a block.

    mmpose's functions change the default scope of the process permanently;
    call ``inference_topdown`` and inferencers inside this block.
    """
    return DefaultScope.overwrite_default_scope('mmpose')


def load_pose_weights(model: nn.Module, path: str | Path | None) -> None:
    """Load a checkpoint into a built model of mmpose.

    Args:
        model: The model; its ``dataset_meta`` is set if the file has one.
        path: See :func:`.read_weights`: a checkpoint of mmpose, a
            safetensors file or the name of shipped weights; or a name of
            MoveNet, which is fetched. None does not change the model.

    Raises:
        InputError: As :func:`.read_weights`, or if weights of the model
            are absent, of another shape or not finite. Weights that the
            model does not have are logged.
    """
    if path is None:
        return
    checkpoint = _read_checkpoint(path)
    fix = 'use the config that the checkpoint was trained with'
    unused = load_state(
        model, checkpoint.state_dict, path, 'state_dict', fix, strict=False
    )
    if unused:
        print_log(f'{path}: unused {list_names(unused)}', 'current')
    if checkpoint.dataset_meta is not None:
        # mmpose reads this plain attribute of its models.
        vars(model)['dataset_meta'] = checkpoint.dataset_meta


def _read_checkpoint(path: str | Path) -> MMCheckpoint:
    if is_movenet(str(path)):
        return MMCheckpoint(mmpose_state(str(path)))
    return parse_mm_checkpoint(read_content(path), path)


def init_pose_model(
    config: str | Path | Config,
    weights: str | Path | None = None,
    device: str = 'cpu',
) -> nn.Module:
    """Like mmpose's ``init_model``, with safe reading and restored scope.

    Args:
        config: mmpose config of a top-down estimator.
        weights: Local checkpoint; None keeps random weights.
        device: Torch device.

    Raises:
        MissingDependencyError: If mmpose is absent.
        InputError: If the checkpoint is unreadable or does not fit.
    """
    apis = import_mmpose()
    if not isinstance(config, Config):
        config = Config.fromfile(config)
    with mmpose_scope(), _without_meta_warnings():
        model = apis.init_model(config, None, device)
        if 'train_dataloader' not in config:
            # mmpose reads the meta of the training set only, else it takes
            # COCO's.
            read = apis.inference.dataset_meta_from_config
            meta = read(config, dataset_mode='test')
            model.dataset_meta = meta or model.dataset_meta
    load_pose_weights(model, weights)
    return model


@contextmanager
def _without_meta_warnings() -> Iterator[None]:
    """Drop mmpose's warnings on where it found the meta of a data set."""
    with warnings.catch_warnings():
        for message in (
            'The metainfo config file .* does not exist',
            'Can not load dataset_meta from the checkpoint',
        ):
            warnings.filterwarnings('ignore', message, UserWarning)
        # mmpose calls simplefilter(), which would show them again.
        with temporary_attributes(warnings, {'simplefilter': _keep_filters}):
            yield


def _keep_filters(*args: Any, **kwargs: Any) -> None:
    """In place of ``warnings.simplefilter``."""


def init_pose_inferencer(
    config: str, weights: str | Path | None = None, device: str = 'cpu'
) -> Any:
    """``MMPoseInferencer`` of mmpose on whole images.

    Call it inside :func:`mmpose_scope`; a call returns a generator, and
    ``pred_out_dir`` writes one JSON per video.

    Args:
        config: As :func:`init_pose_model`.
        weights: As :func:`init_pose_model`.
        device: Torch device.
    """
    apis = import_mmpose()
    with mmpose_scope():
        inferencer = apis.MMPoseInferencer(
            pose2d=config, det_model='whole_image', device=device
        )
    load_pose_weights(inferencer.inferencer.model, weights)
    return inferencer
