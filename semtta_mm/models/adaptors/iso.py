"""ISO: geometric self-supervision on each frame before its prediction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import torch
from mmengine.optim import OptimWrapper
from torch import Tensor, nn

from ...datasets import TrackFrames
from ...geometry import image_to_crop
from ...registry import MODELS
from ...structures import MeshPrediction, SMPLParams, TrackPrediction
from ..estimators import evaluation_mode, predict_track
from .base import BaseAdaptor
from .batch import WindowBatch
from .frame_groups import frame_groups
from .hmr_parts import HMRParts
from .iso_cycle import Views, cycle_terms
from .iso_fit import FitOptions, fit_lifter, points_in_crop
from .session import FrameLabels, Session

Mode = Literal['instance', 'online']


@dataclass(frozen=True)
class SSLTask:
    """Virtual views of some frames; V views in all.

    Attributes:
        inputs: Of the network ``[U, ...]``.
        points: Keypoints ``[V, K, 2]``, -1 to 1 over the crop.
        weight: Confidences ``[V, K]``, 0 where missing.
        turns: Rotations ``[V, 3, 3]``.
        given: Keypoints that the first lift gets ``[V, K]``.
    """

    inputs: Tensor
    points: Tensor
    weight: Tensor
    turns: Tensor
    given: Tensor


@MODELS.register_module()
class ISO(BaseAdaptor):
    """Inference stage optimization (Zhang, Nie and Feng, NeurIPS 2020).

    Two heads read shared features: the supervised one (FSL) predicts the
    body, the self-supervised one (SSL) lifts 2D keypoints. On each new group
    of frames the SSL loss moves the shared weights alone, then the FSL head
    predicts these frames; that prediction is kept. No code is public, and the
    method is published for networks that lift 2D to 3D. Ours, stated in
    ``docs/baselines_dapa_iso.md``: the shared part is the network up to the
    first layer of HMR's regressor; the SSL head is a small lifter, fitted
    to the FSL head's own 3D at the start of the track.

    Args:
        estimator: See :class:`BaseAdaptor`; an ``HMREstimator``.
        body: See :class:`BaseAdaptor`.
        mode: ``'instance'``: each group starts from the pre-trained weights;
            ``'online'``: weights and optimizer go on within the track.
        steps: Steps of the optimizer on a group.
        group: Frames of a group.
        lifter: Config of the SSL head; ``keypoints`` and ``features`` are
            added.
        fit: Options of :class:`.FitOptions`.
        fit_frames: The SSL head is fitted to so many first frames of the
            track, None to all: their images, not their keypoints.
        views: Options of :class:`.Views`.
        weights_of: Weights of the terms of :func:`.cycle_terms`.
        **kwargs: See :class:`BaseAdaptor`; ``losses`` are not used.
    """

    provides = frozenset({'windows', 'pose_bank'})

    def __init__(
        self,
        estimator: dict[str, Any],
        body: dict[str, Any],
        mode: Mode = 'instance',
        steps: int = 5,
        group: int = 1,
        lifter: Mapping[str, Any] | None = None,
        fit: Mapping[str, Any] | None = None,
        fit_frames: int | None = None,
        views: Mapping[str, Any] | None = None,
        weights_of: Mapping[str, float] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(estimator, body, **kwargs)
        if mode not in get_args(Mode):
            raise ValueError(f"mode: unknown {mode!r}; use 'instance'")
        if steps < 1 or group < 1:
            raise ValueError(f'steps, group: 1 or more, got {steps}, {group}')
        self.mode, self.steps, self.group = mode, steps, group
        self.parts = HMRParts(self.estimator, self.adapts == 'head')
        self.parts.freeze_rest()
        self.lifter_config = dict(lifter or {'type': 'CycleLifter'})
        self.fit = FitOptions(**(fit or {}))
        self.fit_frames = fit_frames
        self.views = Views(**(views or {}))
        self.weights_of = {'reproject': 1.0, 'cycle2d': 1.0, 'cycle3d': 1.0}
        self.weights_of |= dict(weights_of or {})
        # A tuple keeps it out of the module's state.
        self._lifter: tuple[nn.Module, ...] = ()
        self._kept: dict[int, MeshPrediction] = {}
        self._done = 0

    @property
    def lifter(self) -> nn.Module:
        """The SSL head of this track; frozen after its fit."""
        return self._lifter[0]

    def frozen_modules(self) -> Iterable[nn.Module]:
        """See :meth:`BaseAdaptor.frozen_modules`."""
        return (*super().frozen_modules(), *self._lifter)

    def begin(
        self,
        frames: TrackFrames,
        labels: FrameLabels | None = None,
        seed: int = 0,
        restore: float = 1.0,
    ) -> Session:
        """See :meth:`BaseAdaptor.begin`; fits the SSL head.

        Args:
            frames: The track.
            labels: Not used.
            seed: Of all random choices.
            restore: See :meth:`BaseAdaptor.begin`.
        """
        session = super().begin(frames, labels, seed, restore)
        session.segments = frame_groups(len(frames), self.group)
        self._kept, self._done = {}, 0
        self._lifter = (self._fitted(session, seed),)
        return session

    def _fitted(self, session: Session, seed: int) -> nn.Module:
        """A lifter that agrees with the FSL head on this track."""
        config = {
            **self.lifter_config,
            'keypoints': session.frames.keypoints.shape[1],
            'features': self.parts.size,
        }
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            lifter: nn.Module = MODELS.build(config).to(self.device)
        convention = session.frames.convention
        inputs = session.inputs[: self.fit_frames]
        with torch.no_grad(), evaluation_mode(self.estimator):
            shared = torch.cat(
                [
                    self.parts.shared(part.to(self.device))
                    for part in inputs.split(64)
                ]
            )
        fit_lifter(
            lifter,
            shared,
            lambda s: points_in_crop(
                self.body, self.parts.bodies(s), convention
            ),
            self.fit,
            self.views,
            session.generator,
        )
        return lifter.requires_grad_(False).train(False)

    def train_step(
        self, data: Mapping[str, Any], optim_wrapper: OptimWrapper
    ) -> dict[str, Tensor]:
        """Mmengine's entry: adapt to the next group, and predict it.

        Groups come in the order of the frames, also in a loop that draws
        them at random.

        Args:
            data: Not used; a loop in order draws the same group.
            optim_wrapper: Of the network.

        Returns:
            Terms of the SSL loss, and the loss before and after the steps,
            in the same virtual views.
        """
        number = torch.tensor([self._done % len(self.session.segments)])
        self._done += 1
        batch = WindowBatch.gather(self.session, number, self.device)
        if self.mode == 'instance':
            self._restore()
            optim_wrapper.optimizer.state.clear()
        with evaluation_mode(self.estimator):
            log = self.adapt_to(batch, optim_wrapper)
            with torch.no_grad():
                found = self.predict(batch.inputs)
        self._keep(batch, found)
        return log

    @torch.no_grad()
    def _restore(self) -> None:
        """Pre-trained values of the weights that move."""
        for name, value in self.estimator.named_parameters():
            if value.requires_grad:
                value.copy_(self._start[name])

    def adapt_to(
        self, batch: WindowBatch, optim_wrapper: OptimWrapper
    ) -> dict[str, Tensor]:
        """All steps on a group of frames.

        Args:
            batch: The frames.
            optim_wrapper: Of the network.
        """
        task = self.draw_task(batch)
        first: Tensor | None = None
        for _ in range(self.steps):
            total = sum_of(self.ssl_terms(task))
            first = total.detach() if first is None else first
            optim_wrapper.update_params(total)
        with torch.no_grad():
            terms = self.ssl_terms(task)
        assert first is not None
        after = sum_of(terms)
        log = {f'loss_{name}': value for name, value in terms.items()}
        log |= {'loss_ssl_before': first, 'loss_ssl_after': after}
        return log | {'loss': after}

    def draw_task(self, batch: WindowBatch) -> SSLTask:
        """Virtual views of some frames, and what the lifter gets of them.

        Args:
            batch: The frames.
        """
        count, generator = self.views.count, self.session.generator
        points = image_to_crop(batch.keypoints, batch.boxes, 2) - 1
        scores = self.session.scores[batch.frame.cpu()].to(points)
        weight = (batch.weight * scores).repeat_interleave(count, 0)
        turns = self.views.draw(len(points), generator).to(points)
        return SSLTask(
            inputs=batch.inputs,
            points=points.repeat_interleave(count, 0),
            weight=weight,
            turns=turns,
            given=self.views.given(weight, generator),
        )

    def ssl_terms(self, task: SSLTask) -> dict[str, Tensor]:
        """Weighted terms of the SSL loss.

        Args:
            task: Frames and their virtual views.
        """
        shared = self.parts.shared(task.inputs)
        shared = shared.repeat_interleave(self.views.count, 0)
        terms = cycle_terms(
            lambda at, seen: self.lifter(at, seen, shared),
            task.points,
            task.weight,
            task.turns,
            task.given,
        )
        return {k: self.weights_of[k] * v for k, v in terms.items()}

    def predict_track(
        self,
        conventions: Sequence[str] = ('smpl_24',),
        vertices: bool = False,
        batch_size: int = 64,
    ) -> TrackPrediction:
        """See :meth:`BaseAdaptor.predict_track`.

        Once every frame has been adapted to: what was predicted of each then,
        not what the last weights would.
        """
        session = self.session
        if len(self._kept) < len(session.frames):
            return super().predict_track(conventions, vertices, batch_size)
        return predict_track(
            self.estimator,
            self.body,
            session.frames,
            conventions,
            vertices,
            session.intrinsics,
            batch_size,
            predict=self._kept_bodies,
            mean_shape=self.shape == 'track',
        )

    def _keep(self, batch: WindowBatch, found: MeshPrediction) -> None:
        """Keep the predictions of a group, on the CPU."""
        params, camera = found.params.map(Tensor.cpu), found.camera.cpu()
        for row, frame in enumerate(batch.frame.tolist()):
            one = slice(row, row + 1)
            self._kept[frame] = MeshPrediction(params[one], camera[one])

    def _kept_bodies(self, part: slice) -> MeshPrediction:
        frames = range(len(self.session.frames))[part]
        kept = [self._kept[frame] for frame in frames]
        params = SMPLParams.cat([one.params for one in kept])
        camera = torch.cat([one.camera for one in kept])
        return MeshPrediction(params.to(self.device), camera.to(self.device))


def sum_of(terms: Mapping[str, Tensor]) -> Tensor:
    """Sum of all terms, a scalar."""
    return torch.stack(list(terms.values())).sum()
