"""The adapted model: estimator, body, motion-text model, losses (Eq. 10)."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any, Literal, get_args

import torch
from mmengine.model import BaseModel
from torch import Tensor, nn

from ...checkpoints.weights import load_weights
from ...datasets import TrackFrames
from ...registry import MODELS
from ...structures import MeshPrediction
from ..motion_text import read_dictionary_for
from .agreement import session_cosines
from .describe import describe
from .frame_losses import reprojection_loss, smoothing_loss
from .session import FrameLabels, Session
from .windows import MOTION_RATE, WindowBatch, text_similarity

Adapts = Literal['network', 'head']


@MODELS.register_module()
class SemTTA(BaseModel):
    """A mesh estimator that adapts to one track at a time.

    Only the estimator belongs to the module's state and is optimised. The
    motion-text model is frozen and stays outside. A batch is the numbers of
    windows; images, evidence and targets stay here, in one process, see
    :class:`Session`.

    Args:
        estimator: Config of the network.
        body: Config of the body.
        weights: Pre-trained weights of the network: a shipped name or a
            file; None keeps what it was built with.
        motion_text: Config of the motion-text model; None aligns nothing.
        dictionary: ``'open'`` or the path of a dictionary.
        keypoint_loss: Config of the 2D loss (Eq. 5), or None.
        align_loss: Config of the alignment loss (Eq. 4), or None.
        smooth_loss: Config of the smoothing loss (Eq. 9), or None.
        prior_losses: Name to the config of a
            :class:`~semtta_mm.models.priors.PriorLoss`, beyond the paper;
            None, or None for a name, has none.
        window_frames: Frames of a window at 30 fps; the paper's is 60.
        adapts: ``'network'``, as in the paper; or ``'head'``, beyond it: the
            trunk looks at each frame once, and a step costs a small part.
        **kwargs: See :class:`mmengine.model.BaseModel`.
    """

    def __init__(
        self,
        estimator: dict,
        body: dict,
        weights: str | None = None,
        motion_text: dict | None = None,
        dictionary: str = 'open',
        keypoint_loss: dict | None = None,
        align_loss: dict | None = None,
        smooth_loss: dict | None = None,
        prior_losses: dict[str, dict | None] | None = None,
        window_frames: int = 60,
        adapts: Adapts = 'network',
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.estimator = MODELS.build(estimator)
        self.estimator.is_init = True  # a Runner must not initialise it anew
        if weights is not None:
            load_weights(self.estimator, weights)
        if adapts not in get_args(Adapts):
            raise ValueError(f"adapts: unknown {adapts!r}; use 'network'")
        self.adapts = adapts
        if adapts == 'head':
            self.estimator.train_head_only()
        self.body = MODELS.build(body)
        self.window_frames = window_frames
        self.keypoint_loss = _built(keypoint_loss)
        self.align_loss = _built(align_loss)
        self.smooth_loss = _built(smooth_loss)
        priors = {
            name: MODELS.build(config)
            for name, config in (prior_losses or {}).items()
            if config is not None
        }
        # In a tuple, so that it is no part of the module's state.
        self._outside = (_built(motion_text), nn.ModuleDict(priors))
        self.dictionary = None
        if self.motion_text is not None:
            self.dictionary = read_dictionary_for(self.motion_text, dictionary)
        self._start = deepcopy(self.estimator.state_dict())
        self._session: Session | None = None

    @property
    def motion_text(self) -> nn.Module | None:
        """The frozen motion-text model."""
        return self._outside[0]

    @property
    def priors(self) -> nn.ModuleDict:
        """The frozen priors by name."""
        return self._outside[1]

    @property
    def session(self) -> Session:
        """State of the track under adaptation.

        Raises:
            RuntimeError: Before :meth:`begin`.
        """
        if self._session is None:
            raise RuntimeError('SemTTA: call begin(frames) first')
        return self._session

    def begin(
        self,
        frames: TrackFrames,
        labels: FrameLabels | None = None,
        seed: int = 0,
    ) -> Session:
        """Go back to the pre-trained weights and take up a track.

        Args:
            frames: The track.
            labels: What the person does; None knows nothing.
            seed: Of this track's random choices.
        """
        self.estimator.load_state_dict(self._start)
        seconds = self.window_frames / MOTION_RATE
        self._session = Session.begin(frames, labels, seconds, seed)
        if self.adapts == 'head':
            self._session.described = describe(self.estimator, frames)
        return self._session

    def forward(
        self, windows: Tensor, mode: str = 'loss'
    ) -> dict[str, Tensor] | Tensor:
        """Mmengine's entry.

        Args:
            windows: Numbers of the session's windows ``[B]``.
            mode: ``'loss'``, or ``'tensor'`` for the windows' cosines.

        Returns:
            Losses ``loss_*`` and the mean similarity; or ``[B]``.
        """
        batch = WindowBatch.gather(self.session, windows, self._device)
        prediction = self.predict(batch.inputs)
        if mode == 'tensor':
            return self._similarity(batch, prediction.params.pose)
        losses = dict[str, Tensor]()
        if self.keypoint_loss is not None:
            losses['loss_2d'] = reprojection_loss(
                self.keypoint_loss,
                self.estimator,
                self.body,
                batch,
                prediction,
            )
        if self.smooth_loss is not None:
            losses['loss_smooth'] = smoothing_loss(
                self.smooth_loss, batch, prediction
            )
        if self.align_loss is not None:
            similarity = self._similarity(batch, prediction.params.pose)
            labelled = batch.labelled
            losses['loss_align'] = self.align_loss(similarity, labelled)
            if labelled.any():
                losses['similarity'] = similarity[labelled].mean().detach()
        if self.priors:
            motion = batch.in_windows(prediction.params.pose)
            rate = self.session.frames.track.rate
            for name, prior in self.priors.items():
                losses[f'loss_prior_{name}'] = prior(motion, batch.valid, rate)
        return losses

    def predict(self, inputs: Tensor) -> MeshPrediction:
        """Bodies from :attr:`Session.inputs` of some frames."""
        if self.adapts == 'head':
            return self.estimator.from_description(inputs)
        return self.estimator(inputs)

    def _similarity(self, batch: WindowBatch, pose: Tensor) -> Tensor:
        """Cosines of windows with their texts ``[B]`` (Eq. 3)."""
        if self.motion_text is None or self.dictionary is None:
            return pose.new_zeros(len(batch.label))
        return text_similarity(
            self.motion_text,
            self.dictionary,
            batch.in_windows(pose),
            batch.valid,
            batch.label,
            self.session.frames.track.rate,
        )

    def session_cosines(self, pose: Tensor) -> Tensor | None:
        """See :func:`.agreement.session_cosines`; None without a model.

        Args:
            pose: Predicted rotation matrices of the track
                ``[T, 24, 3, 3]``.
        """
        if self.motion_text is None or self.dictionary is None:
            return None
        return session_cosines(
            self.session,
            self.motion_text,
            self.dictionary,
            pose.to(self._device),
        )

    @property
    def _device(self) -> torch.device:
        return self.estimator.mean.device

    def _apply(
        self, fn: Callable[[Tensor], Tensor], recurse: bool = True
    ) -> SemTTA:
        """Moves the frozen model along, e.g. in ``.to(device)``."""
        for module in self._outside:
            if module is not None:
                module._apply(fn)
        return super()._apply(fn, recurse)


def _built(config: dict | None) -> nn.Module | None:
    return None if config is None else MODELS.build(config)
