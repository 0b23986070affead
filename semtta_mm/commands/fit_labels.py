"""``semtta fit-labels``: the readout that MotionLabelHook labels with."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor, nn

from ..checkpoints.weights import load_weights
from ..evaluation.functional.ranks import right_rank
from ..models.bodies import SMPLBody
from ..models.lifters import TextLifter
from ..models.motion_text import MotionDictionary, read_dictionary
from ..models.motion_text.calibration import dictionary_digest
from ..models.motion_text.label_readout import (
    LabelReadout,
    encoders_digest,
    fit_readout,
    label_embedding,
)
from ..models.motion_text.label_readout_file import write_readout
from ..models.trainers.lifting.scene import film
from ..setup_env import register_all_modules
from ..training_data import ActionWindowDataset
from ..utils.command import one_line_errors
from ..utils.console import make_console
from .motion_text_model import read_motion_text
from .options import add_cfg_options

_UPRIGHT = 'stand'
"""Label whose exemplar gives the root of all windows."""

_BATCH = 200


class LiftedWindows(NamedTuple):
    """Embeddings of motions that were filmed and lifted without a text.

    Attributes:
        embedding: Unit vectors ``[N, D]``.
        label: Rows of the dictionary ``[N]``.
    """

    embedding: Tensor
    label: Tensor


def build_parser() -> argparse.ArgumentParser:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(
        prog='semtta fit-labels',
        description='Fit the linear layer that names the action of a lifted '
        'motion, behind motion-text models. Motions are filmed by random '
        'cameras and lifted without a text, as at test time.',
    )
    add = parser.add_argument
    add('config', type=Path, help='with `motion_text`')
    add('motions', type=Path, help='npz of `semtta make-motions`')
    add('--weights', help='checkpoint; default: that of the config')
    add('--second', type=Path, help='config of a further encoder')
    add('--dictionary', default='open', help='npz, default: the open one')
    add('--lifter', default='lifter_open', help='weights of TextLifter')
    add('--windows', type=int, default=3400, help='to fit on')
    add('--decay', type=float, default=2e-4, help='of the weights')
    add('--check', type=Path, help='npz of other motions, only reported')
    add('--check-windows', type=int, default=800)
    add('--out', type=Path, required=True, help='npz to write')
    add_cfg_options(parser)
    return parser


def lifted_windows(
    motions: Path,
    count: int,
    encoders: Sequence[nn.Module],
    lifter: TextLifter,
    root: Tensor,
    seed: int,
) -> LiftedWindows:
    """Film, lift and embed windows of all labels in turn.

    Args:
        motions: Of ``semtta make-motions``.
        count: Windows.
        encoders: The frozen motion encoders.
        lifter: In eval mode.
        root: Global rotation of every frame ``[3, 3]``.
        seed: Of windows and cameras.
    """
    torch.manual_seed(seed)
    data = ActionWindowDataset(
        motions, windows=count, cut=0.1, known_only=True
    )
    body, parts = SMPLBody(), []
    for pose, mask, label in _batches(data):
        evidence = film(body, pose, mask, 0.0, 0.5).evidence
        text = lifter.no_text.expand(len(label), -1)
        with torch.no_grad():
            none = torch.zeros(len(label), dtype=torch.bool)
            lifted = lifter(evidence, text, none).pose
        parts.append((label_embedding(encoders, lifted, mask, root), label))
    embedding, labels = (torch.cat(x) for x in zip(*parts, strict=True))
    return LiftedWindows(embedding, labels)


def _batches(
    data: ActionWindowDataset,
) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
    for first in range(0, len(data), _BATCH):
        last = min(first + _BATCH, len(data))
        items = [data[i] for i in range(first, last)]
        pose, mask, label = (
            torch.stack([item[key] for item in items])
            for key in ('pose', 'mask', 'label')
        )
        yield pose, mask, label


def fit(
    windows: LiftedWindows,
    encoders: Sequence[nn.Module],
    words: MotionDictionary,
    root: Tensor,
    decay: float,
) -> LabelReadout:
    """Fit the readout.

    Args:
        windows: To fit on.
        encoders: Of the windows.
        words: The dictionary.
        root: Of the windows.
        decay: See :func:`.fit_readout`.
    """
    mean, weight, bias = fit_readout(*windows, len(words), decay)
    return LabelReadout(
        labels=words.labels,
        mean=mean,
        weight=weight,
        bias=bias,
        root=root,
        encoder=encoders_digest(encoders),
        dictionary=dictionary_digest(words),
    )


def accuracy(readout: LabelReadout, windows: LiftedWindows) -> tuple[str, str]:
    """Shares of windows whose label is the first, and among three."""
    rank = right_rank(readout.logits(windows.embedding), windows.label)
    first, third = ((rank < k).float().mean() for k in (1, 3))
    return f'{100 * first:.1f}', f'{100 * third:.1f}'


@one_line_errors
def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; see :func:`.one_line_errors`."""
    args = build_parser().parse_args(argv)
    register_all_modules()
    model, _ = read_motion_text(args.config, args.cfg_options, args.weights)
    encoders: list[nn.Module] = [model]
    if args.second is not None:
        encoders.append(read_motion_text(args.second, None, None)[0])
    words = read_dictionary(args.dictionary)
    root = words.root[words.index(_UPRIGHT), 0]
    lifter = TextLifter()
    load_weights(lifter, args.lifter)
    lifter.eval()
    windows = lifted_windows(
        args.motions, args.windows, encoders, lifter, root, seed=1
    )
    readout = fit(windows, encoders, words, root, args.decay)
    made_from = (
        f'semtta fit-labels {args.config.name} {args.motions.name}'
        f'{f" --second {args.second.name}" if args.second else ""} '
        f'--lifter {args.lifter} --windows {args.windows} '
        f'--decay {args.decay:g}'
    )
    write_readout(args.out, readout, made_from)
    console = make_console()
    console.print(f'fitted: top 1, 3: {accuracy(readout, windows)} %')
    if args.check is not None:
        held_out = lifted_windows(
            args.check, args.check_windows, encoders, lifter, root, seed=0
        )
        shares = accuracy(readout, held_out)
        console.print(f'{args.check}: top 1, 3: {shares} %')
    console.print(f'written: {args.out}')
    return 0
