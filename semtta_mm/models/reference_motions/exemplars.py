"""Reference motions from the exemplars of a motion dictionary."""

from __future__ import annotations

from torch import Tensor

from ...registry import MODELS
from ...utils.required_files import RequiredFile, path_exists
from ..motion_text import normalise, read_dictionary
from .base import ReferenceMotions


@MODELS.register_module()
class ExemplarMotions(ReferenceMotions):
    """The exemplar of each label, one recorded motion of 2 s.

    Args:
        dictionary: ``'open'``, which ships, or the path of a dictionary.
    """

    required_files = (
        RequiredFile(
            'dictionary',
            'motion dictionary',
            'semtta build-dictionary; open is in the package',
            lambda value, _: value == 'open' or path_exists(value),
        ),
    )

    def __init__(self, dictionary: str = 'open') -> None:
        self.dictionary = read_dictionary(dictionary)

    def motions(self, label: str) -> tuple[Tensor, ...]:
        """See :meth:`ReferenceMotions.motions`.

        The frames that hold the last one of a short exemplar are left out.
        """
        labels, wanted = self.dictionary.labels, normalise(label)
        if wanted not in labels:
            return ()
        row = labels.index(wanted)
        length = max(1, self.dictionary.length[row])
        return (self.dictionary.pose[row, :length],)
