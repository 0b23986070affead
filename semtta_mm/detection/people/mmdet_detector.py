"""Any detector of mmdet as a person detector."""

from __future__ import annotations

from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import torch
from mmengine.config import Config
from mmengine.dataset import Compose

from ...checkpoints.weights import weights_exist
from ...compat.mmdet import import_mmdet, init_detector, mmdet_scope
from ...registry import TASK_UTILS
from ...utils import InputError
from ...utils.digest import settings_digest
from ...utils.required_files import RequiredFile
from ..cache import file_hash
from .base import FoundPeople, PersonDetector
from .tiles import in_tiles

PERSON = 'person'
_JOINTS = 17  # COCO's; a detector of boxes has no keypoints


@TASK_UTILS.register_module()
class MMDetPersonDetector(PersonDetector):
    """Finds the boxes of people with a detector of mmdet.

    It has no keypoints, so that a person needs no agreement of two networks
    (:class:`~semtta_mm.detection.people.evidence.Limits`). Single-stage
    detectors such as RTMDet need no compiled mmcv, see
    :mod:`semtta_mm.compat.mmdet`.

    Args:
        config: Config file of mmdet, or the name of one in its package such
            as ``'rtmdet_tiny_8xb32-300e_coco'``.
        checkpoint: Its weights, a file.
        min_score: Lower ones are left out.
        device: Torch device.

    Raises:
        InputError: If a value is out of range. Files are read on first use.
    """

    required_files = (
        RequiredFile(
            'checkpoint',
            'weights of a detector of mmdet',
            'download them from the model zoo of mmdet',
            weights_exist,
        ),
    )

    def __init__(
        self,
        config: str | PathLike[str],
        checkpoint: str | PathLike[str],
        min_score: float = 0.1,
        device: str = 'cpu',
    ) -> None:
        where = type(self).__name__
        if not 0 <= min_score <= 1:
            fix = 'use a value in [0, 1]'
            raise InputError(where, 'min_score', f'is {min_score}', fix)
        self._name, self._checkpoint = str(config), Path(checkpoint)
        self._min_score, self._device = min_score, device

    def settings(self) -> dict[str, Any]:
        """See :meth:`PersonDetector.settings`; files by their hash."""
        if not self._checkpoint.is_file():
            fix = 'give the weights that belong to the config'
            raise InputError(
                self._checkpoint, 'checkpoint', 'does not exist', fix
            )
        return {
            'type': type(self).__name__,
            'config': settings_digest(self._config.to_dict()),
            'checkpoint': file_hash(self._checkpoint),
            'min_score': self._min_score,
        }

    def find(self, image: np.ndarray, tiles: int = 1) -> FoundPeople:
        """See :meth:`PersonDetector.find`."""
        return in_tiles(self._find, image, tiles)

    def _find(self, image: np.ndarray) -> FoundPeople:
        """People in the whole image."""
        with mmdet_scope():
            data = self._pipeline({'img': image, 'img_id': 0})
            data = {name: [value] for name, value in data.items()}
            with torch.no_grad():
                (result,) = self._model.test_step(data)
        found = result.pred_instances
        chosen = (found.labels == self._person) & (
            found.scores >= self._min_score
        )
        order = found.scores[chosen].argsort(descending=True)
        boxes = found.bboxes[chosen][order].cpu().numpy().astype(float)
        count = len(boxes)
        return FoundPeople(
            boxes=boxes.reshape(count, 4),
            scores=found.scores[chosen][order].cpu().numpy().astype(float),
            keypoints=np.zeros((count, _JOINTS, 2)),
            keypoint_scores=np.zeros((count, _JOINTS)),
        )

    @cached_property
    def _config(self) -> Config:
        config = Config.fromfile(find_config(self._name))
        # Fewer boxes to compare with each other, and the same people.
        limits: Any = config.model.get('test_cfg') or {}
        if 'score_thr' in limits:
            limits['score_thr'] = max(limits['score_thr'], self._min_score)
        return config

    @cached_property
    def _model(self) -> Any:
        return init_detector(self._config, str(self._checkpoint), self._device)

    @cached_property
    def _person(self) -> int:
        """Number of the class of people; COCO's is 0."""
        meta = self._model.dataset_meta or {}
        classes = [str(n).lower() for n in meta.get('classes') or (PERSON,)]
        if PERSON not in classes:
            raise InputError(
                self._checkpoint,
                'meta.dataset_meta.classes',
                f'has no {PERSON!r}',
                'use a detector that was trained on people',
            )
        return classes.index(PERSON)

    @cached_property
    def _pipeline(self) -> Compose:
        utils = import_mmdet('utils')
        steps = utils.get_test_pipeline_cfg(self._config.copy())
        steps[0].type = 'mmdet.LoadImageFromNDArray'
        with mmdet_scope():
            return Compose(steps)


def find_config(name: str) -> Path:
    """A config file, or one of mmdet's package by its name.

    Raises:
        InputError: If there is none.
        MissingDependencyError: If it is no file and mmdet is absent.
    """
    path = Path(name).expanduser()
    if path.is_file():
        return path
    package = Path(str(import_mmdet('version').__file__)).parent
    stem = path.name.removesuffix('.py')
    for found in sorted((package / '.mim' / 'configs').rglob(f'{stem}.py')):
        return found
    raise InputError(
        name,
        'config',
        'is no file and no config of mmdet',
        'give a config file, or a name such as rtmdet_tiny_8xb32-300e_coco',
    )
