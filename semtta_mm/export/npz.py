"""``result.npz`` itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..registry import FUNCTIONS
from ..utils.files import write_atomically
from .track import ExportTrack

FILE = 'result.npz'


@FUNCTIONS.register_module()
def write_npz(track: ExportTrack, folder: Path) -> Path:
    """Write ``result.npz`` with the arrays that were read, in any axes.

    Args:
        track: The person.
        folder: For the file.

    Returns:
        The file.
    """

    def save(draft: Path) -> None:
        with draft.open('wb') as file:
            np.savez_compressed(file, **track.result.arrays)

    write_atomically(folder / FILE, save)
    return folder / FILE
