"""Curves of an adaptation as one picture for each track."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..utils import InputError
from ..utils.files import write_atomically

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PLOT_FILE = 'curves.png'

_ERRORS = {'mpjpe': 'MPJPE', 'pa_mpjpe': 'PA-MPJPE'}
_INCH = (5.0, 3.2)
"""Width and height of one diagram."""

Curve = tuple[list[int], list[float]]
"""Epochs and values."""


def plot_track(
    path: str | PathLike[str],
    epochs: Sequence[Mapping[str, Any]],
    before: Mapping[str, Any] | None = None,
    title: str = '',
) -> Path | None:
    """Draw losses, similarity, reprojection error and 3D errors by epoch.

    A diagram without a value is left out. Epoch 0 is the network before
    adaptation.

    Args:
        path: The PNG to write.
        epochs: ``epochs`` of ``metrics.json``: numbers of each epoch, and
            ``losses`` by name.
        before: Errors before adaptation, ``before`` of ``metrics.json``.
        title: Above the diagrams.

    Returns:
        The file written, or None if there is nothing to draw.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    diagrams = {
        'loss (mean of the epoch)': loss_curves(epochs),
        'similarity to the text': curves(epochs, {'similarity': ''}, None),
        'reprojection error, px': curves(epochs, {'reproj_px': ''}, before),
        '3D error, mm': curves(epochs, _ERRORS, before),
    }
    diagrams = {name: lines for name, lines in diagrams.items() if lines}
    if not diagrams:
        return None
    columns = min(2, len(diagrams))
    rows = -(-len(diagrams) // columns)
    size = (_INCH[0] * columns, _INCH[1] * rows + 0.3)
    figure = Figure(figsize=size, layout='constrained')
    FigureCanvasAgg(figure)
    axes = figure.subplots(rows, columns, squeeze=False).flat
    for axis, (name, lines) in zip(axes, diagrams.items(), strict=False):
        _draw(axis, name, lines, last=len(epochs))
    for axis in list(axes)[len(diagrams) :]:
        axis.set_axis_off()
    figure.suptitle(title)
    target = Path(path)
    write_atomically(target, lambda draft: figure.savefig(draft, format='png'))
    return target


def plot_work_dir(folder: str | PathLike[str]) -> list[Path]:
    """Draw the curves of all finished tracks of a work directory.

    Args:
        folder: With ``{track}/metrics.json``, as adaptation writes it; the
            pictures go beside these files.

    Returns:
        The files written.

    Raises:
        InputError: If no track has one, or one cannot be read.
    """
    found = sorted(Path(folder).glob('*/metrics.json'))
    if not found:
        fix = 'name the --work-dir of a finished adaptation'
        raise InputError(folder, 'metrics.json', 'no track has one', fix)
    written = []
    for path in found:
        values = _read(path)
        picture = plot_track(
            path.with_name(PLOT_FILE),
            values['epochs'],
            values.get('before'),
            values.get('name', path.parent.name),
        )
        written += [picture] if picture else []
    return written


def curves(
    epochs: Sequence[Mapping[str, Any]],
    labels: Mapping[str, str],
    before: Mapping[str, Any] | None,
) -> dict[str, Curve]:
    """Values of each epoch that has one, from 1; epoch 0 is before.

    Args:
        epochs: Numbers of each epoch.
        labels: Key in ``epochs`` to the name of its curve.
        before: Values of epoch 0.

    Returns:
        Name to curve; names without a value are left out.
    """
    found = {}
    rows = [before or {}, *epochs]
    for key, name in labels.items():
        known = [
            (i, float(row[key]))
            for i, row in enumerate(rows)
            if row.get(key) is not None
        ]
        if known:
            found[name] = ([i for i, _ in known], [y for _, y in known])
    return found


def loss_curves(epochs: Sequence[Mapping[str, Any]]) -> dict[str, Curve]:
    """Curves of the losses by name; those that are always 0 are left out."""
    rows = [row.get('losses') or {} for row in epochs]
    names = list(dict.fromkeys(name for row in rows for name in row))
    found = curves(rows, {name: name for name in names}, None)
    return {name: line for name, line in found.items() if any(line[1])}


def _draw(axis: Axes, name: str, lines: dict[str, Curve], last: int) -> None:
    """Draw a diagram; losses of very different size get a logarithm."""
    from matplotlib.ticker import MaxNLocator

    for label, (x, y) in lines.items():
        axis.plot(x, y, marker='o', markersize=3, label=label or None)
    values = [value for _, y in lines.values() for value in y]
    if len(lines) > 1 and min(values) > 0 and max(values) > 30 * min(values):
        axis.set_yscale('log')
    axis.set_title(name, fontsize=10)
    axis.set_xlabel('epoch')
    axis.set_xlim(-0.3, last + 0.3)
    axis.xaxis.set_major_locator(MaxNLocator(integer=True))
    axis.grid(alpha=0.3)
    if any(lines):
        axis.legend(fontsize=8, framealpha=0.6)


def _read(path: Path) -> dict[str, Any]:
    fix = 'adapt to this track again'
    try:
        values = json.loads(path.read_text('utf-8'))
    except (OSError, ValueError) as error:
        raise InputError(path, 'file', 'cannot be read', fix) from error
    if not isinstance(values, dict) or 'epochs' not in values:
        raise InputError(path, 'epochs', 'is absent', fix)
    return values
