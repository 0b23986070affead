"""Labels of a track from its motion, where none were given."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Literal, get_args

from mmengine.hooks import Hook
from mmengine.runner import Runner
from torch import Tensor

from ...checkpoints.weights import load_weights, weights_exist
from ...labeling import MotionLabeler
from ...labeling.motion_check import checked_spans
from ...models.adaptors import BaseAdaptor
from ...models.adaptors.lifting import lift_track
from ...models.adaptors.rays import track_rays
from ...models.adaptors.refinement import Refinement, refine_track
from ...models.lifters import TextLifter
from ...models.motion_text.label_readout_file import (
    READOUT_FILE,
    read_readout,
)
from ...registry import HOOKS, MODELS
from ...utils import InputError
from ...utils.required_files import RequiredFile
from ..adaptor import require

Source = Literal['prediction', 'lifted']


@HOOKS.register_module()
class MotionLabelHook(Hook):
    """Labels a track that has none, offline, from a motion.

    Beyond the paper. Before the first epoch, the motion-text model of the
    method compares a motion with all labels of its dictionary
    (:class:`~semtta_mm.labeling.MotionLabeler`). Labels are written to
    ``labels.json`` with the source ``'motion'``. Tracks with given labels
    keep them; those of a checked source that contradict the motion become
    unknown. Runs after :class:`RefreshHook`, before all hooks that read
    labels.

    Args:
        source: The motion: ``'prediction'``, of the un-adapted network; or
            ``'lifted'``, from the 2D keypoints without a text.
        readout: Shipped name or file, see :func:`.read_readout`.
        second: Config of a further encoder that the readout reads, after
            the method's own; None reads that one only.
        threshold: Least confidence of a label; below it is unknown.
        span_seconds: Most seconds that get one label.
        checked: Sources of given labels that are compared with the motion,
            as in ``labels.json``; none by default.
        least: A checked label contradicts the motion if its confidence by
            the motion is below this, and another one has ``threshold``.
        lifter: Config of the network for ``'lifted'``.
        weights: Pre-trained weights of it: a shipped name or a file.
        refine: Settings of
            :class:`~semtta_mm.models.adaptors.refinement.Refinement`, which
            moves the lifted motion to the keypoints; None leaves it.

    Raises:
        InputError: If ``'lifted'`` has no lifter.
    """

    priority = 41

    required_files = (
        RequiredFile(
            'weights',
            'weights of TextLifter',
            '`semtta train configs/train_lifter.py`; lifter_open is in the '
            'package',
            weights_exist,
        ),
        READOUT_FILE,
    )

    def __init__(
        self,
        source: Source = 'lifted',
        readout: str = 'motion_text_open',
        second: dict[str, Any] | None = None,
        threshold: float = 0.4,
        span_seconds: float = 10.0,
        checked: Collection[str] = (),
        least: float = 0.005,
        lifter: dict[str, Any] | None = None,
        weights: str | None = None,
        refine: Mapping[str, Any] | None = None,
    ) -> None:
        if source not in get_args(Source):
            raise ValueError(f'source: {source!r} is unknown')
        if source == 'lifted' and lifter is None:
            fix = "write lifter=dict(type='TextLifter')"
            raise InputError('config', 'MotionLabelHook', 'no lifter', fix)
        self.source = source
        self.readout = read_readout(readout)
        self.second = None if second is None else MODELS.build(second)
        self.threshold, self.span_seconds = threshold, span_seconds
        self.checked, self.least = frozenset(checked), least
        self.refinement = None if refine is None else Refinement(**refine)
        self.lifter: TextLifter | None = None
        if lifter is not None:
            self.lifter = MODELS.build(lifter)
            if weights is not None:
                load_weights(self.lifter, weights)
            self.lifter.eval()

    def before_train(self, runner: Runner) -> None:
        """Label the track without labels, or check those given.

        Raises:
            InputError: If the method has no motion-text model, or the
                readout is of another one.
        """
        adaptor = require(runner, self, 'windows')
        session = adaptor.session
        if session.labels.texts:
            self._check(runner, adaptor)
            return
        labeler = self.labeler(adaptor)
        spans = labeler(session.frames.track, self.motion(adaptor))
        for span in spans:
            known = span.dictionary_entry or 'unknown: no text there'
            runner.logger.info(
                f'{session.frames.name}: frames {span.start} to {span.end}: '
                f'{known}, by its motion ({span.raw})'
            )
        runner.train_loop.relabel(spans)

    def _check(self, runner: Runner, adaptor: BaseAdaptor) -> None:
        """Refuse given labels that contradict the motion."""
        track = adaptor.session.frames.track
        given = runner.train_loop.spans.get(track.name, [])
        if not self.checked & {span.source for span in given}:
            return
        spans = checked_spans(
            given,
            track,
            self.motion(adaptor),
            self.labeler(adaptor),
            self.least,
            self.checked,
        )
        for old, new in zip(given, spans, strict=True):
            if new is not old:
                runner.logger.warning(
                    f'{track.name}: frames {old.start} to {old.end}: '
                    f'{old.text!r} contradicts the motion, now unknown'
                )
        if spans != given:
            runner.train_loop.relabel(spans)

    def labeler(self, adaptor: BaseAdaptor) -> MotionLabeler:
        """The labeler with the encoders of the method and the hook."""
        encoders = [adaptor.motion_text]
        if self.second is not None:
            encoders.append(self.second.to(adaptor.device))
        return MotionLabeler(
            encoders,
            adaptor.dictionary,
            self.readout,
            self.threshold,
            self.span_seconds,
        )

    def motion(
        self, adaptor: BaseAdaptor, source: str | None = None
    ) -> Tensor:
        """Rotation matrices of a source ``[T, 24, 3, 3]``.

        Args:
            adaptor: After a refresh pass.
            source: None takes the hook's.
        """
        session = adaptor.session
        if (source or self.source) == 'prediction':
            return session.refreshed.params.pose
        assert self.lifter is not None
        self.lifter.to(adaptor.device)
        lifted = lift_track(self.lifter, None, session, use_estimate=False)
        if self.refinement is None:
            return lifted.pose
        return refine_track(
            lifted.pose,
            lifted.error,
            lifted.betas,
            adaptor.body,
            session,
            track_rays(session),
            self.refinement,
        )
