"""DAPA: trains on rendered bodies near its own predictions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, get_args

import numpy as np
import torch
from mmengine.optim import OptimWrapper
from torch import Tensor, nn

from ...datasets import TrackFrames
from ...geometry import image_to_crop, project_points
from ...registry import MODELS, VISUALIZERS
from ...structures import MeshPrediction
from ..estimators import evaluation_mode
from .base import BaseAdaptor
from .batch import WindowBatch
from .fake_crops import (
    BodyArrays,
    FakeBetas,
    FakeCrops,
    Noise,
    PosedPoints,
    PosePerturbation,
    paint_crops,
)
from .frame_groups import frame_groups
from .session import FrameLabels, Session

Step = Literal['real', 'fake']


@MODELS.register_module()
class DAPA(BaseAdaptor):
    """Domain adaptive pose augmentation (Weng et al., 3DV 2022).

    Each batch of frames gives two steps of the optimizer. The real step has
    ``losses``: 2D keypoints and the camera's scale. For the fake step the
    predicted poses are perturbed in a latent space, drawn into the crops of
    the same frames, and the network trains on these images with full labels.

    Differs from the published method: it adapts to each track from the
    pre-trained weights, not once to the whole data set; colours are those of
    the crop, not of a trained texture network; without the term of depth
    signs. A batch has single frames, whatever ``window_frames`` is.

    Args:
        estimator: See :class:`BaseAdaptor`.
        body: See :class:`BaseAdaptor`.
        pose_space: Config of a
            :class:`~semtta_mm.models.priors.PoseSpace`.
        painter: Config of what draws a body into a crop.
        fake_loss: Config of the fake step's loss.
        noise: See :func:`.perturbed`.
        noise_scale: See :class:`.PosePerturbation`.
        sample: See :class:`.PosePerturbation`.
        fake_betas: See :class:`.PosePerturbation`.
        steps: Steps of a batch, in order.
        **kwargs: See :class:`BaseAdaptor`.
    """

    provides = frozenset({'windows', 'pose_bank'})

    def __init__(
        self,
        estimator: dict[str, Any],
        body: dict[str, Any],
        pose_space: Mapping[str, Any],
        painter: Mapping[str, Any] | None = None,
        fake_loss: Mapping[str, Any] | None = None,
        noise: Noise = 'uniform',
        noise_scale: float = 0.005,
        sample: bool = True,
        fake_betas: FakeBetas = 'zeros',
        steps: Sequence[Step] = ('real', 'fake'),
        **kwargs: Any,
    ) -> None:
        super().__init__(estimator, body, **kwargs)
        if not steps or set(steps) - set(get_args(Step)):
            raise ValueError(f"steps: of 'real' and 'fake', got {steps!r}")
        self.steps = tuple(steps)
        space = MODELS.build(dict(pose_space))
        loss = MODELS.build(dict(fake_loss or {'type': 'FullLabelLoss'}))
        # A tuple keeps them out of the module's state.
        self._frozen: tuple[nn.Module, nn.Module] = (space, loss)
        self.perturb = PosePerturbation(
            space, noise, noise_scale, sample, fake_betas
        )
        self.painter = VISUALIZERS.build(
            dict(painter or {'type': 'BodyPainter'})
        )
        self._mesh = BodyArrays.of(self.body)

    def frozen_modules(self) -> Iterable[nn.Module]:
        """See :meth:`BaseAdaptor.frozen_modules`."""
        return (*super().frozen_modules(), *self._frozen)

    def begin(
        self,
        frames: TrackFrames,
        labels: FrameLabels | None = None,
        seed: int = 0,
        restore: float = 1.0,
    ) -> Session:
        """See :meth:`BaseAdaptor.begin`."""
        session = super().begin(frames, labels, seed, restore)
        session.segments = frame_groups(len(frames))
        self._rng = np.random.default_rng(seed)
        return session

    def train_step(
        self, data: Mapping[str, Any], optim_wrapper: OptimWrapper
    ) -> dict[str, Tensor]:
        """Mmengine's entry: all :attr:`steps` on a batch of frames.

        Args:
            data: ``windows [B]``, numbers of frames.
            optim_wrapper: Of the network.

        Returns:
            Values for the log; ``loss`` is the sum of the steps'.
        """
        windows = torch.as_tensor(data['windows'])
        log: dict[str, Tensor] = {}
        for step in self.steps:
            with optim_wrapper.optim_context(self):
                losses = self._losses_of(step, windows)
            total, values = self.parse_losses(losses)
            optim_wrapper.update_params(total)
            values['loss'] = values['loss'] + log.get('loss', 0)
            log.update(values)
        return log

    def _losses_of(self, step: Step, windows: Tensor) -> dict[str, Tensor]:
        if step == 'fake':
            return self.fake_losses(windows)
        losses = self(windows)
        assert isinstance(losses, dict)
        return losses

    def fake_losses(self, windows: Tensor) -> dict[str, Tensor]:
        """Losses of rendered crops of some frames.

        Args:
            windows: Numbers of frames ``[B]``.

        Returns:
            ``loss_fake_{name}`` of each term.
        """
        batch = WindowBatch.gather(self.session, windows, self.device)
        crops = self.fake_crops(batch)
        prediction = self.predict(self.inputs_of(crops.images))
        found = self.points_in_crop(prediction)
        terms = self._frozen[1](found, crops.labels)
        return {f'loss_fake_{name}': value for name, value in terms.items()}

    @torch.no_grad()
    def fake_crops(self, batch: WindowBatch) -> FakeCrops:
        """Perturb the predictions of a batch, and draw them.

        Args:
            batch: The frames.
        """
        with evaluation_mode(self.estimator):
            seen = self.predict(batch.inputs)
        drawn = self.perturb(seen, self.session.generator)
        _, intrinsics = self._in_crop(drawn)
        images = paint_crops(
            self.painter,
            self._mesh,
            self.session.frames.images[batch.frame.cpu()],
            (self._vertices(seen), self._vertices(drawn)),
            intrinsics,
            self._rng,
        )
        return FakeCrops(images, self.points_in_crop(drawn))

    def inputs_of(self, images: Tensor) -> Tensor:
        """Crops as inputs of the adapting part.

        Args:
            images: RGB ``[B, 3, S, S]``, uint8.

        Returns:
            The crops, or their features by the frozen trunk, in eval mode.
        """
        images = images.to(self.device)
        if self.adapts != 'head':
            return images
        with torch.no_grad(), evaluation_mode(self.estimator):
            features: Tensor = self.estimator.extract_features(images)
            return features

    def points_in_crop(self, prediction: MeshPrediction) -> PosedPoints:
        """Joints of bodies, in 3D and in the crop.

        Args:
            prediction: The bodies ``[B]``.
        """
        transl, intrinsics = self._in_crop(prediction)
        name = self.session.frames.convention
        names = tuple(dict.fromkeys((name, 'smpl_24')))
        points = self.body(prediction.params, False, names).keypoints
        pixels = project_points(points[name] + transl[:, None], intrinsics)
        box = self._whole_crop(prediction)
        # The middle of the crop is 0.
        return PosedPoints(
            prediction.params,
            points['smpl_24'],
            image_to_crop(pixels, box, 2) - 1,
        )

    def _whole_crop(self, prediction: MeshPrediction) -> Tensor:
        """The crop as a box in its own pixels ``[B, 4]``."""
        size = float(self.estimator.input_size)
        box = prediction.camera.new_tensor([0.0, 0.0, size, size])
        return box.expand(len(prediction.camera), 4)

    def _in_crop(self, prediction: MeshPrediction) -> tuple[Tensor, Tensor]:
        """Translation and intrinsics of the crop's camera, px of the crop."""
        found: tuple[Tensor, Tensor] = self.estimator.locate(
            prediction.camera, self._whole_crop(prediction)
        )
        return found

    def _vertices(self, prediction: MeshPrediction) -> Tensor:
        """Meshes in front of the crop's camera ``[B, V, 3]``, m."""
        transl, _ = self._in_crop(prediction)
        vertices: Tensor | None
        vertices = self.body(prediction.params, True, ()).vertices
        assert vertices is not None
        return vertices + transl[:, None]
