"""The base of all methods: a mesh estimator that adapts to one track."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from typing import Any, Literal, get_args

import torch
from mmengine.model import BaseModel
from torch import Tensor, nn

from ...checkpoints.weights import load_weights
from ...datasets import TrackFrames
from ...geometry import project_points
from ...geometry.resampling import MOTION_RATE
from ...registry import MODELS
from ...structures import MeshPrediction, TrackPrediction
from ...utils.required_files import RequiredFile
from ..estimators import extract_track_features, predict_track
from ..motion_text import MotionDictionary
from .batch import WindowBatch
from .loss_input import LossInput
from .parts import build_losses, check_losses, estimator_weights
from .session import FrameLabels, Session

Adapts = Literal['network', 'head']
Shape = Literal['frame', 'track']

CAPABILITIES = ('windows', 'pose_bank', 'smooth_targets')
"""Parts of a :class:`Session` that loops and hooks may require.

Every session holds a pose bank of the detected keypoints; ``pose_bank`` states
that the method's losses read it, so that hooks may update it. Likewise
``smooth_targets``.
"""


@MODELS.register_module()
class BaseAdaptor(BaseModel):
    """Adapts a mesh estimator to one track at a time, under any losses.

    A method is a sub-class, or this class with other losses. Only the
    estimator belongs to the module's state and is optimised; losses and
    frozen networks stay outside of it. A batch is the numbers of windows;
    images, evidence and targets stay in the :class:`Session`, in one
    process.

    The loop calls :meth:`begin`, then ``train_step`` (mmengine's, which calls
    :meth:`forward`) for every batch, and :meth:`finish`. Hooks read and
    replace parts of :attr:`session`.

    Args:
        estimator: Config of the network.
        body: Config of the body.
        weights: Pre-trained weights of the network: a shipped name or a
            file; None keeps what it was built with.
        losses: Name to the config of a module that is called with a
            :class:`LossInput` and returns a scalar; None for a name leaves
            it out. The log has ``loss_{name}``.
        window_frames: Frames of a window at 30 fps; the paper's is 60.
        adapts: ``'network'``, as in the paper; or ``'head'``, beyond it: the
            frozen trunk runs once a frame, and a step costs a small part.
        shape: ``'frame'``, as in the paper: the network predicts a shape for
            each frame; or ``'track'``, beyond it: frames share the mean, in
            a step that of its batch.
        true_camera: Project with the track's own intrinsics, if it has any,
            in losses, pose bank and results; False uses the estimator's crop
            camera everywhere.
        **kwargs: See :class:`mmengine.model.BaseModel`.

    Raises:
        InputError: If a loss has no type, or weights do not fit.
    """

    provides: frozenset[str] = frozenset(CAPABILITIES)
    """The :data:`CAPABILITIES` of its sessions."""

    dictionary: MotionDictionary | None = None
    """Labels that :meth:`begin` accepts; None accepts no labels."""

    def __init__(
        self,
        estimator: dict[str, Any],
        body: dict[str, Any],
        weights: str | None = None,
        losses: Mapping[str, dict[str, Any] | None] | None = None,
        window_frames: int = 60,
        adapts: Adapts = 'network',
        shape: Shape = 'frame',
        true_camera: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.estimator = MODELS.build(estimator)
        self.estimator.is_init = True  # a Runner must not initialise it again
        if weights is not None:
            load_weights(self.estimator, weights)
        if adapts not in get_args(Adapts):
            raise ValueError(f"adapts: unknown {adapts!r}; use 'network'")
        if shape not in get_args(Shape):
            raise ValueError(f"shape: unknown {shape!r}; use 'frame'")
        self.adapts, self.shape = adapts, shape
        if adapts == 'head':
            self.estimator.train_head_only()
        self.body = MODELS.build(body)
        self.window_frames = window_frames
        self.true_camera = true_camera
        # A tuple keeps them out of the module's state.
        self._losses = (build_losses(losses or {}),)
        self._start = deepcopy(self.estimator.state_dict())
        self._session: Session | None = None

    @property
    def motion_text(self) -> nn.Module | None:
        """The frozen motion-text model; None, as here, without one."""
        return None

    @property
    def losses(self) -> nn.ModuleDict:
        """The losses by name."""
        return self._losses[0]

    @property
    def session(self) -> Session:
        """State of the track under adaptation.

        Raises:
            RuntimeError: Before :meth:`begin`.
        """
        if self._session is None:
            name = type(self).__name__
            raise RuntimeError(f'{name}: call begin(frames) first')
        return self._session

    @property
    def device(self) -> torch.device:
        """Where the network is."""
        mean: Tensor = self.estimator.mean
        return mean.device

    @classmethod
    def required_files(
        cls, config: Mapping[str, Any]
    ) -> tuple[RequiredFile, ...]:
        """Files that an adaptor needs itself, without those of its parts."""
        return (estimator_weights(config),)

    def frozen_modules(self) -> Iterable[nn.Module]:
        """Modules outside of the state, which move to the device with it."""
        return (self.losses,)

    def begin(
        self,
        frames: TrackFrames,
        labels: FrameLabels | None = None,
        seed: int = 0,
        restore: float = 1.0,
    ) -> Session:
        """Restore the pre-trained weights and start a track.

        Args:
            frames: The track.
            labels: Action of each frame; None leaves all unknown.
            seed: Of this track's random choices.
            restore: See :meth:`restore`; 0 goes on from the last track.

        Returns:
            The new session.

        Raises:
            InputError: If a loss has a ``check(adaptor)`` that refuses this
                method, e.g. a calibration of another motion-text model.
        """
        check_losses(self)
        self.restore(restore)
        for module in self.frozen_modules():
            module.to(self.device)
        seconds = self.window_frames / MOTION_RATE
        self._session = Session.begin(
            frames, labels, seconds, seed, self.true_camera
        )
        own = self.estimator.begin_track(frames)
        if own is not None:
            self._session.features, self._session.camera = own
        elif self.adapts == 'head':
            self._session.features = extract_track_features(
                self.estimator, frames
            )
        return self._session

    @torch.no_grad()
    def restore(self, share: float = 1.0) -> None:
        """Move the network to its pre-trained weights.

        Args:
            share: Of the way; 1 is a full reset, 0 changes nothing.
        """
        if share == 1:
            self.estimator.restore(self._start)
            return
        for name, value in self.estimator.state_dict().items():
            if value.is_floating_point():
                value.lerp_(self._start[name].to(value), share)

    def finish(self) -> None:
        """Called after the last hook of a track; releases nothing here."""

    def forward(
        self, windows: Tensor, mode: str = 'loss'
    ) -> dict[str, Tensor] | MeshPrediction:
        """Mmengine's entry.

        Args:
            windows: Numbers of the session's windows ``[B]``.
            mode: ``'loss'``, or ``'predict'`` for the bodies of the batch's
                different frames.

        Returns:
            ``loss_{name}`` of every loss and further log values of losses;
            or the prediction.
        """
        batch = WindowBatch.gather(self.session, windows, self.device)
        prediction = self.predict(batch.inputs)
        if self.shape == 'track':
            prediction = prediction.with_mean_shape()
        if mode == 'predict':
            return prediction
        return self.step_losses(
            LossInput(batch, prediction, self.session, self)
        )

    def step_losses(self, step: LossInput) -> dict[str, Tensor]:
        """Losses of a training step.

        Args:
            step: The batch and its prediction.

        Returns:
            ``loss_{name}`` of every loss and further log values of losses.
        """
        losses = {
            f'loss_{name}': loss(step) for name, loss in self.losses.items()
        }
        return losses | step.log

    def predict(self, inputs: Tensor) -> MeshPrediction:
        """Bodies of some frames.

        Args:
            inputs: Rows of :attr:`Session.inputs` ``[U, ...]``.
        """
        run = self.estimator
        if self.session.features is not None:
            run = self.estimator.forward_head
        prediction: MeshPrediction = run(inputs)
        return prediction

    def predict_track(
        self,
        conventions: Sequence[str] = ('smpl_24',),
        vertices: bool = False,
        batch_size: int = 64,
    ) -> TrackPrediction:
        """Bodies of the session's whole track, in eval mode.

        Args:
            conventions: Joints to give in 3D, beside the evidence's.
            vertices: Whether to give meshes.
            batch_size: Frames at a time.

        Returns:
            The prediction, on the CPU.
        """
        session = self.session
        return predict_track(
            self.estimator,
            self.body,
            session.frames,
            conventions,
            vertices,
            session.intrinsics,
            batch_size,
            predict=lambda part: self.predict(
                session.inputs[part].to(self.device)
            ),
            mean_shape=self.shape == 'track',
        )

    def project(
        self, prediction: MeshPrediction, batch: WindowBatch
    ) -> Tensor:
        """Keypoints of bodies in the image (Eq. 2).

        Args:
            prediction: Of the batch's different frames ``[U]``.
            batch: Gives boxes, camera and convention.

        Returns:
            ``[U, K, 2]``, px of the original image.
        """
        transl, intrinsics = self.estimator.locate(
            prediction.camera, batch.boxes, batch.intrinsics
        )
        name = batch.convention
        points = self.body(prediction.params, False, (name,)).keypoints[name]
        return project_points(points + transl[:, None], intrinsics)

    def similarity(
        self, motion: Tensor, valid: Tensor, label: Tensor
    ) -> Tensor:
        """Cosines of windows with their texts (Eq. 3).

        Args:
            motion: Rotation matrices ``[B, T, 24, 3, 3]``.
            valid: Frames that exist ``[B, T]``, bool.
            label: Row of the dictionary ``[B]``, -1 for none.

        Returns:
            ``[B]``; 0 without a motion-text model, as here.
        """
        return motion.new_zeros(len(label))

    def cosines(self, motion: Tensor, valid: Tensor, label: Tensor) -> Tensor:
        """Cosines of windows with all texts.

        Args:
            motion: Rotation matrices ``[B, T, 24, 3, 3]``.
            valid: Frames that exist ``[B, T]``, bool.
            label: Row of the dictionary ``[B]``, -1 for none; its exemplar
                gives the global rotation.

        Returns:
            ``[B, L]``; L is 0 without a motion-text model, as here.
        """
        return motion.new_zeros(len(label), 0)

    def session_cosines(self, pose: Tensor) -> Tensor | None:
        """Cosine of every window with every text.

        Args:
            pose: Predicted rotation matrices of the track
                ``[T, 24, 3, 3]``.

        Returns:
            ``[N, L]``; None without a motion-text model, as here.
        """
        return None
