"""A small calibration for tests."""

import torch

from semtta_mm.models.motion_text.calibration import (
    Calibration,
    dictionary_digest,
    encoder_digest,
)


def make_calibration(model, words, **changes):
    """Equal values for all labels but those of ``changes``."""
    count = len(words)
    values = {
        'windows': torch.full((count,), 3),
        'cosine': torch.full((count,), 0.7),
        'margin': torch.full((count,), 0.2),
        'accept_cosine': torch.full((count,), 0.4),
        'accept_margin': torch.full((count,), 0.0),
        'up': torch.tensor([[0.0, 1, 0]]).repeat(count, 1),
        'up_spread': torch.full((count,), 14.0),
    }
    return Calibration(
        labels=words.labels,
        encoder=encoder_digest(model),
        dictionary=dictionary_digest(words),
        **values | changes,
    )
