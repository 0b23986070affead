"""torchvision whose compiled operators do not fit the installed torch.

A CUDA build of torchvision beside a CPU build of torch cannot load its
operators, and ``import torchvision`` then fails while it registers them
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
    """Declare the operators that the import needs, without implementation.

    The declarations remain, as those of a fitting build do; calling
    ``torchvision.ops.nms`` still raises torchvision's own error. The cache
    keeps the library alive, because torch removes the declarations with it.
    """
    library = torch.library.Library('torchvision', 'FRAGMENT')
    for name in ('nms', 'qnms'):
        library.define(name + _BOXES)
    return library


def ensure_torchvision() -> bool:
    """Make ``import torchvision`` work; no effect if it works already.

    Returns:
        Whether torchvision is installed.

    Raises:
        RuntimeError: From torchvision, if its import fails for another
            reason.
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
