"""Adaptation to videos from Python, as an mmengine inferencer."""

from __future__ import annotations

import copy
import logging
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any
from uuid import uuid4

from mmengine.config import Config
from mmengine.device import get_device
from mmengine.infer import BaseInferencer
from mmengine.runner import Runner
from numpy.typing import NDArray

from ..datasets import TrackDataset
from ..engine import SemTTARunner
from ..models.adaptors import BaseAdaptor
from ..registry import INFERENCERS
from ..structures import PersonTrack
from ..utils import InputError
from .adapt import init_adaptor
from .config import check_adapts, read_config
from .input_tracks import input_tracks
from .labels import Labels, labeler_config
from .track_result import CollectResultsHook, TrackResult

Input = str | PathLike[str] | NDArray[Any] | PersonTrack


@INFERENCERS.register_module()
class SemTTAInferencer(BaseInferencer):
    """Adapts a mesh network to videos and returns bodies.

    Args:
        model: A config of an adaptation: a file, the name of one in the
            package, or a ``Config``.
        weights: Pre-trained weights instead of the config's.
        device: As torch names it; None takes the best available one.
        show_progress: Whether to draw a progress bar for each person.

    Raises:
        InputError: If the config or a file of it is missing or wrong.

    Examples:
        >>> inferencer = SemTTAInferencer('semtta_hmr_demo')
        >>> for person in inferencer('walk.mp4', text='walk'):
        ...     person.save('results')
    """

    preprocess_kwargs = {
        'keypoints',
        'boxes',
        'convention',
        'fps',
        'frames',
        'person',
    }
    forward_kwargs = {'text', 'labels', 'vlm', 'epochs', 'seed'}
    visualize_kwargs: set[str] = set()
    postprocess_kwargs = {'out_dir'}

    def __init__(
        self,
        model: str | PathLike[str] | Config = 'semtta_hmr_demo',
        weights: str | None = None,
        device: str | None = None,
        show_progress: bool = True,
    ) -> None:
        cfg = read_config(model)
        check_adapts(cfg)
        super().__init__(
            cfg, weights, device or get_device(), 'semtta_mm', show_progress
        )

    def __call__(
        self, inputs: Input | Sequence[Input], **kwargs: Any
    ) -> Iterator[TrackResult]:
        """Adapt to every person of the inputs.

        Args:
            inputs: A video file, a folder of images, a track file (npz), a
                :class:`~semtta_mm.structures.PersonTrack`, an array of
                frames ``[T, H, W, 3]`` (BGR, uint8), or a list of these.
            **kwargs: For all inputs:

                - ``keypoints``: 2D evidence instead of a detector's: a file
                  or folder that ``semtta convert`` reads, or an array
                  ``[T, K, 3]`` (x, y in px, score);
                - ``convention``: of a keypoint array, e.g. ``'coco_17'``;
                - ``boxes``: tight boxes ``[T, 4]`` (x1, y1, x2, y2), px, of
                  one person; None finds all people, or takes those of given
                  keypoints;
                - ``person``: identities of the wanted people of a video;
                  None takes all, the main person first;
                - ``fps``: frames per second, for images and arrays; 30 if
                  not given;
                - ``frames``: a slice of frame numbers, such as
                  ``slice(0, 300, 2)``, or a
                  :class:`~semtta_mm.datasets.FrameSelection`;
                - ``text``: the action in all frames; or
                - ``labels``: a ``labels.json``, or a list of spans; or
                - ``vlm``: arguments of
                  :class:`~semtta_mm.labeling.VLMLabeler`, such as
                  ``dict(url=..., model=...)``; without all three the
                  config's labeler, if it can label any track;
                - ``epochs``, ``seed``: instead of the config's;
                - ``out_dir``: folder that each result is saved to.

        Yields:
            One result per person, as soon as its input is processed. An
            input without a person yields nothing, with a warning.

        Raises:
            InputError: If an input or an argument is wrong.
        """
        sets = self._dispatch_kwargs(**kwargs)
        preprocess, forward, _, postprocess = sets
        for item in self._inputs_to_list(inputs):
            with tempfile.TemporaryDirectory() as folder:
                tracks = self.preprocess(item, folder=folder, **preprocess)
                if not tracks:
                    name = (
                        item if isinstance(item, str | PathLike) else 'input'
                    )
                    warnings.warn(f'{name}: no person was found', stacklevel=2)
                    continue
                results = self.forward(tracks, folder=folder, **forward)
                yield from self.postprocess(results, **postprocess)

    def _inputs_to_list(self, inputs: Any) -> list[Input]:
        """A list of inputs; a folder of images is one input."""
        if isinstance(inputs, list | tuple):
            return list(inputs)
        return [inputs]

    def preprocess(
        self, inputs: Input, folder: str, **kwargs: Any
    ) -> list[PersonTrack]:
        """Tracks of one input; see :func:`.input_tracks`."""
        detector = self.cfg.get('detector')
        return input_tracks(inputs, Path(folder), detector, **kwargs)

    def forward(
        self,
        tracks: Sequence[PersonTrack],
        folder: str,
        text: str | None = None,
        labels: Labels | None = None,
        vlm: Mapping[str, Any] | None = None,
        epochs: int | None = None,
        seed: int | None = None,
    ) -> list[TrackResult]:
        """Adapt to some tracks.

        Args:
            tracks: The tracks.
            folder: For logs.
            text: See :meth:`__call__`.
            labels: See :meth:`__call__`.
            vlm: See :meth:`__call__`.
            epochs: See :meth:`__call__`.
            seed: See :meth:`__call__`.
        """
        cfg = copy.deepcopy(self.cfg)  # a call changes only its own
        cfg.work_dir = folder
        cfg.train_cfg.labeler = labeler_config(
            text, labels, cfg.train_cfg.get('labeler'), vlm
        )
        if epochs is not None:
            cfg.train_cfg.max_epochs = epochs
        if seed is not None:
            cfg.train_cfg.seed = seed
        files = dict.fromkeys(('result', 'video', 'plots'))
        cfg.hooks = {**(cfg.get('hooks') or {}), **files}
        if not self.show_progress:
            cfg.hooks.progress = None
        collect = CollectResultsHook()
        runner = self._runner(cfg, tracks)
        runner.register_hook(collect)
        try:
            runner.train()
        finally:
            _close_log(runner)
        return collect.results

    def visualize(self, inputs: Any, preds: Any, **kwargs: Any) -> list[Any]:
        """Not used: results are drawn by hooks and commands."""
        return []

    def postprocess(
        self,
        preds: list[TrackResult],
        out_dir: str | PathLike[str] | None = None,
    ) -> list[TrackResult]:
        """Save results if a folder is given.

        Args:
            preds: Of :meth:`forward`.
            out_dir: Folder, or None.
        """
        if out_dir is not None:
            for result in preds:
                result.save(out_dir)
        return preds

    def _runner(
        self, cfg: Config, tracks: Sequence[PersonTrack]
    ) -> SemTTARunner:
        """A Runner of the existing adaptor, on tracks in memory."""
        loader = {**cfg.train_dataloader}
        options = {**loader.pop('dataset')}
        kind = options.pop('type', 'TrackDataset')
        if kind.rpartition('.')[2] != 'TrackDataset':
            fix = "use dict(type='TrackDataset', ...)"
            field = 'train_dataloader.dataset.type'
            raise InputError('config', field, f'is {kind}', fix)
        options = {k: v for k, v in options.items() if k != 'reader'}
        loader['dataset'] = TrackDataset(**options | {'tracks': tracks})
        return SemTTARunner(
            model=self.model,
            work_dir=cfg.work_dir,
            train_dataloader=loader,
            train_cfg=cfg.train_cfg,
            optim_wrapper=cfg.optim_wrapper,
            param_scheduler=cfg.get('param_scheduler'),
            default_hooks=cfg.get('default_hooks'),
            custom_hooks=cfg.get('custom_hooks'),
            env_cfg=cfg.get('env_cfg') or {},
            log_level='WARNING',
            randomness=cfg.get('randomness') or {},
            default_scope=cfg.get('default_scope', 'semtta_mm'),
            experiment_name=f'semtta_{uuid4().hex}',
            cfg=cfg,
        )

    def _init_model(
        self, cfg: Config, weights: str | None, device: str = 'cpu'
    ) -> BaseAdaptor:
        cfg.device = device
        return init_adaptor(cfg, weights, device)

    def _init_pipeline(self, cfg: Config) -> None:
        """Not used: :meth:`preprocess` gives tracks."""

    def _init_collate(self, cfg: Config) -> None:
        """Not used: the loop makes batches of windows."""

    def _init_visualizer(self, cfg: Config) -> None:
        """Not used, see :meth:`visualize`."""


def _close_log(runner: Runner) -> None:
    """Release the log file, whose folder is temporary."""
    for handler in runner.logger.handlers:
        if isinstance(handler, logging.FileHandler):
            handler.close()
