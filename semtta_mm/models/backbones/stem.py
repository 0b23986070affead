"""Convolutional stem of a transformer: first layers of a backbone."""

from __future__ import annotations

from torch import nn

from ...checkpoints.state_dict import load_state, without_prefix
from ...checkpoints.weights import read_weights
from ...compat.convolutions import fuse_frozen_norms, use_same_padding
from ...registry import MODELS

_PREFIX = 'backbone.'


def build_stem(config: dict, weights: str | None = None) -> nn.Module:
    """Build the first layers of a backbone, with TensorFlow's padding.

    Args:
        config: Config of a backbone with mmpose's interface: names of its
            layers in ``layers``, outputs in ``out_indices``. Layers after
            the last output are removed.
        weights: Weights of a mesh estimator with this backbone: a shipped
            name or a file; None loads nothing.

    Raises:
        InputError: If weights do not fit; gives the entry.
    """
    stem = MODELS.build(config)
    for name in stem.layers[max(stem.out_indices) + 1 :]:
        delattr(stem, name)
    stem.layers = stem.layers[: max(stem.out_indices) + 1]
    fuse_frozen_norms(stem)
    use_same_padding(stem)
    if weights is not None:
        state = without_prefix(read_weights(weights), _PREFIX)
        fix = 'give weights of a mesh estimator with this backbone'
        load_state(stem, state, weights, 'stem_weights', fix, strict=False)
        stem.is_init = True  # a Runner must not initialise it again
    return stem
