"""Statistics of true motions in a motion-text space, by label.

A cosine has no meaning of its own: true motions of one label have 0.5, those
of another 0.8, and another encoder has another scale. A calibration states
what true motions have. It belongs to one encoder and one dictionary.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256

import torch
from torch import Tensor, nn

from ...utils import InputError
from .dictionary import MotionDictionary

FIX = 'write it again with `semtta calibrate-alignment`'


@dataclass(frozen=True)
class Calibration:
    """Statistics of windows of true motions, by label of a dictionary.

    Values of a label without motions are NaN.

    Attributes:
        labels: The dictionary's labels, L of them.
        windows: Number of windows ``[L]``.
        cosine: Median cosine with the own text ``[L]``.
        margin: Median lead of the own text over the best other one ``[L]``.
        accept_cosine: Cosine that best separates windows of the label from
            those of other labels ``[L]``.
        accept_margin: Likewise for the lead ``[L]``.
        up: Mean up direction in the body's frame ``[L, 3]``, unit.
        up_spread: RMS angle of the windows' up directions to it ``[L]``,
            degrees.
        encoder: Digest of the encoder, :func:`encoder_digest`.
        dictionary: Digest of the dictionary, :func:`dictionary_digest`.
        source: File or name, for messages.
    """

    labels: tuple[str, ...]
    windows: Tensor = field(repr=False)
    cosine: Tensor = field(repr=False)
    margin: Tensor = field(repr=False)
    accept_cosine: Tensor = field(repr=False)
    accept_margin: Tensor = field(repr=False)
    up: Tensor = field(repr=False)
    up_spread: Tensor = field(repr=False)
    encoder: str
    dictionary: str
    source: str = 'calibration'

    @property
    def known(self) -> Tensor:
        """Labels with motions ``[L]``, bool."""
        return self.windows > 0

    def check_dictionary(self, dictionary: MotionDictionary | None) -> None:
        """Refuse another dictionary.

        Raises:
            InputError: If it is another one, or there is none.
        """
        if dictionary is None:
            problem = 'needs a dictionary, and the method has none'
            fix = "use model.type='SemTTA' with a motion_text"
            raise InputError(self.source, 'dictionary', problem, fix)
        found = dictionary_digest(dictionary)
        if found != self.dictionary:
            problem = f'was made with {self.dictionary[:12]}, not with '
            raise InputError(
                self.source, 'dictionary', problem + found[:12], FIX
            )

    def check(
        self, encoder: nn.Module | None, dictionary: MotionDictionary | None
    ) -> None:
        """Refuse another encoder or dictionary.

        Raises:
            InputError: If one is another one, or absent.
        """
        self.check_dictionary(dictionary)
        if encoder is None:
            problem = 'needs a motion-text model, and the method has none'
            fix = "use model.type='SemTTA' with a motion_text"
            raise InputError(self.source, 'encoder', problem, fix)
        found = encoder_digest(encoder)
        if found != self.encoder:
            problem = f'was made with {self.encoder[:12]}, not with '
            raise InputError(self.source, 'encoder', problem + found[:12], FIX)


def encoder_digest(encoder: nn.Module) -> str:
    """Hash of an encoder's weights and their names, hexadecimal."""
    digest = sha256()
    for name, value in sorted(encoder.state_dict().items()):
        digest.update(f'{name} {tuple(value.shape)}'.encode())
        digest.update(value.detach().float().cpu().numpy().tobytes())
    return digest.hexdigest()


def dictionary_digest(dictionary: MotionDictionary) -> str:
    """Hash of a dictionary's labels, text vectors and exemplars' names."""
    rows = (dictionary.labels, dictionary.source, dictionary.length)
    digest = sha256(repr(rows).encode())
    digest.update(dictionary.embedding.float().cpu().numpy().tobytes())
    return digest.hexdigest()


def separating_threshold(true: Tensor, wrong: Tensor) -> float:
    """Value that best separates right from wrong (greatest Youden index).

    Args:
        true: Values of right samples ``[N]``, at least one.
        wrong: Values of wrong samples ``[M]``, at least one.

    Returns:
        The middle between two neighbouring values; right samples shall be
        above it. Of equally good ones the middle one.
    """
    values = torch.cat((true, wrong)).double()
    right = torch.cat((torch.ones_like(true), torch.zeros_like(wrong)))
    order = values.argsort()
    values, right = values[order], right[order].double()
    missed = right.cumsum(0) / len(true)
    refused = (1 - right).cumsum(0) / len(wrong)
    # Between equal values there is no threshold.
    apart = values[1:] > values[:-1]
    gain = (refused - missed)[:-1].masked_fill(~apart, -torch.inf)
    if not apart.any():
        return float(values[0])
    best = (gain >= gain.max() - 1e-9).nonzero()[:, 0]
    at = int(best[len(best) // 2])
    return float((values[at] + values[at + 1]) / 2)
