"""Semantics-aware test-time adaptation (Eq. 10)."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from typing import Any

from torch import Tensor, nn

from ...registry import MODELS
from ...utils.required_files import RequiredFile
from ..motion_text import read_dictionary_for
from .alignment import session_cosines, text_cosines, text_similarity
from .base import BaseAdaptor
from .parts import dictionary_file

_OLD_LOSSES = {
    'keypoint_loss': 'keypoints',
    'smooth_loss': 'smooth',
    'align_loss': 'align',
}
"""Arguments of version 0.1 to names in ``losses``."""


@MODELS.register_module()
class SemTTA(BaseAdaptor):
    """The paper's method: text guides the adaptation.

    Adds a frozen motion-text model to :class:`BaseAdaptor`, which
    ``MotionTextAlignLoss`` (Eq. 4), the fill-in (Eq. 6) and the sampling of
    windows use.

    Args:
        estimator: See :class:`BaseAdaptor`.
        body: See :class:`BaseAdaptor`.
        motion_text: Config of the motion-text model; None aligns nothing.
        dictionary: ``'open'`` or the path of a dictionary.
        losses: See :class:`BaseAdaptor`; the paper's are ``keypoints``
            (Eq. 5), ``align`` (Eq. 4) and ``smooth`` (Eq. 9).
        **kwargs: See :class:`BaseAdaptor`. ``keypoint_loss``,
            ``align_loss``, ``smooth_loss`` and ``prior_losses`` are old
            names of entries of ``losses``.
    """

    @classmethod
    def required_files(
        cls, config: Mapping[str, Any]
    ) -> tuple[RequiredFile, ...]:
        """See :meth:`BaseAdaptor.required_files`."""
        return (*super().required_files(config), dictionary_file())

    def __init__(
        self,
        estimator: dict[str, Any],
        body: dict[str, Any],
        motion_text: dict[str, Any] | None = None,
        dictionary: str = 'open',
        losses: Mapping[str, dict[str, Any] | None] | None = None,
        **kwargs: Any,
    ) -> None:
        losses = with_old_names(losses or {}, kwargs)
        super().__init__(estimator, body, losses=losses, **kwargs)
        # A tuple keeps it out of the module's state.
        self._motion_text: tuple[nn.Module, ...] = ()
        if motion_text is not None:
            model = MODELS.build(motion_text)
            self._motion_text = (model,)
            self.dictionary = read_dictionary_for(model, dictionary)

    @property
    def motion_text(self) -> nn.Module | None:
        """The frozen motion-text model."""
        return self._motion_text[0] if self._motion_text else None

    def frozen_modules(self) -> Iterable[nn.Module]:
        """See :meth:`BaseAdaptor.frozen_modules`."""
        return (*super().frozen_modules(), *self._motion_text)

    def similarity(
        self, motion: Tensor, valid: Tensor, label: Tensor
    ) -> Tensor:
        """See :meth:`BaseAdaptor.similarity`."""
        if self.motion_text is None or self.dictionary is None:
            return super().similarity(motion, valid, label)
        rate = self.session.frames.track.rate
        return text_similarity(
            self.motion_text, self.dictionary, motion, valid, label, rate
        )

    def cosines(self, motion: Tensor, valid: Tensor, label: Tensor) -> Tensor:
        """See :meth:`BaseAdaptor.cosines`."""
        if self.motion_text is None or self.dictionary is None:
            return super().cosines(motion, valid, label)
        rate = self.session.frames.track.rate
        return text_cosines(
            self.motion_text, self.dictionary, motion, valid, label, rate
        )

    def session_cosines(self, pose: Tensor) -> Tensor | None:
        """See :meth:`BaseAdaptor.session_cosines`."""
        if self.motion_text is None or self.dictionary is None:
            return None
        return session_cosines(
            self.session,
            self.motion_text,
            self.dictionary,
            pose.to(self.device),
        )


def with_old_names(
    losses: Mapping[str, dict[str, Any] | None], options: dict[str, Any]
) -> dict[str, dict[str, Any] | None]:
    """Losses with the options of version 0.1 merged in.

    Args:
        losses: Of the config.
        options: Further arguments; old names are removed from them.

    Returns:
        New losses. An old option without a type changes the existing entry,
        as ``--cfg-options model.keypoint_loss.tolerance=8`` does.
    """
    merged = dict(losses)
    for old, name, config in _old_options(options):
        warnings.warn(
            f'{old} is deprecated: write losses=dict({name}=dict(...))',
            FutureWarning,
            stacklevel=3,
        )
        if config is not None and 'type' not in config:
            config = {**(merged.get(name) or {}), **config}
        merged[name] = config
    return merged


def _old_options(
    options: dict[str, Any],
) -> list[tuple[str, str, dict[str, Any] | None]]:
    """Old name, name in ``losses`` and config; removed from the options."""
    found = [
        (old, name, options.pop(old))
        for old, name in _OLD_LOSSES.items()
        if old in options
    ]
    priors = (options.pop('prior_losses', None) or {}).items()
    found += [
        (f'prior_losses.{name}', f'prior_{name}', config)
        for name, config in priors
    ]
    return found
