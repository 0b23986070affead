"""torchvision whose compiled operators do not fit the torch at hand.

A CUDA build of torchvision beside a CPU build of torch cannot load its
operators, and ``import torchvision`` then dies while it describes them
(``operator torchvision::nms does not exist``). mmengine imports torchvision
in every Runner (``collect_env``), mmpose for one drawing function; neither
uses the operators.
"""

import re
from functools import cache
from importlib import import_module

import torch

from .temporary import is_installed

_SYMPTOM = re.compile(r'operator torchvision::\w+ does not exist')
_BOXES = '(Tensor dets, Tensor scores, float iou_threshold) -> Tensor'


@cache
def _declare_operators() -> torch.library.Library:
    """Declare, without an implementation, what the import describes.

    The declarations stay, as those of a fitting build would; calling
    ``torchvision.ops.nms`` still raises torchvision's own explanation. The
    cache keeps the library alive: torch drops the declarations with it.
    """
    library = torch.library.Library('torchvision', 'FRAGMENT')
    for name in ('nms', 'qnms'):
        library.define(name + _BOXES)
    return library


def ensure_torchvision() -> bool:
    """Make ``import torchvision`` work; no effect where it does already.

    Returns:
        Whether torchvision is installed.

    Raises:
        RuntimeError: torchvision's own, if its import fails otherwise.
    """
    if not is_installed('torchvision'):
        return False
    try:
        import_module('torchvision')
    except RuntimeError as error:
        if not _SYMPTOM.search(str(error)):
            raise
        _declare_operators()
        import_module('torchvision')
    return True
