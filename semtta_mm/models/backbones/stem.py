"""A convolutional start for a transformer: the front of a trained network."""

from __future__ import annotations

from torch import nn

from ...checkpoints.state_dict import load_state, without_prefix
from ...checkpoints.weights import read_weights
from ...compat.convolutions import fuse_frozen_norms, use_same_padding
from ...registry import MODELS

_PREFIX = 'backbone.'


def build_stem(config: dict, weights: str | None = None) -> nn.Module:
    """Build the front of a backbone, with the open estimator's padding.

    Args:
        config: Of a backbone in mmpose's way: names of its layers in
            ``layers``, maps of ``out_indices``. What comes behind the last
            map is left away.
        weights: Weights of a mesh estimator with this backbone: a shipped
            name or a file; None leaves the stem as built.

    Raises:
        InputError: If weights do not fit; names the entry.
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
        stem.is_init = True  # a Runner must not initialise it anew
    return stem
