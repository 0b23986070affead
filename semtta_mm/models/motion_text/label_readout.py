"""Which label a motion has: a linear layer behind motion encoders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from ...utils import InputError
from .calibration import dictionary_digest, encoder_digest
from .dictionary import MotionDictionary

FIX = 'write it again with `semtta fit-labels`'

_BATCH = 64


@dataclass(frozen=True)
class LabelReadout:
    """Log-odds of labels, linear in the embedding of a window.

    It belongs to given encoders and one dictionary. Cosines of an embedding
    with the texts alone are worse: they differ by label, and motions lifted
    from keypoints are embedded elsewhere than true ones (docs/labels.md).

    Attributes:
        labels: The dictionary's labels, L of them.
        mean: Subtracted from an embedding ``[D]``.
        weight: ``[D, L]``.
        bias: ``[L]``.
        root: Global rotation that every frame gets ``[3, 3]``: the
            orientation to the camera says nothing about an action.
        encoder: Digests of the encoders, joined by ``+``.
        dictionary: Digest of the dictionary.
        source: File or name, for messages.
    """

    labels: tuple[str, ...]
    mean: Tensor = field(repr=False)
    weight: Tensor = field(repr=False)
    bias: Tensor = field(repr=False)
    root: Tensor = field(repr=False)
    encoder: str
    dictionary: str
    source: str = 'readout'

    def check(
        self,
        encoders: Sequence[nn.Module | None],
        words: MotionDictionary | None,
    ) -> tuple[tuple[nn.Module, ...], MotionDictionary]:
        """Refuse other encoders or another dictionary.

        Returns:
            Both.

        Raises:
            InputError: If one is another one, or absent.
        """
        models = tuple(model for model in encoders if model is not None)
        if words is None or not models or len(models) < len(encoders):
            problem = 'needs a motion-text model, and the method has none'
            fix = "use model.type='SemTTA' with a motion_text"
            raise InputError(self.source, 'encoder', problem, fix)
        for name, want, found in (
            ('encoder', self.encoder, encoders_digest(models)),
            ('dictionary', self.dictionary, dictionary_digest(words)),
        ):
            if want != found:
                problem = f'was made with {want[:12]}, not with {found[:12]}'
                raise InputError(self.source, name, problem, FIX)
        return models, words

    def logits(self, embedding: Tensor) -> Tensor:
        """Log-odds of windows ``[N, D]``: ``[N, L]``."""
        return (embedding - self.mean) @ self.weight + self.bias

    def confidence(self, embedding: Tensor) -> Tensor:
        """Confidence of each label by all windows together.

        Windows of a motion overlap and are no independent evidence, so
        their log-odds are averaged, not added.

        Args:
            embedding: Windows of one motion ``[N, D]``.

        Returns:
            ``[L]``; the sum is 1.
        """
        return self.logits(embedding).mean(dim=0).softmax(dim=0)


def encoders_digest(encoders: Sequence[nn.Module]) -> str:
    """Digests of several encoders, joined by ``+``."""
    return '+'.join(encoder_digest(encoder) for encoder in encoders)


@torch.no_grad()
def label_embedding(
    encoders: Sequence[nn.Module], pose: Tensor, valid: Tensor, root: Tensor
) -> Tensor:
    """Embeddings of windows with the same root in all frames.

    Args:
        encoders: Motion encoders.
        pose: Rotation matrices at 30 fps ``[N, T, 24, 3, 3]``.
        valid: Frames that exist ``[N, T]``, bool.
        root: ``[3, 3]``.

    Returns:
        Unit vectors of the encoders, side by side ``[N, D]``, on the CPU.
    """
    pose = pose.clone()
    pose[:, :, 0] = root
    columns = []
    for encoder in encoders:
        device = next(encoder.parameters()).device
        parts = zip(pose.split(_BATCH), valid.split(_BATCH), strict=True)
        found = [encoder(a.to(device), b.to(device)).cpu() for a, b in parts]
        columns.append(nn.functional.normalize(torch.cat(found), dim=-1))
    return torch.cat(columns, dim=-1)


def fit_readout(
    embedding: Tensor, label: Tensor, labels: int, decay: float
) -> tuple[Tensor, Tensor, Tensor]:
    """Multinomial logistic regression.

    Args:
        embedding: Unit vectors ``[N, D]``.
        label: ``[N]``.
        labels: L.
        decay: Weight of half the sum of squared weights beside the mean
            cross-entropy.

    Returns:
        ``mean``, ``weight`` and ``bias`` of :class:`LabelReadout`.
    """
    mean = embedding.mean(dim=0)
    centred = embedding - mean
    weight = torch.zeros(embedding.shape[1], labels, requires_grad=True)
    bias = torch.zeros(labels, requires_grad=True)
    solver = torch.optim.LBFGS(
        [weight, bias], max_iter=300, line_search_fn='strong_wolfe'
    )

    def closure() -> Tensor:
        solver.zero_grad()
        loss = nn.functional.cross_entropy(centred @ weight + bias, label)
        loss = loss + decay / 2 * weight.square().sum()
        loss.backward()
        return loss

    solver.step(closure)
    return mean, weight.detach(), bias.detach()
