"""Base of all mesh estimators: normalisation, camera, norm policy."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, NamedTuple

import torch
from mmengine.model import BaseModule
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from ...checkpoints.weights import weights_exist
from ...datasets import TrackFrames
from ...geometry import (
    FOCAL_LENGTH,
    crop_intrinsics,
    weak_perspective_to_image_translation,
    weak_perspective_to_translation,
)
from ...structures import MeshPrediction
from ...utils.required_files import RequiredFile, path_exists

IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)


class TrackInputs(NamedTuple):
    """What an estimator knows of a track.

    Attributes:
        features: Inputs of ``forward_head`` ``[T, ...]``.
        intrinsics: Camera of its predictions ``[T, 3, 3]``, px of the video;
            None leaves the choice to the adaptor.
    """

    features: Tensor
    intrinsics: Tensor | None = None


class MeshEstimator(BaseModule):
    """Crop to body. Sub-classes implement :meth:`predict`.

    An estimator owns its crop (``input_size``), its normalisation and its
    camera; the rest of the toolbox uses original image pixels and rotation
    matrices only.

    Args:
        input_size: Side ``S`` of the square crop, px.
        focal_length: Focal length of the crop camera, px of the crop.
        mean: RGB mean of the normalisation, in [0, 1].
        std: RGB standard deviation, in [0, 1].
        freeze_norm_stats: Keep BatchNorm statistics as trained, also in
            train mode: a track is a small, biased sample. No effect on
            GroupNorm and LayerNorm.
        dropout: Probability of every dropout layer; None keeps those of the
            network. (SPIN, BOA and CycleAdapt use 0.5, also in adaptation.)
        init_cfg: mmengine's initialisation config.
    """

    required_files: ClassVar[tuple[RequiredFile, ...]] = (
        RequiredFile(
            'mean_params',
            'smpl_mean_params.npz',
            "SPIN's data, unchanged; 'standing' needs no file",
            lambda value, _: value == 'standing' or path_exists(value),
        ),
        RequiredFile(
            'backbone_weights',
            'weights of the backbone',
            'a checkpoint of this backbone',
            weights_exist,
        ),
    )

    mean: Tensor
    std: Tensor
    map_margin: int = 0
    """Width at each side of the crop outside the heatmaps, px."""
    reads_images: ClassVar[bool] = True
    """Whether it predicts from images; else a track needs no video."""

    def __init__(
        self,
        input_size: int = 224,
        focal_length: float = FOCAL_LENGTH,
        mean: Sequence[float] = IMAGENET_MEAN,
        std: Sequence[float] = IMAGENET_STD,
        freeze_norm_stats: bool = True,
        dropout: float | None = None,
        init_cfg: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(init_cfg)
        self.input_size = input_size
        self.focal_length = focal_length
        self.freeze_norm_stats = freeze_norm_stats
        self.dropout = dropout
        for name, value in (('mean', mean), ('std', std)):
            self.register_buffer(
                name, torch.tensor(value).view(3, 1, 1), persistent=False
            )

    @classmethod
    def weights_file(cls, config: Mapping[str, Any]) -> RequiredFile:
        """Pre-trained weights of an estimator.

        Args:
            config: Config of the estimator.

        Returns:
            The file, as the argument ``weights`` of an adaptor.
        """
        get = f'a checkpoint of {cls.__name__}'
        return RequiredFile('weights', 'weights', get, weights_exist)

    @abstractmethod
    def predict(self, images: Tensor) -> MeshPrediction:
        """Regress bodies from normalised crops ``[B, 3, S, S]``."""

    def forward(self, images: Tensor) -> MeshPrediction:
        """Regress bodies.

        Args:
            images: RGB crops ``[B, 3, S, S]``, uint8 in 0 to 255 or float
                in [0, 1].

        Returns:
            The prediction; project it with :meth:`locate`.

        Raises:
            ValueError: If the crops have another size than ``input_size``.
        """
        self._check(images)
        return self.predict(self.normalize(images))

    def extract_features(self, images: Tensor) -> Tensor:
        """Features of crops, by the backbone.

        Args:
            images: See :meth:`forward`.

        Returns:
            ``[B, ...]``, so that ``forward_head(extract_features(images))``
            equals ``forward(images)``.

        Raises:
            ValueError: See :meth:`forward`.
        """
        self._check(images)
        return self.extract(self.normalize(images))

    def restore(self, state: Mapping[str, Tensor]) -> None:
        """Set the weights to those before any track.

        Args:
            state: The state dict at that time.
        """
        self.load_state_dict(state)

    def begin_track(self, frames: TrackFrames) -> TrackInputs | None:
        """Called at the start of each track, after :meth:`restore`.

        Args:
            frames: The track.

        Returns:
            Inputs of :meth:`forward_head` and the camera of its predictions,
            of an estimator that knows tracks; None, as here, of one that
            predicts from crops.
        """
        return None

    def extract(self, images: Tensor) -> Tensor:
        """:meth:`extract_features` of normalised crops."""
        raise NotImplementedError(
            f'{type(self).__name__} has no extract(); adapt the whole '
            "network: model.adapts='network'"
        )

    def forward_head(self, features: Tensor) -> MeshPrediction:
        """Bodies from features of :meth:`extract_features`."""
        raise NotImplementedError(
            f'{type(self).__name__} has no forward_head()'
        )

    def head_modules(self) -> list[nn.Module]:
        """Modules that :meth:`forward_head` runs."""
        raise NotImplementedError(
            f'{type(self).__name__} has no head_modules()'
        )

    def train_head_only(self) -> None:
        """Freeze all parameters but those of :meth:`head_modules`."""
        self.requires_grad_(False)
        for module in self.head_modules():
            module.requires_grad_(True)

    def _check(self, images: Tensor) -> None:
        want = (3, self.input_size, self.input_size)
        if tuple(images.shape[1:]) != want:
            raise ValueError(
                f'images: expected [B, {want[0]}, {want[1]}, {want[2]}], got '
                f'{list(images.shape)}; set input_size of the dataset to '
                f'{self.input_size}'
            )

    def normalize(self, images: Tensor) -> Tensor:
        """Normalise crops, see :meth:`forward`.

        The result is in channels-last memory format, which is faster
        (``benchmarks/bench_adapt_step.py``); so are the weights.
        """
        if not images.is_floating_point():
            images = images.to(self.mean.dtype) / 255
        images = (images - self.mean) / self.std
        return images.contiguous(memory_format=torch.channels_last)

    def locate(
        self, camera: Tensor, boxes: Tensor, intrinsics: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """From the crop to the original image.

        Args:
            camera: Weak perspective ``(s, tx, ty)`` ``[B, 3]``.
            boxes: Square crop boxes ``[B, 4]`` (x1, y1, x2, y2), px.
            intrinsics: True intrinsics ``[B, 3, 3]``, px. None uses the
                crop camera of fixed focal length.

        Returns:
            Translation ``[B, 3]``, m, and intrinsics ``[B, 3, 3]``, px:
            ``project_points(joints + translation[:, None], intrinsics)``
            gives pixels of the original image.
        """
        if intrinsics is not None:
            return (
                weak_perspective_to_image_translation(
                    camera, boxes, intrinsics
                ),
                intrinsics,
            )
        return (
            weak_perspective_to_translation(
                camera, self.input_size, self.focal_length
            ),
            crop_intrinsics(boxes, self.input_size, self.focal_length),
        )

    def train(self, mode: bool = True) -> 'MeshEstimator':
        """Train mode with the norm and dropout policy of this estimator."""
        super().train(mode)
        for module in self.modules():
            if self.freeze_norm_stats and isinstance(module, _BatchNorm):
                module.eval()
            if self.dropout is not None and isinstance(module, nn.Dropout):
                module.p = self.dropout
        return self
